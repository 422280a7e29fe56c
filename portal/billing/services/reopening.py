"""Money that had settled an invoice is gone: what follows is the same, whatever took it."""

from __future__ import annotations

from portal.billing.models import Invoice, Payment
from portal.billing.services import ledger, settlement
from portal.billing.services.allocations import spread
from portal.billing.services.payments import complete
from portal.billing.services.receipts import void_receipts
from portal.billing.signals import invoice_paid, invoice_reopened
from portal.core import clock
from portal.core.access import Actor
from portal.domain import ledger as books
from portal.domain import settlement as rules
from portal.domain.ledger import EntryKind
from portal.domain.settlement import Debt, Settlement


def follow_loss(
    invoice: Invoice, gone: Settlement, *, reason: str, reference: str, by: Actor | int | None
) -> bool:
    """What follows a movement that took money away; whether something is owed again.

    Receipts of what was paid in full cease to hold, and an advance of the invoice covers the loss first (`reference` names it
    in the books).
    """
    if gone.is_reopened:
        void_receipts(invoice, reason=reason, by=by)
    _use_own_advance(invoice, reference=reference, by=by)
    return tell_if_less(invoice, gone.before)


def tell_if_less(invoice: Invoice, before: Debt) -> bool:
    """Tell of an invoice that was paid, or settled by more money, before; whether it was.

    One that was never paid in full counts too: a membership may rest on a part of its money (a change of tier, an invoice
    that was issued anew).
    """
    now = settlement.debt_of(invoice.id)
    if not before.falls_to(now):
        return False
    invoice_reopened.send(invoice)
    return True


def pay_by_own_advance(invoice: Invoice, *, reference: str, by: Actor | int | None) -> int:
    """Pay what has been owed again for a while from what the invoice has too much, and tell when that pays it; gives the yen used."""
    done, last = _use_own_advance(invoice, reference=reference, by=by)
    if done.is_completed and last is not None:
        invoice_paid.send(invoice, paid_on=last.received_on)
    return done.applied_yen


def _use_own_advance(
    invoice: Invoice, *, reference: str, by: Actor | int | None
) -> tuple[Settlement, Payment | None]:
    """Settle what is open from what other payments of the invoice had too much; what that did, and the last payment in it."""
    today = clock.today()
    done = settlement.move(invoice.id, rules.use_advance, on=today)
    if not done.applied_yen:
        return done, None
    last = spread(invoice, done.applied_yen)
    ledger.post(
        EntryKind.ADVANCE_USED,
        source=reference,
        transfers=books.advance_used(done.applied_yen),
        booked_on=today,
        memo=invoice.number,
        invoice_id=invoice.id,
    )
    if done.is_completed:
        complete(invoice, last, by=by)
    return done, last
