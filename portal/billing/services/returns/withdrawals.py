"""Money of a payment that the provider took back: what it had settled is owed again."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import func, select

from portal.billing.models import CheckoutAttempt, Invoice, Payment, PaymentWithdrawal
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
    parts, left, advance = [], amount_yen, debt.excess_yen
    for payment in _payments(attempt):
        taken = min(left, payment.amount_yen - _gone(payment))
        if taken <= 0:
            continue
        settled = min(taken, settled_by(payment, invoice.id))
        excess = max(0, min(taken - settled, held_by(payment, invoice.id), advance))
        parts.append(Part(payment, taken, settled, excess))
        left, advance = left - taken, advance - excess
    if left:
        raise RuntimeError(f"more of {invoice.number} was taken back than had arrived")
    return parts


def _payments(attempt: CheckoutAttempt) -> Sequence[Payment]:
    mine = select(Payment).where(Payment.attempt_id == attempt.id)
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
