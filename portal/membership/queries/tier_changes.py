"""Read tier changes: a term's, the company's own, and the invoices with which a term is billed."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any

from sqlalchemy import ColumnElement, case, func, or_, select
from sqlalchemy.orm import joinedload

from portal.billing.models import Invoice, InvoiceReplacement, Receivable
from portal.billing.queries.replacements import asked_by, issued_anew, standing_id
from portal.core import clock
from portal.core.access import Actor
from portal.core.db import db
from portal.core.errors import NotFound
from portal.domain.tier_change import Proration
from portal.domain.tier_change_flow import OPEN, ChangeKind, ChangeState
from portal.membership.models import ContractTerm, ProrationRule, Tier, TierChange
from portal.membership.policy import ACTING_ROLES, may_review
from portal.membership.queries.renewals import TERM_SOURCE

CHANGE_SOURCE = "tier_change:"
BACK_SOURCE = "tier_change_back:"  # the invoice for the tier before, once a change was taken back
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


def term_of_invoice(invoice: Invoice) -> int | None:
    """The term that an invoice bills: its own one, or that of a change of tier."""
    kind, _, number = asked_by(invoice).partition(":")
    if not number.isdigit():
        return None
    if f"{kind}:" == TERM_SOURCE:
        return int(number)
    if f"{kind}:" not in (CHANGE_SOURCE, BACK_SOURCE):
        return None
    return db.session.scalar(select(TierChange.term_id).where(TierChange.id == int(number)))


def bills_of(term_id: int) -> Sequence[Receivable]:
    """What is owed on every invoice of the term's fee: the first, then one for each change, in their order.

    One that was issued anew stands after the one in whose place it is, however late that was.
    """
    key, link, change = f"{TERM_SOURCE}{term_id}", InvoiceReplacement, TierChange.__table__.c
    its = change.term_id == term_id
    changes = select(func.concat(CHANGE_SOURCE, change.id)).where(its)
    backs = select(func.concat(BACK_SOURCE, change.id)).where(its)
    root = func.coalesce(link.root_key, Invoice.source_key)
    number = select(func.min(change.id)).where(
        its, root.in_((func.concat(CHANGE_SOURCE, change.id), func.concat(BACK_SOURCE, change.id)))
    )
    mine = select(Receivable).join(Invoice, Invoice.id == Receivable.invoice_id)
    mine = mine.join(link, link.replaced_by_id == Invoice.id, isouter=True)
    mine = mine.where(or_(*(_is_or_is_for(keys) for keys in ([key], changes, backs))))
    # the first one, then change after change: its invoice, and the one that takes it back
    order = (case((root == key, 0), else_=1), number.scalar_subquery(), func.length(root), Invoice.id)
    return db.session.scalars(mine.order_by(*order), execution_options={"populate_existing": True}).all()


def _is_or_is_for(keys: Any) -> ColumnElement[bool]:
    """An invoice that one of the keys asked for, or one that was issued anew in its place."""
    return or_(Invoice.source_key.in_(keys), Invoice.id.in_(issued_anew(keys)))


def leading_bill(term_id: int) -> Receivable | None:
    """The first that was not given back whole: on it the membership rests. None: everything was given back."""
    return next((bill for bill in bills_of(term_id) if bill.given_back_yen < bill.total_yen), None)


def last_upgrade(term_id: int) -> TierChange | None:
    """The last change upwards that was made, taken back or not."""
    made = (ChangeState.AGREED, ChangeState.TAKEN_BACK)
    mine = select(TierChange).where(
        TierChange.term_id == term_id, TierChange.kind == ChangeKind.UPGRADE, TierChange.state.in_(made)
    )
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
