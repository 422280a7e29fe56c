"""Read arrangements of extra seats."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import ColumnElement, select
from sqlalchemy.orm import joinedload

from portal.core.access import Actor
from portal.core.db import db
from portal.core.errors import NotFound
from portal.domain.seats import SeatState
from portal.membership.models import ContractTerm, SeatArrangement
from portal.membership.policy import ACTING_ROLES, may_review


def seats_for(person: Actor, seats_id: int) -> SeatArrangement:
    """An arrangement of a company for which the person acts; raises NotFound for all others."""
    return _one(seats_id, SeatArrangement.organisation_id.in_(person.organisations_with(*ACTING_ROLES)))


def seats_for_review(person: Actor, seats_id: int) -> SeatArrangement:
    """An arrangement for the office's eyes; raises NotFound."""
    if not may_review(person):
        raise NotFound
    return _one(seats_id)


def _one(seats_id: int, *conditions: ColumnElement[bool]) -> SeatArrangement:
    mine = select(SeatArrangement).where(SeatArrangement.id == seats_id, *conditions)
    loaded = mine.options(joinedload(SeatArrangement.organisation), joinedload(SeatArrangement.term))
    found = db.session.scalars(loaded).one_or_none()
    if found is None:
        raise NotFound
    return found


def seats_of_term(term_id: int) -> Sequence[SeatArrangement]:
    """Everything arranged for a term, the newest first."""
    mine = select(SeatArrangement).where(SeatArrangement.term_id == term_id)
    return db.session.scalars(mine.order_by(SeatArrangement.id.desc()).limit(50)).all()


def seats_of_company(organisation_id: int) -> Sequence[SeatArrangement]:
    """Everything arranged with a company, the newest first."""
    mine = select(SeatArrangement).where(SeatArrangement.organisation_id == organisation_id)
    loaded = mine.options(joinedload(SeatArrangement.term))
    return db.session.scalars(loaded.order_by(SeatArrangement.id.desc()).limit(20)).all()


def agreed_seats_of(term_id: int) -> Sequence[SeatArrangement]:
    """What holds for a term now, in the order in which it was agreed."""
    mine = (SeatArrangement.term_id == term_id, SeatArrangement.state == SeatState.AGREED)
    return db.session.scalars(select(SeatArrangement).where(*mine).order_by(SeatArrangement.id)).all()


def seats_billed_with(arrangement: SeatArrangement) -> Sequence[SeatArrangement]:
    """Everything that was billed on one invoice with an arrangement, itself too, in the order of the lines."""
    mine = select(SeatArrangement).where(SeatArrangement.invoice_id == arrangement.invoice_id)
    return db.session.scalars(mine.order_by(SeatArrangement.id)).all()


def is_followed(term: ContractTerm) -> bool:
    """Whether the company has its contract of the next fiscal year already: nothing is carried along into that any more."""
    following = select(ContractTerm.id).where(
        ContractTerm.organisation_id == term.organisation_id,
        ContractTerm.fiscal_year == term.fiscal_year + 1,
        ContractTerm.cancelled_on.is_(None),
    )
    return db.session.scalar(following.limit(1)) is not None


def proposed_seats() -> Sequence[int]:
    """Numbers of arrangements that wait for a company."""
    waiting = select(SeatArrangement.id).where(SeatArrangement.state == SeatState.PROPOSED)
    return db.session.scalars(waiting.order_by(SeatArrangement.id)).all()
