"""What arrived by the provider, on which invoices it is now, and what of it was taken back."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import ColumnElement, func, or_, select
from sqlalchemy.orm import InstrumentedAttribute

from portal.billing.models import (
    AdvanceMove,
    AdvancePart,
    CheckoutAttempt,
    Invoice,
    Payment,
    PaymentWithdrawal,
    RefundOrder,
)
from portal.billing.queries.invoices import any_invoice
from portal.billing.returns import Booking
from portal.billing.services import settlement
from portal.core.db import db

_AT = ":at:"


def again(attempt: CheckoutAttempt, order_id: int) -> str:
    """The name in our books of money that had gone back by this refund, and is here again."""
    return f"{attempt.intent_id}:again:{order_id}"


def payments_of(attempt: CheckoutAttempt) -> Sequence[Payment]:
    """What arrived by an attempt, the latest first: its own payments, and what went back by a refund that failed."""
    owed_again = select(RefundOrder.id).where(
        RefundOrder.attempt_id == attempt.id, RefundOrder.booking == Booking.OWED_AGAIN
    )
    back = [
        _is_part_of(Payment.provider_reference, again(attempt, each))
        for each in db.session.scalars(owed_again)
    ]
    mine = select(Payment).where(or_(Payment.attempt_id == attempt.id, *back))
    return db.session.scalars(mine.order_by(Payment.id.desc())).all()


def _is_part_of(column: InstrumentedAttribute[str], name: str) -> ColumnElement[bool]:
    return or_(column == name, column.startswith(f"{name}{_AT}", autoescape=True))


def lock_places(invoice: Invoice, payments: Sequence[Payment]) -> list[Invoice]:
    """Where money of these payments may be, the invoice itself first; nobody moves it from here on."""
    brought = select(AdvanceMove.to_invoice_id).join(AdvancePart, AdvancePart.move_id == AdvanceMove.id)
    there = brought.where(AdvancePart.payment_id.in_([each.id for each in payments]))
    locked: set[int] = set()
    wanted = {invoice.id, *(each.invoice_id for each in payments)}
    while wanted - locked:
        settlement.lock(*wanted)
        locked = set(wanted)
        wanted |= set(db.session.scalars(there))
    return [invoice, *(any_invoice(each) for each in sorted(locked - {invoice.id}))]


def due_of(payments: Sequence[Payment], amount_yen: int) -> dict[int, int]:
    """How much is taken of each payment; what is taken though it had gone before is of the latest one."""
    due, left = {}, amount_yen
    for payment in payments:
        due[payment.id] = max(0, min(left, payment.amount_yen - _gone(payment)))
        left -= due[payment.id]
    due[payments[0].id] += left
    return due


def _gone(payment: Payment) -> int:
    total = select(func.coalesce(func.sum(PaymentWithdrawal.amount_yen), 0))
    return int(db.session.scalar(total.where(PaymentWithdrawal.payment_id == payment.id)) or 0)


def named(name: str, place: Invoice, invoice: Invoice) -> str:
    """The name of a part: that of the whole, with the invoice to which the money had been moved."""
    return name if place.id == invoice.id else f"{name}{_AT}{place.id}"


def taken_by(source: str) -> int:
    """How much this source has taken in all, on whichever invoice it stood."""
    total = select(func.coalesce(func.sum(PaymentWithdrawal.amount_yen), 0))
    return int(db.session.scalar(total.where(_is_part_of(PaymentWithdrawal.source, source))) or 0)


def taken_elsewhere(source: str, invoice: Invoice) -> Sequence[tuple[int, int]]:
    """Invoices to which the money had been moved, with what this source took of it there."""
    part = func.sum(PaymentWithdrawal.settled_yen + PaymentWithdrawal.excess_yen)
    mine = select(PaymentWithdrawal.invoice_id, part).where(
        _is_part_of(PaymentWithdrawal.source, source), PaymentWithdrawal.invoice_id != invoice.id
    )
    rows = db.session.execute(
        mine.group_by(PaymentWithdrawal.invoice_id).order_by(PaymentWithdrawal.invoice_id)
    )
    return [(row[0], int(row[1])) for row in rows]
