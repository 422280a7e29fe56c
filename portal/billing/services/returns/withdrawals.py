"""Money of a payment that the provider took back: what it had settled is owed again."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from sqlalchemy import func, or_, select

from portal.billing.models import CheckoutAttempt, Invoice, Payment, PaymentWithdrawal, RefundOrder
from portal.billing.returns import Booking
from portal.billing.services import ledger, settlement
from portal.billing.services.advance_rows import use_own_advance
from portal.billing.services.allocations import held_by, settled_by
from portal.billing.services.receipts import void_receipts
from portal.billing.signals import invoice_reopened
from portal.core import clock
from portal.core.access import Actor
from portal.core.db import db
from portal.domain import ledger as books
from portal.domain import settlement as rules
from portal.domain.ledger import Account, EntryKind
from portal.domain.settlement import Debt, Settlement


@dataclass(frozen=True, slots=True)
class Part:
    """Of one payment: how much is gone, how much of that had settled the invoice, how much was an advance."""

    payment: Payment
    amount_yen: int
    settled_yen: int
    excess_yen: int


def withdraw(
    invoice: Invoice,
    attempt: CheckoutAttempt,
    amount_yen: int,
    *,
    out_of: Account,
    kind: EntryKind,
    source: str,
    reason: str,
    by: Actor | int | None,
) -> None:
    """Take money of an attempt's payments back, out of the account where it stands.

    An advance of the same invoice covers what is owed again; money that had gone elsewhere already is a loss.
    """
    settlement.lock(invoice.id)
    parts: list[Part] = []

    def change(debt: Debt) -> Settlement:
        parts[:] = _parts(invoice, attempt, amount_yen, debt)
        settled, excess = sum(each.settled_yen for each in parts), sum(each.excess_yen for each in parts)
        return rules.take_back(debt, settled, excess)

    done = settlement.move(invoice.id, change, on=clock.today())
    _write(invoice, parts, source)
    ledger.post(
        kind,
        source=source,
        transfers=books.withdrawn(
            out_of,
            settled_yen=-done.applied_yen,
            excess_yen=-done.excess_yen,
            lost_yen=amount_yen + done.applied_yen + done.excess_yen,
        ),
        booked_on=clock.today(),
        memo=invoice.number,
        invoice_id=invoice.id,
    )
    if done.is_reopened:
        void_receipts(invoice, reason=reason, by=by)
    covered = use_own_advance(invoice, reference=f"advance:{source}", by=by)
    if done.is_reopened and not covered:
        invoice_reopened.send(invoice)


def _parts(invoice: Invoice, attempt: CheckoutAttempt, amount_yen: int, debt: Debt) -> list[Part]:
    """What goes of each payment; what was taken though it had gone before is a loss of the latest one."""
    parts, left, advance = [], amount_yen, debt.excess_yen
    payments = _payments(attempt)
    if not payments:
        raise RuntimeError(f"money of {invoice.number} was taken back, but none has arrived")
    for payment in payments:
        taken = min(left, payment.amount_yen - _gone(payment))
        if taken <= 0:
            continue
        settled = min(taken, settled_by(payment, invoice.id))
        excess = max(0, min(taken - settled, held_by(payment, invoice.id), advance))
        parts.append(Part(payment, taken, settled, excess))
        left, advance = left - taken, advance - excess
    if left and parts:
        parts[0] = replace(parts[0], amount_yen=parts[0].amount_yen + left)
    return parts or [Part(payments[0], left, 0, 0)]


def again(attempt: CheckoutAttempt, order_id: int) -> str:
    """The name in our books of money that had gone back by this refund, and is here again."""
    return f"{attempt.intent_id}:again:{order_id}"


def _payments(attempt: CheckoutAttempt) -> Sequence[Payment]:
    """What arrived by an attempt, the latest first: its own payments, and what went back by a refund that failed."""
    owed_again = select(RefundOrder.id).where(
        RefundOrder.attempt_id == attempt.id, RefundOrder.booking == Booking.OWED_AGAIN
    )
    names = [again(attempt, order_id) for order_id in db.session.scalars(owed_again)]
    mine = select(Payment).where(or_(Payment.attempt_id == attempt.id, Payment.provider_reference.in_(names)))
    return db.session.scalars(mine.order_by(Payment.id.desc())).all()


def _gone(payment: Payment) -> int:
    total = select(func.coalesce(func.sum(PaymentWithdrawal.amount_yen), 0))
    return int(db.session.scalar(total.where(PaymentWithdrawal.payment_id == payment.id)) or 0)


def _write(invoice: Invoice, parts: Sequence[Part], source: str) -> None:
    for each in parts:
        row = PaymentWithdrawal(
            source=source,
            payment_id=each.payment.id,
            invoice_id=invoice.id,
            amount_yen=each.amount_yen,
            settled_yen=each.settled_yen,
            excess_yen=each.excess_yen,
            created_at=clock.now(),
        )
        db.session.add(row)
    db.session.flush()
