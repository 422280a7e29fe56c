"""Mails of offers: to the student when one is made or taken back, to the company when it is answered or has expired."""

from __future__ import annotations

from portal.accounts.models import Organisation, Person
from portal.accounts.queries import hosts_of, recipient_for
from portal.core.db import db
from portal.core.i18n import _l
from portal.core.links import absolute_url
from portal.domain.internships.timetable import CHANGING, Stage
from portal.internships.models import InternshipPosting, InternshipRound
from portal.matching.models import RollingOffer
from portal.matching.queries.places import follower_of
from portal.notifications.services import send_mail


def tell_student(offer: RollingOffer) -> None:
    """A place is offered, until when; or no longer."""
    send_mail(
        event="matching/offer_student",
        to=recipient_for(db.session.get_one(Person, offer.student_id)),
        context=_said(offer),
        button=(_l("See the offered place"), absolute_url("matching.list_offers")),
        key=f"offer:{offer.id}:{offer.state.value}",
    )


def tell_company(offer: RollingOffer) -> None:
    """To the mentors: taken, declined or expired, and what can be done with a place that is free again."""
    company = db.session.get_one(Organisation, offer.organisation_id)
    address = absolute_url(
        "matching.list_company_offers", round_id=offer.round_id, organisation_id=offer.organisation_id
    )
    for person in hosts_of(company):
        send_mail(
            event="matching/offer_company",
            to=recipient_for(person, company),
            context=_said(offer) | {"next": _next_for(offer)},
            button=(_l("See the offers"), address),
            key=f"offer:{offer.id}:{offer.state.value}:{person.id}",
        )


def _next_for(offer: RollingOffer) -> str:
    """Where a place that is free again can go: to another student by an "offer", into the round that "follows", or nowhere."""
    season, after = db.session.get_one(InternshipRound, offer.round_id), follower_of(offer.round_id)
    if after is None:
        return "offer" if season.stage is Stage.PUBLISHED else ""
    return "follow" if db.session.get_one(InternshipRound, after).stage in CHANGING else ""


def _said(offer: RollingOffer) -> dict[str, object]:
    return {
        "offer": offer, "state": offer.state.value, "posting": db.session.get_one(InternshipPosting, offer.posting_id),
        "company": db.session.get_one(Organisation, offer.organisation_id), "student": db.session.get_one(Person, offer.student_id),
    }  # fmt: skip
