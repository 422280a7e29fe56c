"""Read tier changes: a term's, the company's own, and which invoice a change has."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from sqlalchemy import ColumnElement, or_, select
from sqlalchemy.orm import joinedload

from portal.billing.queries.replacements import standing_id
from portal.core import clock
from portal.core.access import Actor
from portal.core.db import db
from portal.core.errors import NotFound
from portal.domain.tier_change import Proration
from portal.domain.tier_change_flow import OPEN, ChangeKind, ChangeState
from portal.membership.models import ContractTerm, ProrationRule, Tier, TierChange
from portal.membership.policy import ACTING_ROLES, may_review
from portal.membership.queries.bills import BACK_SOURCE, CHANGE_SOURCE, TERM_SOURCE

_LOADED = (joinedload(TierChange.organisation), joinedload(TierChange.term), joinedload(TierChange.tier))


def proration_on(day: date) -> Proration:
    """In what the rest of a term is counted; by month until somebody decides."""
    valid = select(ProrationRule.proration).where(ProrationRule.valid_from <= day)
    newest = valid.order_by(ProrationRule.valid_from.desc(), ProrationRule.id.desc())
    return db.session.scalar(newest.limit(1)) or Proration.BY_MONTH


def proration_history(most: int = 20) -> Sequence[ProrationRule]:
    """What was decided, the newest first."""
    newest = select(ProrationRule).order_by(ProrationRule.valid_from.desc(), ProrationRule.id.desc())
    return db.session.scalars(newest.limit(most)).all()


def term_for(person: Actor, term_id: int) -> ContractTerm:
    """A contract of a company for which the person acts; raises NotFound for all others."""
    return _term(term_id, ContractTerm.organisation_id.in_(person.organisations_with(*ACTING_ROLES)))


def term_for_review(person: Actor, term_id: int) -> ContractTerm:
    """A contract for the office's eyes; raises NotFound."""
    if not may_review(person):
        raise NotFound
    return _term(term_id)


def _term(term_id: int, *conditions: ColumnElement[bool]) -> ContractTerm:
    mine = select(ContractTerm).where(ContractTerm.id == term_id, *conditions)
    found = db.session.scalars(mine.options(joinedload(ContractTerm.organisation))).one_or_none()
    if found is None:
        raise NotFound
    return found


def change_for(person: Actor, change_id: int) -> TierChange:
    """A wish of a company for which the person acts; raises NotFound for all others."""
    return _change(change_id, TierChange.organisation_id.in_(person.organisations_with(*ACTING_ROLES)))


def change_for_review(person: Actor, change_id: int) -> TierChange:
    """A wish for the office's eyes; raises NotFound."""
    if not may_review(person):
        raise NotFound
    return _change(change_id)


def _change(change_id: int, *conditions: ColumnElement[bool]) -> TierChange:
    mine = select(TierChange).where(TierChange.id == change_id, *conditions).options(*_LOADED)
    found = db.session.scalars(mine).one_or_none()
    if found is None:
        raise NotFound
    return found


def changes_of_term(term_id: int) -> Sequence[TierChange]:
    """Every wish that a term has had, the newest first."""
    mine = select(TierChange).where(TierChange.term_id == term_id).options(joinedload(TierChange.tier))
    return db.session.scalars(mine.order_by(TierChange.id.desc()).limit(50)).all()


def changes_of_company(organisation_id: int) -> Sequence[TierChange]:
    """Every wish of a company, the newest first."""
    mine = select(TierChange).where(TierChange.organisation_id == organisation_id).options(*_LOADED[1:])
    return db.session.scalars(mine.order_by(TierChange.id.desc()).limit(20)).all()


def open_change_of(term_id: int) -> TierChange | None:
    """The wish that is not decided yet."""
    mine = select(TierChange).where(TierChange.term_id == term_id, TierChange.state.in_(OPEN))
    return db.session.scalars(mine.options(joinedload(TierChange.tier))).one_or_none()


def changes_to_review(most: int = 50) -> Sequence[TierChange]:
    """Wishes that wait for the office, the most urgent first."""
    waiting = select(TierChange).where(TierChange.state == ChangeState.ASKED).options(*_LOADED)
    return db.session.scalars(waiting.order_by(TierChange.answer_by, TierChange.id).limit(most)).all()


def planned_tier(term: ContractTerm) -> Tier | None:
    """The tier that the company wants from the next fiscal year on; None: no other."""
    mine = select(Tier).join(TierChange, TierChange.tier_id == Tier.id)
    wanted = (TierChange.term_id == term.id, TierChange.state == ChangeState.PLANNED)
    return db.session.scalars(mine.where(*wanted)).one_or_none()


def last_upgrade(term_id: int) -> TierChange | None:
    """The last change upwards that was made, taken back or not; one that left nothing behind when it was taken back does not count."""
    billed_again = (TierChange.state == ChangeState.TAKEN_BACK) & TierChange.credit_note_id.is_not(None)
    mine = select(TierChange).where(
        TierChange.term_id == term_id, TierChange.kind == ChangeKind.UPGRADE,
        or_(TierChange.state == ChangeState.AGREED, billed_again),
    )  # fmt: skip
    return db.session.scalars(mine.order_by(TierChange.id.desc()).limit(1)).one_or_none()


def current_bill(term_id: int) -> int | None:
    """The number of the invoice with which the rest of the term is billed: that of the last change, else the first."""
    last = last_upgrade(term_id)
    if last is None:
        return _standing(f"{TERM_SOURCE}{term_id}")
    if last.state is ChangeState.AGREED:
        return _standing(f"{CHANGE_SOURCE}{last.id}")
    return _standing(f"{BACK_SOURCE}{last.id}")


def standing_bill(change: TierChange) -> int | None:
    """The number of the invoice of a change; of one that was issued anew, the later one."""
    return _standing(f"{CHANGE_SOURCE}{change.id}")


def back_bill(change: TierChange) -> int | None:
    """The number of the invoice for the tier before, once the change was taken back."""
    return _standing(f"{BACK_SOURCE}{change.id}")


def _standing(key: str) -> int | None:
    return db.session.scalar(select(standing_id(key)))


def is_changeable(term: ContractTerm) -> bool:
    """Whether the term stands and is not over."""
    return term.cancelled_on is None and term.ends_on >= clock.today()
