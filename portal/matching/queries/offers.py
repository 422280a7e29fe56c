"""Offers of open places, each for those whom it concerns."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, func, select

from portal.accounts.enums import Role
from portal.accounts.models import Organisation, Person
from portal.accounts.queries import name_column
from portal.core import clock
from portal.core.access import Actor
from portal.core.db import db
from portal.core.errors import NotFound
from portal.internships.models import InternshipPosting
from portal.internships.policy import hosting_organisations
from portal.internships.queries.postings import title_column
from portal.matching.enums import OfferState
from portal.matching.models import RollingOffer

MOST = 200


def offer_for_student(person: Actor, offer_id: int) -> RollingOffer:
    """The student's own; raises NotFound."""
    return _one(offer_id, RollingOffer.student_id == person.id)


def offer_for_company(person: Actor, offer_id: int) -> RollingOffer:
    """An offer of a company for which the person offers internships; raises NotFound."""
    return _one(offer_id, RollingOffer.organisation_id.in_(hosting_organisations(person)))


def offers_to(person: Actor, language: str) -> list[Any]:
    """A student's offers, the newest first: offer, title of the posting, company, student. Raises NotFound."""
    if not person.has(Role.STUDENT):
        raise NotFound
    return _rows(language, RollingOffer.student_id == person.id)


def postings_of_offers(rows: list[Any]) -> list[InternshipPosting]:
    """The postings of such rows, in one statement."""
    wanted = select(InternshipPosting).where(InternshipPosting.id.in_({row[0].posting_id for row in rows}))
    return list(db.session.scalars(wanted)) if rows else []


def offers_by(round_id: int, organisation_id: int, language: str) -> list[Any]:
    """A company's offers in a round: offer, title, company, student."""
    return _rows(language, RollingOffer.round_id == round_id, RollingOffer.organisation_id == organisation_id)


def offers_in(round_id: int, language: str) -> list[Any]:
    """All offers of a round, for the office."""
    return _rows(language, RollingOffer.round_id == round_id)


def held_in(round_id: int) -> tuple[int, datetime | None]:
    """How many places are held by offers that wait for an answer, and until when the last of them stands; one statement."""
    offers = RollingOffer.__table__.c
    waiting = (offers.round_id == round_id, offers.state == OfferState.OPEN, offers.expires_at > clock.now())
    count, last = db.session.execute(select(func.count(), func.max(offers.expires_at)).where(*waiting)).one()
    return count, last


def _rows(language: str, *conditions: ColumnElement[bool]) -> list[Any]:
    wanted = (
        select(RollingOffer, title_column(language), name_column(language), Person.name)
        .join(InternshipPosting, InternshipPosting.id == RollingOffer.posting_id)
        .join(Organisation, Organisation.id == RollingOffer.organisation_id)
        .join(Person, Person.id == RollingOffer.student_id)
        .where(*conditions)
    )
    return list(db.session.execute(wanted.order_by(RollingOffer.id.desc()).limit(MOST)).all())


def _one(offer_id: int, whose: ColumnElement[bool]) -> RollingOffer:
    found = db.session.scalars(select(RollingOffer).where(RollingOffer.id == offer_id, whose)).one_or_none()
    if found is None:
        raise NotFound
    return found
