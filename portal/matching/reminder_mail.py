"""Reminders to rank, one function a message. Each goes out once however often it is asked for."""

from __future__ import annotations

from portal.accounts.models import Organisation, Person
from portal.accounts.queries import hosts_of, recipient_for
from portal.core.db import db
from portal.core.i18n import _l
from portal.core.links import absolute_url
from portal.internships.models import InternshipRound
from portal.internships.queries.rounds import places_of
from portal.notifications.services import send_mail


def remind_student(season: InternshipRound, student_id: int, days: int) -> None:
    """Interest is shown, no list is saved."""
    student = db.session.get_one(Person, student_id)
    if student.is_disabled:
        return
    send_mail(
        event="matching/rank_student",
        to=recipient_for(student),
        context={"season": season},
        button=(_l("Rank postings"), absolute_url("matching.show_list", round_id=season.id)),
        key=f"round:{season.id}:rank:{days}:{student_id}",
    )


def remind_company(season: InternshipRound, organisation_id: int, days: int) -> None:
    """There are applicants, no ranking is saved; to the mentors and administrators."""
    company, host = db.session.get_one(Organisation, organisation_id), places_of(season.id, organisation_id)
    if host is not None and host.places == 0:
        return
    link = absolute_url("matching.show_ranking", round_id=season.id, organisation_id=organisation_id)
    for person in hosts_of(company):
        send_mail(
            event="matching/rank_company",
            to=recipient_for(person, company),
            context={"season": season},
            button=(_l("Rank the applicants"), link),
            key=f"round:{season.id}:rank:{days}:{organisation_id}:{person.id}",
        )
