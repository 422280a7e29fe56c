"""Which payments through the provider can go back from an invoice, and how much of each."""

from __future__ import annotations

from dataclasses import dataclass, replace

from sqlalchemy import case, func, or_, select

from portal.billing.enums import AttemptState
from portal.billing.models import (
    AdvanceMove,
    AdvancePart,
    CheckoutAttempt,
    Dispute,
    Invoice,
    Payment,
    RefundOrder,
)
from portal.billing.returns import GIVEN_UP, OPEN_DISPUTES, DisputeState, OrderKind
from portal.core.db import db


@dataclass(frozen=True, slots=True)
class Refundable:
    """A payment through the provider, and how much of it can go back; `is_part`: it is not complete, all or nothing."""

    attempt: CheckoutAttempt
    left_yen: int
    is_part: bool


def refundable(invoice: Invoice) -> list[Refundable]:
    """The provider's payments for an invoice of which something is left there, the latest first.

    Also those whose money an advance has brought to it (an invoice issued anew), as far as it did.
    """
    contested = select(Dispute.attempt_id).where(Dispute.state.in_((*OPEN_DISPUTES, DisputeState.LOST)))
    brought = _brought(invoice)
    paid = select(CheckoutAttempt).where(
        or_(CheckoutAttempt.invoice_id == invoice.id, CheckoutAttempt.id.in_(brought)),
        CheckoutAttempt.received_yen > 0,
        CheckoutAttempt.intent_id.is_not(None),
        CheckoutAttempt.id.not_in(contested),
    )
    found = db.session.scalars(paid.order_by(CheckoutAttempt.id.desc())).all()
    parts = [Refundable(each, _left(each), each.state is not AttemptState.PAID) for each in found]
    parts = [
        each
        if each.attempt.invoice_id == invoice.id
        else replace(each, left_yen=0 if each.is_part else min(each.left_yen, brought[each.attempt.id]))
        for each in parts
    ]
    return [each for each in parts if each.left_yen > 0]


def _brought(invoice: Invoice) -> dict[int, int]:
    """How much of which attempt's money advances have brought here, less what they took away again."""
    here = AdvanceMove.to_invoice_id == invoice.id
    net = func.sum(case((here, AdvancePart.amount_yen), else_=-AdvancePart.amount_yen))
    moved = (
        select(Payment.attempt_id, net)
        .join(AdvancePart, AdvancePart.payment_id == Payment.id)
        .join(AdvanceMove, AdvanceMove.id == AdvancePart.move_id)
        .where(Payment.attempt_id.is_not(None), or_(here, AdvanceMove.from_invoice_id == invoice.id))
    )
    rows = db.session.execute(moved.group_by(Payment.attempt_id))
    return {row[0]: int(row[1]) for row in rows if row[1] > 0}


def _left(attempt: CheckoutAttempt) -> int:
    gone = select(func.coalesce(func.sum(RefundOrder.amount_yen), 0)).where(
        RefundOrder.attempt_id == attempt.id,
        RefundOrder.state.not_in(GIVEN_UP),
        RefundOrder.kind != OrderKind.BALANCE,
    )
    return attempt.received_yen - int(db.session.scalar(gone) or 0)
