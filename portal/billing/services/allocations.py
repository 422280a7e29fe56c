"""Which payment settles which invoice: parts are added and released, never changed."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import func, select

from portal.billing.models import Allocation, AllocationRelease, CreditNote, Invoice, Payment, PaymentReversal
from portal.core import clock
from portal.core.db import db


def allocate(payment: Payment, invoice_id: int, amount_yen: int) -> None:
    """Say that a part of a payment settles an invoice."""
    db.session.add(
        Allocation(
            payment_id=payment.id, invoice_id=invoice_id, amount_yen=amount_yen, created_at=clock.now()
        )
    )
    db.session.flush()


def allocated_yen(payment_id: int) -> int:
    """How much of a payment settles something now."""
    put = select(func.coalesce(func.sum(Allocation.amount_yen), 0)).where(Allocation.payment_id == payment_id)
    back = select(func.coalesce(func.sum(AllocationRelease.amount_yen), 0))
    released = back.where(AllocationRelease.payment_id == payment_id)
    return int(db.session.scalar(put) or 0) - int(db.session.scalar(released) or 0)


def standing_payments(invoice: Invoice) -> Sequence[Payment]:
    """The payments for an invoice that were not undone, oldest first."""
    undone = select(PaymentReversal.payment_id)
    standing = select(Payment).where(Payment.invoice_id == invoice.id, Payment.id.not_in(undone))
    return db.session.scalars(standing.order_by(Payment.id)).all()


def spread(invoice: Invoice, amount_yen: int) -> Payment:
    """Allocate an advance over the payments that hold it, oldest first; gives the last of them."""
    last, left = None, amount_yen
    for payment in standing_payments(invoice):
        part = min(left, payment.amount_yen - allocated_yen(payment.id))
        if part > 0:
            allocate(payment, invoice.id, part)
            last, left = payment, left - part
    if last is None or left:
        raise RuntimeError(f"the advance on {invoice.number} is held by no payment")
    return last


def release(invoice: Invoice, amount_yen: int, *, because_of: CreditNote) -> None:
    """Let go of a part of what payments settle, the newest first: less is asked for."""
    left = amount_yen
    for payment in reversed(standing_payments(invoice)):
        part = min(left, allocated_yen(payment.id))
        if part > 0:
            db.session.add(
                AllocationRelease(
                    payment_id=payment.id,
                    invoice_id=invoice.id,
                    credit_note_id=because_of.id,
                    amount_yen=part,
                    created_at=clock.now(),
                )
            )
            left -= part
    if left:
        raise RuntimeError(f"{invoice.number} is not settled by its payments")
    db.session.flush()
