"""Money of a payment that the provider took back: what it had settled is owed again."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from portal.billing.models import CheckoutAttempt, Invoice, Payment, PaymentWithdrawal
from portal.billing.services import ledger, settlement
from portal.billing.services.allocations import held_by, settled_by
from portal.billing.services.recovering import recover
from portal.billing.services.reopening import follow_loss
from portal.billing.services.returns.whereabouts import due_of, lock_places, named, payments_of
from portal.core import clock
from portal.core.access import Actor
from portal.core.db import db
from portal.domain import ledger as books
from portal.domain import settlement as rules
from portal.domain.ledger import Account, EntryKind
from portal.domain.settlement import Debt, Settlement


@dataclass(frozen=True, slots=True)
class Part:
    """Of one payment: how much is gone from an invoice, how much of that had settled it, how much was an advance."""

    payment: Payment
    amount_yen: int
    settled_yen: int
    excess_yen: int


@dataclass(frozen=True, slots=True)
class Cause:
    """What took the money: out of which account, booked as what, under which name, and why."""

    out_of: Account
    kind: EntryKind
    source: str
    reason: str
    by: Actor | int | None


def withdraw(invoice: Invoice, attempt: CheckoutAttempt, amount_yen: int, cause: Cause) -> list[Invoice]:
    """Take money of an attempt's payments back, out of the account where it stands; gives the invoices that are owed again.

    Money that was moved since is taken from the invoice where it is now (one issued anew, one that an advance paid). An
    advance of the same invoice covers what is owed again; money that had gone to the payer already is a loss.
    """
    payments = payments_of(attempt)
    if not payments:
        raise RuntimeError(f"money of {invoice.number} was taken back, but none has arrived")
    places = lock_places(invoice, payments)
    due = due_of(payments, amount_yen)
    found = []
    for place in places:
        parts, done = _take_from(place, payments, due)
        due = {each: due[each] - _of(each, parts) for each in due}
        found.append((place, parts, done))
    lost = [Part(each, due[each.id], 0, 0) for each in payments if due[each.id]]
    for place, parts, _done in found:
        _write(
            place, _with_lost(parts, lost) if place is invoice else parts, named(cause.source, place, invoice)
        )
    open_again = []
    for place, parts, done in found:
        lost_yen = sum(each.amount_yen for each in lost) if place is invoice else 0
        if (parts or lost_yen) and _follow(place, done, lost_yen, cause, named(cause.source, place, invoice)):
            open_again.append(place)
    return open_again


def _take_from(
    place: Invoice, payments: Sequence[Payment], due: dict[int, int]
) -> tuple[list[Part], Settlement]:
    parts: list[Part] = []

    def change(debt: Debt) -> Settlement:
        parts[:] = _parts(place, payments, due, debt)
        settled, excess = sum(each.settled_yen for each in parts), sum(each.excess_yen for each in parts)
        return rules.take_back(debt, settled, excess)

    today = clock.today()
    if _parts(place, payments, due, settlement.debt_of(place.id)):
        recover(place, on=today)
    done = settlement.move(place.id, change, on=today)
    return parts, done


def _parts(place: Invoice, payments: Sequence[Payment], due: dict[int, int], debt: Debt) -> list[Part]:
    parts, advance = [], debt.excess_yen
    for payment in payments:
        settled = min(due[payment.id], settled_by(payment, place.id))
        excess = max(0, min(due[payment.id] - settled, held_by(payment, place.id), advance))
        if settled + excess:
            parts.append(Part(payment, settled + excess, settled, excess))
        advance -= excess
    return parts


def _of(payment_id: int, parts: Sequence[Part]) -> int:
    return sum(each.amount_yen for each in parts if each.payment.id == payment_id)


def _with_lost(parts: Sequence[Part], lost: Sequence[Part]) -> list[Part]:
    """One part for each payment: what stood on the invoice, and what was gone."""
    more = {each.payment.id: each.amount_yen for each in lost}
    whole = [replace(each, amount_yen=each.amount_yen + more.pop(each.payment.id, 0)) for each in parts]
    return [*whole, *(each for each in lost if each.payment.id in more)]


def _follow(place: Invoice, done: Settlement, lost_yen: int, cause: Cause, source: str) -> bool:
    """The books, the receipt and what hangs on the invoice; whether it is owed again."""
    ledger.post(
        cause.kind,
        source=source,
        transfers=books.withdrawn(
            cause.out_of, settled_yen=-done.applied_yen, excess_yen=-done.excess_yen, lost_yen=lost_yen
        ),
        booked_on=clock.today(),
        memo=place.number,
        invoice_id=place.id,
    )
    return follow_loss(place, done, reason=cause.reason, reference=f"advance:{source}", by=cause.by)


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
