"""Mails around a supervisor's approval, one function a message."""

from __future__ import annotations

from datetime import date

from portal.accounts.enums import Role
from portal.accounts.models import Person
from portal.accounts.queries import recipient_for, staff_with
from portal.careers.models import Supervision
from portal.careers.queries.supervision import recipient_of
from portal.core import clock
from portal.core.db import db
from portal.core.i18n import _l
from portal.core.links import absolute_url
from portal.internships.models import ApprovalLink, InternshipRound
from portal.notifications.services import send_mail


def ask(
    supervision: Supervision, link: ApprovalLink, student: Person, season: InternshipRound, *, count: int, is_last_call: bool
) -> None:  # fmt: skip
    """To the supervisor, with the link that decides without an account."""
    send_mail(
        event="internships/approval_asked",
        to=recipient_of(supervision),
        context={"student": student, "season": season, "count": count, "is_last_call": is_last_call},
        button=(
            _l("See the postings and decide"),
            absolute_url("internships.open_approvals", token=link.secret),
        ),
        key=f"approval:{link.id}:{clock.today()}",
        is_secret=True,
    )


def tell_unsupervised(student: Person, season: InternshipRound) -> None:
    """To a student, once a round: nobody can approve as long as no supervisor is named."""
    send_mail(
        event="internships/unsupervised",
        to=recipient_for(student),
        context={"season": season},
        button=(_l("See my interests"), absolute_url("internships.list_interests")),
        key=f"approval:{season.id}:unsupervised:{student.id}",
    )


def tell_decisions(
    student: Person, season: InternshipRound, *, approved: int, vetoed: int, day: date
) -> None:
    """To a student, once a day: the supervisor has decided."""
    send_mail(
        event="internships/decisions",
        to=recipient_for(student),
        context={"season": season, "approved": approved, "vetoed": vetoed},
        button=(_l("See my interests"), absolute_url("internships.list_interests")),
        key=f"approval:{season.id}:decided:{student.id}:{day}",
    )


def tell_change(made: Supervision, former: Supervision) -> None:
    """To the former supervisor and the office: a student names somebody else while a round runs."""
    context = {"student": db.session.get_one(Person, made.student_id), "made": made, "former": former}
    for reader in (recipient_of(former), *map(recipient_for, staff_with(Role.CAREER_SUPPORT))):
        key = f"supervision:{made.id}:changed:{reader.email}"
        said = context | {"is_office": reader.email != former.email}
        send_mail(event="internships/supervisor_changed", to=reader, context=said, key=key)
