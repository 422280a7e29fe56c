"""Which payment settles which invoice: parts are added and released, never changed.

Of each payment, an invoice has what it settles there and what it holds there as an advance. A payment stands on the invoice
that it was made for; an advance that is moved takes its part of it to another.
"""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import func, or_, select

from portal.billing.models import (
    AdvanceMove,
    AdvancePart,
    Allocation,
    AllocationRelease,
    CreditNote,
    Invoice,
    Payment,
    PaymentReversal,
    PaymentWithdrawal,
)
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


def settled_by(payment: Payment, invoice_id: int) -> int:
    """How much of an invoice a payment settles now."""
    put = _total(
        Allocation.amount_yen, Allocation.payment_id == payment.id, Allocation.invoice_id == invoice_id
    )
    credited = _total(
        AllocationRelease.amount_yen,
        AllocationRelease.payment_id == payment.id,
        AllocationRelease.invoice_id == invoice_id,
    )
    moved = _moved(AdvancePart.released_yen, payment, AdvanceMove.from_invoice_id, invoice_id)
    return put - credited - moved - _withdrawn(PaymentWithdrawal.settled_yen, payment, invoice_id)


def held_by(payment: Payment, invoice_id: int) -> int:
    """How much of a payment is an advance on an invoice, unless it was paid back."""
    arrived = payment.amount_yen if payment.invoice_id == invoice_id else 0
    gone = _withdrawn(PaymentWithdrawal.settled_yen + PaymentWithdrawal.excess_yen, payment, invoice_id)
    return arrived - gone + moved_net(payment, invoice_id) - settled_by(payment, invoice_id)


def moved_net(payment: Payment, invoice_id: int) -> int:
    """How much of a payment advances have brought to an invoice; below nothing when they have taken it away."""
    came = _moved(AdvancePart.amount_yen, payment, AdvanceMove.to_invoice_id, invoice_id)
    return came - _moved(AdvancePart.amount_yen, payment, AdvanceMove.from_invoice_id, invoice_id)


def standing_payments(invoice: Invoice) -> Sequence[Payment]:
    """The payments on an invoice that were not undone, those that an advance brought among them, oldest first."""
    undone = select(PaymentReversal.payment_id)
    brought = select(AdvancePart.payment_id).join(AdvanceMove, AdvanceMove.id == AdvancePart.move_id)
    here = or_(
        Payment.invoice_id == invoice.id,
        Payment.id.in_(brought.where(AdvanceMove.to_invoice_id == invoice.id)),
    )
    standing = select(Payment).where(here, Payment.id.not_in(undone))
    return db.session.scalars(standing.order_by(Payment.id)).all()


def parts_of_advance(invoice: Invoice, amount_yen: int) -> list[tuple[Payment, int]]:
    """The payments that hold an advance, oldest first, with the part of each that makes up `amount_yen`."""
    parts, left = [], amount_yen
    for payment in standing_payments(invoice):
        part = min(left, held_by(payment, invoice.id))
        if part > 0:
            parts.append((payment, part))
            left -= part
    if left:
        raise RuntimeError(f"the advance on {invoice.number} is held by no payment")
    return parts


def spread(invoice: Invoice, amount_yen: int) -> Payment:
    """Allocate an advance over the payments that hold it, oldest first; gives the last of them."""
    parts = parts_of_advance(invoice, amount_yen)
    for payment, part in parts:
        allocate(payment, invoice.id, part)
    return parts[-1][0]


def release(invoice: Invoice, amount_yen: int, *, because_of: CreditNote) -> None:
    """Let go of a part of what payments settle, the newest first: less is asked for."""
    left = amount_yen
    for payment in reversed(standing_payments(invoice)):
        part = min(left, settled_by(payment, invoice.id))
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


def _moved(column: object, payment: Payment, side: object, invoice_id: int) -> int:
    rows = select(func.coalesce(func.sum(column), 0)).join(AdvanceMove, AdvanceMove.id == AdvancePart.move_id)
    mine = rows.where(AdvancePart.payment_id == payment.id, side == invoice_id)  # type: ignore[arg-type]
    return int(db.session.scalar(mine) or 0)


def _withdrawn(column: object, payment: Payment, invoice_id: int) -> int:
    """Of what the provider took back of a payment."""
    return _total(
        column, PaymentWithdrawal.payment_id == payment.id, PaymentWithdrawal.invoice_id == invoice_id
    )


def _total(column: object, *where: object) -> int:
    return int(db.session.scalar(select(func.coalesce(func.sum(column), 0)).where(*where)) or 0)  # type: ignore[arg-type]
