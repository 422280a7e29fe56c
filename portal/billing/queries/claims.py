"""Every claim by itself: what payments settle of it, what it holds as an advance, and what the books say of both."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from sqlalchemy import CompoundSelect, Select, case, func, literal, select, union_all

from portal.billing.models import (
    AdvanceMove,
    AdvancePart,
    Allocation,
    AllocationRelease,
    Invoice,
    JournalEntry,
    LedgerTransfer,
    Payment,
    PaymentReversal,
    PaymentWithdrawal,
    Receivable,
    Refund,
    RefundOrder,
    RefundReversal,
)
from portal.billing.returns import UNDER_WAY, Booking
from portal.core.db import db
from portal.domain.ledger import Account

_UNDONE = select(PaymentReversal.payment_id)
_RETURNED = select(RefundReversal.refund_id)
_NOTHING = literal(0)


def claim_problems() -> Iterator[str]:
    """In plain words what does not hold."""
    yield from _wrong_money()
    yield from _wrong_advances()
    yield from _wrong_moves()


def _wrong_money() -> Iterator[str]:
    """Payments say what settles each invoice and what is too much; so does the row of what is owed."""
    parts = _money().subquery()
    sums = (
        select(parts.c.invoice_id, func.sum(parts.c.settled).label("settled"), func.sum(parts.c.advance).label("advance"))
        .group_by(parts.c.invoice_id)
        .subquery()
    )  # fmt: skip
    settled, advance = func.coalesce(sums.c.settled, 0), func.coalesce(sums.c.advance, 0)
    paid = Receivable.total_yen - Receivable.credited_yen - Receivable.outstanding_yen
    statement = (
        select(Invoice.number, paid, settled, Receivable.excess_yen, advance)
        .join(Receivable, Receivable.invoice_id == Invoice.id)
        .join(sums, sums.c.invoice_id == Invoice.id, isouter=True)
        .where((paid != settled) | (Receivable.excess_yen != advance))
    )
    for number, row_paid, row_settled, excess, held in db.session.execute(statement):
        if row_paid != row_settled:
            yield f"{number}: {row_paid} are settled, its payments say {row_settled}"
        if excess != held:
            yield f"{number}: the advance is {excess}, its payments say {held}"


def _money() -> CompoundSelect[Any]:
    """Each movement of money on an invoice: what it adds to what is settled, and to the advance."""
    given, back = Allocation.amount_yen, AllocationRelease.amount_yen
    part, taken = AdvancePart, PaymentWithdrawal
    moves = select(part.id).join(AdvanceMove, AdvanceMove.id == part.move_id)
    return union_all(
        _row(Payment.invoice_id, _NOTHING, Payment.amount_yen).where(Payment.id.not_in(_UNDONE)),
        _row(Allocation.invoice_id, given, -given).where(Allocation.payment_id.not_in(_UNDONE)),
        _row(AllocationRelease.invoice_id, -back, back).where(AllocationRelease.payment_id.not_in(_UNDONE)),
        moves.with_only_columns(
            *_named(AdvanceMove.from_invoice_id, -part.released_yen, part.released_yen - part.amount_yen)
        ).where(part.payment_id.not_in(_UNDONE)),
        moves.with_only_columns(*_named(AdvanceMove.to_invoice_id, _NOTHING, part.amount_yen)).where(
            part.payment_id.not_in(_UNDONE)
        ),
        _row(Refund.invoice_id, _NOTHING, -Refund.amount_yen).where(Refund.id.not_in(_RETURNED)),
        _row(taken.invoice_id, -taken.settled_yen, -taken.excess_yen),
        _row(RefundOrder.invoice_id, _NOTHING, -RefundOrder.amount_yen).where(
            RefundOrder.booking == Booking.ADVANCE, RefundOrder.state.in_(UNDER_WAY)
        ),
    )


def _wrong_advances() -> Iterator[str]:
    """The books' advances of an invoice, with what was moved to and from it, are its advance."""
    booked = case(
        (LedgerTransfer.credit == Account.ADVANCE_RECEIVED, LedgerTransfer.amount_yen),
        (LedgerTransfer.debit == Account.ADVANCE_RECEIVED, -LedgerTransfer.amount_yen),
        else_=0,
    )
    entries = select(JournalEntry.invoice_id.label("invoice_id"), booked.label("yen")).join(
        LedgerTransfer, LedgerTransfer.entry_id == JournalEntry.id
    )
    moved = union_all(
        entries,
        select(AdvanceMove.from_invoice_id, -AdvanceMove.amount_yen),
        select(AdvanceMove.to_invoice_id, AdvanceMove.amount_yen),
    ).subquery()
    sums = select(moved.c.invoice_id, func.sum(moved.c.yen).label("yen")).group_by(moved.c.invoice_id).subquery()  # fmt: skip
    found = func.coalesce(sums.c.yen, 0)
    statement = (
        select(Invoice.number, Receivable.excess_yen, found)
        .join(Receivable, Receivable.invoice_id == Invoice.id)
        .join(sums, sums.c.invoice_id == Invoice.id, isouter=True)
        .where(Receivable.excess_yen != found)
    )
    for number, excess, held in db.session.execute(statement):
        yield f"{number}: the advance is {excess}, the books say {held}"


def _wrong_moves() -> Iterator[str]:
    """A moved advance is made up of payments and stays with its company."""
    parts = (
        select(func.coalesce(func.sum(AdvancePart.amount_yen), 0))
        .where(AdvancePart.move_id == AdvanceMove.id)
        .scalar_subquery()
    )
    here = select(Invoice.organisation_id).where(Invoice.id == AdvanceMove.from_invoice_id).scalar_subquery()
    there = select(Invoice.organisation_id).where(Invoice.id == AdvanceMove.to_invoice_id).scalar_subquery()
    statement = select(AdvanceMove.id).where((parts != AdvanceMove.amount_yen) | (here != there))
    for move_id in db.session.scalars(statement):
        yield f"moved advance {move_id}: its parts or its company do not fit"


def _row(invoice_id: Any, settled: Any, advance: Any) -> Select[Any]:
    return select(*_named(invoice_id, settled, advance))


def _named(invoice_id: Any, settled: Any, advance: Any) -> tuple[Any, ...]:
    return invoice_id.label("invoice_id"), settled.label("settled"), advance.label("advance")
