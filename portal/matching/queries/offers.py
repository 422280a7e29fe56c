"""Offers of open places, each for those whom it concerns."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from sqlalchemy import ColumnElement, select

from portal.accounts.enums import Role
from portal.accounts.models import Organisation, Person
from portal.accounts.queries import name_column
from portal.core.access import Actor
from portal.core.db import db
from portal.core.errors import NotFound
from portal.domain.internships.posting_flow import PostingState
from portal.internships.models import InternshipPosting
from portal.internships.policy import hosting_organisations
from portal.internships.queries.interests import applicants_of, approved_pairs
from portal.internships.queries.postings import title_column
from portal.matching.models import Exclusion, RollingOffer
from portal.matching.queries.places import unmatched_in

MOST = 200


def candidates_for(posting: InternshipPosting) -> frozenset[int]:
    """Who may be offered a place of this posting: without one since the match, approved for it, not kept apart."""
    if posting.state is not PostingState.PUBLISHED:
        return frozenset()
    return _candidates(posting.round_id, posting.organisation_id, {posting.id})


def free_applicants(
    round_id: int, organisation_id: int, postings: Sequence[InternshipPosting]
) -> dict[int, str]:
    """Names of the company's applicants who may be offered a place of one of these postings; as many statements for all."""
    may = _candidates(round_id, organisation_id, {posting.id for posting in postings})
    return {
        each.student_id: each.name
        for each in applicants_of(organisation_id, round_id)
        if each.student_id in may
    }


def _candidates(round_id: int, organisation_id: int, posting_ids: set[int]) -> frozenset[int]:
    apart = select(Exclusion.student_id).where(
        Exclusion.organisation_id == organisation_id, Exclusion.lifted_at.is_(None)
    )
    free = unmatched_in(round_id) - frozenset(db.session.scalars(apart))
    return frozenset(s for s, posting in approved_pairs(round_id) if posting in posting_ids and s in free)


def offer_for_student(person: Actor, offer_id: int) -> RollingOffer:
    """The student's own; raises NotFound."""
    return _one(offer_id, RollingOffer.student_id == person.id)


def offer_for_company(person: Actor, offer_id: int) -> RollingOffer:
    """An offer of a company for which the person offers internships; raises NotFound."""
    return _one(offer_id, RollingOffer.organisation_id.in_(hosting_organisations(person)))


def offers_to(person: Actor, language: str) -> list[Any]:
    """A student's offers, the newest first: offer, title of the posting, company. Raises NotFound."""
    if not person.has(Role.STUDENT):
        raise NotFound
    return _rows(language, RollingOffer.student_id == person.id)


def offers_by(round_id: int, organisation_id: int, language: str) -> list[Any]:
    """A company's offers in a round: offer, title, company, student."""
    return _rows(language, RollingOffer.round_id == round_id, RollingOffer.organisation_id == organisation_id)


def offers_in(round_id: int, language: str) -> list[Any]:
    """All offers of a round, for the office."""
    return _rows(language, RollingOffer.round_id == round_id)


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
