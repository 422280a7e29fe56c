"""Ways out of a difference to the provider: by one click where the portal can act, in words where a person must."""

from __future__ import annotations

from enum import StrEnum

from sqlalchemy import select

from portal.billing.enums import DifferenceKind
from portal.billing.models import ProviderDifference, Receivable, RefundOrder
from portal.billing.returns import GIVEN_UP, Booking, OrderState
from portal.billing.services import ledger
from portal.billing.services.differences import resolve_difference
from portal.billing.services.returns.foreign import book_as_advance, book_as_owed
from portal.core import clock
from portal.core.access import Actor
from portal.core.db import db
from portal.core.errors import Refused
from portal.core.i18n import _l
from portal.domain import ledger as books
from portal.domain.ledger import Account, EntryKind


class Remedy(StrEnum):
    """What one click does."""

    AS_ADVANCE = "advance"
    OWED_AGAIN = "owed_again"
    AS_FEE = "fee"

    @property
    def label(self) -> object:
        return REMEDY_LABELS[self]


REMEDY_LABELS = {
    Remedy.AS_ADVANCE: _l("Book it as the advance paid back"),
    Remedy.OWED_AGAIN: _l("The invoice is owed again"),
    Remedy.AS_FEE: _l("Book it as a fee of the provider"),
}
_BACK = _l(
    "If it was meant as a credit, issue a credit note on the invoice, then book it as the advance paid back. If the payment was undone, the invoice is owed again."
)
ADVICE = {
    DifferenceKind.UNKNOWN_PAYMENT: _l(
        "Find out on the provider's pages who paid, and for what. Give it back there, or write it down here once you know where it belongs."
    ),
    DifferenceKind.NOT_AT_PROVIDER: _l(
        "Check that the portal uses the key of the right account at the provider. If it does, ask the provider with this reference; the payment cannot be relied on until then."
    ),
    DifferenceKind.AMOUNT_DIFFERS: _l(
        "Compare the payment on the provider's pages with the invoice's payments. What is missing here is written down as a transfer; what is too much is paid back."
    ),
    DifferenceKind.REFUNDED: _BACK,
    DifferenceKind.PART_RELEASED: _BACK,
    DifferenceKind.REFUND_UNKNOWN: _l(
        "Ask the provider with this reference whether the money has left. If it has not, pay it back by bank transfer."
    ),
    DifferenceKind.REFUND_DIFFERS: _l(
        "Look at the refund on the provider's pages. Pay what is missing back by bank transfer, or ask the company for what was too much."
    ),
    DifferenceKind.DISPUTE_WITHOUT_INVOICE: _l(
        "Answer it on the provider's pages; no invoice of ours is touched."
    ),
    DifferenceKind.DISPUTE_UNKNOWN: _l(
        "Ask the provider with this reference what became of the case, and whether the money has come back."
    ),
    DifferenceKind.DISPUTE_DIFFERS: _l(
        "Compare the movements of the case on the provider's pages with its page here, and ask the provider when they cannot be explained."
    ),
    DifferenceKind.MOVEMENT: _l(
        "Look the movement up on the provider's pages. A fee or its return is booked by one click; anything else belongs to the accountant."
    ),
    DifferenceKind.FEE_DIFFERS: _l(
        "The provider has charged another fee than it said first. By one click the difference is booked as a fee."
    ),
}


def remedies_of(difference: ProviderDifference) -> tuple[Remedy, ...]:
    """What can be done by one click now."""
    if difference.resolved_at is not None:
        return ()
    if difference.kind in (DifferenceKind.MOVEMENT, DifferenceKind.FEE_DIFFERS):
        return (Remedy.AS_FEE,)
    order = _order_of(difference)
    if order is None or order.booking is not Booking.NONE or order.state in GIVEN_UP:
        return ()
    excess = select(Receivable.excess_yen).where(Receivable.invoice_id == order.invoice_id)
    covered = int(db.session.scalar(excess) or 0) >= order.amount_yen
    possible = [Remedy.AS_ADVANCE] if covered else []
    return (*possible, Remedy.OWED_AGAIN) if order.state is OrderState.SUCCEEDED else tuple(possible)


def apply_remedy(*, difference: ProviderDifference, remedy: Remedy, by: Actor) -> None:
    """Do it, and note that it was done. Raises Refused when it cannot be done any more, OutOfDate when somebody did."""
    if remedy not in remedies_of(difference):
        raise Refused(_l("This cannot be done any more. Please reload the page."))
    resolve_difference(difference=difference, note=str(remedy.label), by=by)
    if remedy is Remedy.AS_FEE:
        _book_fee(difference)
        return
    order = _order_of(difference)
    if order is None:
        raise Refused(_l("This cannot be done any more. Please reload the page."))
    if remedy is Remedy.AS_ADVANCE:
        book_as_advance(order=order, by=by)
    else:
        book_as_owed(order=order, reason=str(difference.kind.label), by=by)


def _order_of(difference: ProviderDifference) -> RefundOrder | None:
    number = difference.details.get("order_id")
    return db.session.get(RefundOrder, number, populate_existing=True) if isinstance(number, int) else None


def _book_fee(difference: ProviderDifference) -> None:
    """Money that left our balance there is a fee; what came is a fee returned."""
    amount = int(difference.details["amount_yen"])
    if difference.kind is DifferenceKind.MOVEMENT:
        amount = -amount
    else:
        amount -= int(difference.details["here_yen"])
    ledger.post(
        EntryKind.PROVIDER_FEE,
        source=f"difference:{difference.id}",
        transfers=books.provider_fee(Account.STRIPE_FEES, amount),
        booked_on=clock.today(),
        memo=difference.reference,
        invoice_id=difference.invoice_id,
    )
