"""Mails of matching, one function a message. Each goes out once however often it is asked for."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import select

from portal.accounts.models import Organisation, Person
from portal.accounts.queries import hosts_of, recipient_for
from portal.careers.queries.supervision import recipient_of, supervision_of
from portal.core.db import db
from portal.core.i18n import _l
from portal.core.links import absolute_url
from portal.domain.internships.posting_flow import PostingState
from portal.internships.models import InternshipPosting, InternshipRound
from portal.matching.enums import Missing
from portal.matching.models import MatchAbsence, MatchOutcome
from portal.matching.queries.results import interns
from portal.matching.reasons import MISSING
from portal.notifications.services import send_mail


def tell_student(outcome: MatchOutcome) -> None:
    """The result, with the way to its explanation; and to the supervisor where the student goes."""
    season = db.session.get_one(InternshipRound, outcome.round_id)
    student = db.session.get_one(Person, outcome.student_id)
    posting = db.session.get(InternshipPosting, outcome.posting_id) if outcome.posting_id else None
    company = db.session.get_one(Organisation, posting.organisation_id) if posting else None
    said = {"season": season, "posting": posting, "company": company, "student": student}
    send_mail(
        event="matching/result_student",
        to=recipient_for(student),
        context=said,
        button=(_l("See the result and why"), absolute_url("matching.show_result", round_id=season.id)),
        key=f"round:{season.id}:result:{student.id}",
    )
    guide = supervision_of(student.id)
    if guide is not None:
        send_mail(
            event="matching/result_supervisor",
            to=recipient_of(guide),
            context=said,
            key=f"round:{season.id}:result:{student.id}:supervisor",
        )


def tell_absent(absence: MatchAbsence) -> None:
    """To a student who took no part: which condition was missing. Whose account is closed is not written to."""
    season = db.session.get_one(InternshipRound, absence.round_id)
    student = db.session.get_one(Person, absence.student_id)
    if student.is_disabled:
        return
    page = absolute_url("matching.show_result", round_id=season.id)
    send_mail(
        event="matching/result_absent",
        to=recipient_for(student),
        context={"season": season, "why": MISSING[absence.missing]},
        button=None if absence.missing is Missing.STUDENT else (_l("See the result and why"), page),
        key=f"round:{season.id}:result:{student.id}",
    )


def companies_of(round_id: int) -> Sequence[int]:
    """Companies with postings that students saw."""
    postings = InternshipPosting.__table__.c
    open_ones = (postings.round_id == round_id, postings.state == PostingState.PUBLISHED)
    return db.session.scalars(select(postings.organisation_id).where(*open_ones).distinct()).all()


def tell_company(round_id: int, organisation_id: int) -> None:
    """To the mentors: who comes, or that nobody does."""
    season, company = (
        db.session.get_one(InternshipRound, round_id),
        db.session.get_one(Organisation, organisation_id),
    )
    for person in hosts_of(company):
        rows = interns(round_id, organisation_id, person.language or "ja")
        send_mail(
            event="matching/result_company",
            to=recipient_for(person, company),
            context={"season": season, "interns": [(row[1], row[2]) for row in rows]},
            button=(
                _l("See who comes"),
                absolute_url("matching.show_interns", round_id=round_id, organisation_id=organisation_id),
            ),
            key=f"round:{round_id}:result:{organisation_id}:{person.id}",
        )
