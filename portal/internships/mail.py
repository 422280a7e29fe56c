"""Mails of internships, one function a message. Each goes out once however often it is asked for."""

from __future__ import annotations

from datetime import date

from portal.accounts.enums import Role
from portal.accounts.models import Organisation, Person
from portal.accounts.queries import hosts_of, recipient_for, staff_with
from portal.core.db import db
from portal.core.i18n import _l
from portal.core.links import absolute_url
from portal.domain.internships.posting_flow import PostingState
from portal.internships.models import InternshipPosting, InternshipRound
from portal.notifications.services import send_mail


def tell_office(posting: InternshipPosting) -> None:
    """To career support: a posting waits to be reviewed, or one that students follow was withdrawn."""
    company = db.session.get_one(Organisation, posting.organisation_id)
    link = absolute_url("internships_staff.show_posting", posting_id=posting.id)
    is_new = posting.state is PostingState.SUBMITTED
    label = _l("Review the posting") if is_new else _l("See the posting")
    for person in staff_with(Role.CAREER_SUPPORT):
        send_mail(
            event="internships/posting_office",
            to=recipient_for(person),
            context={"posting": posting, "company": company, "state": posting.state.value},
            button=(label, link),
            key=f"posting:{posting.id}:{posting.version}:office:{person.id}",
        )


def tell_company(posting: InternshipPosting) -> None:
    """To whoever wrote it and the mentors: published, returned with a remark, or closed by the calendar."""
    company = db.session.get_one(Organisation, posting.organisation_id)
    writer = db.session.get_one(Person, posting.created_by_id)
    told = {person.id: person for person in hosts_of(company)}
    readers = [told[writer.id]] if writer.id in told else list(told.values())
    label = _l("Correct the posting") if posting.state is PostingState.RETURNED else _l("See the posting")
    for person in readers:
        send_mail(
            event="internships/posting",
            to=recipient_for(person, company),
            context={"posting": posting, "state": posting.state.value},
            button=(label, absolute_url("internships.show_posting", posting_id=posting.id)),
            key=f"posting:{posting.id}:{posting.version}:{person.id}",
        )


def tell_cancelled(season: InternshipRound, organisation_id: int, reason: str) -> None:
    """To a company's mentors: the round is called off."""
    company = db.session.get_one(Organisation, organisation_id)
    for person in hosts_of(company):
        send_mail(
            event="internships/round_cancelled",
            to=recipient_for(person, company),
            context={"season": season, "reason": reason},
            button=(_l("See the rounds"), absolute_url("internships.list_rounds")),
            key=f"round:{season.id}:cancelled:{organisation_id}:{person.id}",
        )


def tell_applicants(
    season: InternshipRound, organisation_id: int, *, shown: int, withdrawn: int, day: date
) -> None:
    """To a company's mentors, once a day: how many students came, how many went. Names stand behind the sign-in alone."""
    company = db.session.get_one(Organisation, organisation_id)
    link = absolute_url("internships.list_applicants", round_id=season.id, organisation_id=organisation_id)
    for person in hosts_of(company):
        send_mail(
            event="internships/applicants",
            to=recipient_for(person, company),
            context={"season": season, "shown": shown, "withdrawn": withdrawn},
            button=(_l("See the applicants"), link),
            key=f"interest:{season.id}:{organisation_id}:{day}:{person.id}",
        )
