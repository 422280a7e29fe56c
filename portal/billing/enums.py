"""Kinds and states, with their words."""

from __future__ import annotations

from enum import StrEnum

from portal.core.i18n import _l
from portal.domain.ledger import Account, EntryKind
from portal.domain.quote_flow import QuoteState
from portal.domain.tax import RoundingMode, TaxCategory

MORE_TIME = "invoice.extended"  # the trail of a claim that may be paid later: `due_on` from → to


class ReceivableState(StrEnum):
    """What is owed on an invoice, as the amounts say (`portal.domain.settlement.Standing`).

    WRITTEN_OFF is shown to the office alone and stored nowhere: the row says paid or cancelled.
    """

    UNPAID = "unpaid"
    PARTLY_PAID = "partly_paid"
    PAID = "paid"
    OVERPAID = "overpaid"
    CANCELLED = "cancelled"
    WRITTEN_OFF = "written_off"

    @property
    def label(self) -> object:
        return RECEIVABLE_LABELS[self]

    @property
    def is_owed(self) -> bool:
        """Something is still to be paid."""
        return self in OWED


OWED = (ReceivableState.UNPAID, ReceivableState.PARTLY_PAID)
SETTLED = (ReceivableState.PAID, ReceivableState.OVERPAID)
RECEIVABLE_LABELS = {
    ReceivableState.UNPAID: _l("Unpaid"),
    ReceivableState.PARTLY_PAID: _l("Partly paid"),
    ReceivableState.PAID: _l("Paid"),
    ReceivableState.OVERPAID: _l("Advance held"),
    ReceivableState.CANCELLED: _l("Cancelled"),
    ReceivableState.WRITTEN_OFF: _l("Written off"),
}


class PaymentSource(StrEnum):
    """Who told us of the money: the secretariat from the bank's statement, or the payment provider."""

    BANK = "bank"
    STRIPE = "stripe"


class PayMethod(StrEnum):
    """How it was paid. The first two go through the provider's checkout page."""

    CARD = "card"
    BANK_TRANSFER = "bank_transfer"
    PLAIN_TRANSFER = "plain_transfer"

    @property
    def label(self) -> object:
        return METHOD_LABELS[self]


METHOD_LABELS = {
    PayMethod.CARD: _l("Card"),
    PayMethod.BANK_TRANSFER: _l("Bank transfer to your virtual account"),
    PayMethod.PLAIN_TRANSFER: _l("Bank transfer"),
}


class AttemptState(StrEnum):
    """Where a checkout stands. The order is the rank: news never moves it back."""

    STARTED = "started"  # written down, the provider not yet asked (or its answer lost)
    OPEN = "checkout_open"
    AWAITING_TRANSFER = "awaiting_transfer"
    PARTLY_FUNDED = "partially_paid"
    CLOSED = "closed"  # expired, given up or replaced
    PAID = "paid"

    @property
    def label(self) -> object:
        return ATTEMPT_LABELS[self]

    @property
    def rank(self) -> int:
        """How far along; a late or doubled message about an earlier state changes nothing."""
        return list(AttemptState).index(self)


LIVE_ATTEMPTS = (
    AttemptState.STARTED,
    AttemptState.OPEN,
    AttemptState.AWAITING_TRANSFER,
    AttemptState.PARTLY_FUNDED,
)
ATTEMPT_LABELS = {
    AttemptState.STARTED: _l("Being prepared"),
    AttemptState.OPEN: _l("Payment page open"),
    AttemptState.AWAITING_TRANSFER: _l("Waiting for the transfer"),
    AttemptState.PARTLY_FUNDED: _l("Part of the transfer has arrived"),
    AttemptState.CLOSED: _l("No longer open"),
    AttemptState.PAID: _l("Paid"),
}


class EventState(StrEnum):
    """Whether a provider's message has been applied."""

    RECEIVED = "received"
    DONE = "done"

    @property
    def label(self) -> object:
        return _l("Received") if self is EventState.RECEIVED else _l("Applied")


class Outcome(StrEnum):
    """What a provider's message led to."""

    NONE = ""
    BOOKED = "booked"
    STATE = "state"
    NOTHING = "nothing"
    UNKNOWN_PAYMENT = "unknown_payment"

    @property
    def label(self) -> object:
        return OUTCOME_LABELS[self]


OUTCOME_LABELS = {
    Outcome.NONE: "",
    Outcome.BOOKED: _l("Money booked"),
    Outcome.STATE: _l("State brought up to date"),
    Outcome.NOTHING: _l("Nothing to do"),
    Outcome.UNKNOWN_PAYMENT: _l("Noted as a difference"),
}


class EventOrigin(StrEnum):
    """How we learned of it: it was delivered, or we found it when we looked."""

    DELIVERED = "delivered"
    FOUND = "found"


class DifferenceKind(StrEnum):
    """How our books and the provider's can differ."""

    UNKNOWN_PAYMENT = "unknown_payment"
    NOT_AT_PROVIDER = "not_at_provider"
    AMOUNT_DIFFERS = "amount_differs"
    REFUNDED = "refunded_there"
    REFUND_UNKNOWN = "refund_unknown_there"
    REFUND_DIFFERS = "refund_differs"
    PART_RELEASED = "part_released_there"
    DISPUTE_WITHOUT_INVOICE = "dispute_without_invoice"
    DISPUTE_UNKNOWN = "dispute_unknown_there"
    DISPUTE_DIFFERS = "dispute_differs"
    MOVEMENT = "movement_unexplained"
    FEE_DIFFERS = "fee_differs"

    @property
    def label(self) -> object:
        return DIFFERENCE_LABELS[self]


DIFFERENCE_LABELS = {
    DifferenceKind.UNKNOWN_PAYMENT: _l("The provider has a payment that belongs to no invoice of ours"),
    DifferenceKind.NOT_AT_PROVIDER: _l("Our books have a payment that the provider does not know"),
    DifferenceKind.AMOUNT_DIFFERS: _l("The amounts differ"),
    DifferenceKind.REFUNDED: _l("The provider has paid money back that is no advance here"),
    DifferenceKind.REFUND_UNKNOWN: _l("Our books have a refund that the provider does not know"),
    DifferenceKind.REFUND_DIFFERS: _l("The amounts of a refund differ"),
    DifferenceKind.PART_RELEASED: _l(
        "The provider has given a payment up and returned the part that had arrived"
    ),
    DifferenceKind.DISPUTE_WITHOUT_INVOICE: _l("A payment that belongs to no invoice of ours is contested"),
    DifferenceKind.DISPUTE_UNKNOWN: _l("Our books have a contested payment that the provider does not know"),
    DifferenceKind.DISPUTE_DIFFERS: _l("What a contested payment has cost differs"),
    DifferenceKind.MOVEMENT: _l(
        "Our balance at the provider has moved for a reason that our books do not know"
    ),
    DifferenceKind.FEE_DIFFERS: _l("The fees of a payment differ"),
}


class FeeProduct(StrEnum):
    """What is sold. Whether a product is taxed is the issuer's decision, written down with a date."""

    MEMBERSHIP = "membership"
    TRAINING = "training"
    EVENT = "event"
    OTHER = "other"

    @property
    def label(self) -> object:
        return PRODUCT_LABELS[self]


PRODUCT_LABELS = {
    FeeProduct.MEMBERSHIP: _l("Membership fee"),
    FeeProduct.TRAINING: _l("Training fee"),
    FeeProduct.EVENT: _l("Fee for an event"),
    FeeProduct.OTHER: _l("Other"),
}

TAX_LABELS = {
    TaxCategory.STANDARD_10: _l("Taxable at 10 percent"),
    TaxCategory.REDUCED_8: _l("Taxable at the reduced rate of 8 percent"),
    TaxCategory.EXEMPT: _l("Exempt from tax"),
    TaxCategory.OUT_OF_SCOPE: _l("Outside the scope of tax"),
}
ROUNDING_LABELS = {
    RoundingMode.FLOOR: _l("Round down"),
    RoundingMode.HALF_UP: _l("Round half up"),
    RoundingMode.CEIL: _l("Round up"),
}
ACCOUNT_LABELS = {
    Account.RECEIVABLE: _l("Accounts receivable"),
    Account.BANK: _l("Bank deposits"),
    Account.STRIPE_CLEARING: _l("Money held by the payment provider"),
    Account.STRIPE_FEES: _l("Payment provider's fees"),
    Account.DISPUTED: _l("Contested payments held by the provider"),
    Account.DISPUTE_FEES: _l("Fees for contested payments"),
    Account.LOSSES: _l("Bad debts and losses"),
    Account.ADVANCE_RECEIVED: _l("Advances received"),
    Account.REFUNDS_UNDER_WAY: _l("Refunds under way"),
    Account.SUSPENSE: _l("Suspense receipts"),
    Account.FEE_DEFERRED: _l("Deferred fee income"),
    Account.FEE_REVENUE: _l("Fee income"),
    Account.TAX_PAYABLE: _l("Consumption tax received"),
}
ENTRY_LABELS = {
    EntryKind.INVOICE_ISSUED: _l("Invoice issued"),
    EntryKind.PAYMENT_RECEIVED: _l("Payment received"),
    EntryKind.PAYMENT_REVERSED: _l("Payment undone"),
    EntryKind.ADVANCE_USED: _l("Advance used"),
    EntryKind.ADVANCE_RELEASED: _l("Advance no longer used"),
    EntryKind.FEE_EARNED: _l("Fee earned"),
    EntryKind.CREDIT_GIVEN: _l("Credit given"),
    EntryKind.PAID_BACK: _l("Advance paid back"),
    EntryKind.REFUND_ASKED: _l("Refund asked for"),
    EntryKind.REFUND_FAILED: _l("Refund failed"),
    EntryKind.TAKEN_BACK: _l("Payment given back by the provider"),
    EntryKind.PROVIDER_FEE: _l("Fee of the payment provider"),
    EntryKind.DISPUTE_HELD: _l("Contested payment taken by the provider"),
    EntryKind.DISPUTE_RETURNED: _l("Contested payment returned to our account"),
    EntryKind.DISPUTE_FEE: _l("Fee for a contested payment"),
    EntryKind.DISPUTE_LOST: _l("Contested payment taken back for good"),
    EntryKind.WRITTEN_OFF: _l("Claim written off"),
    EntryKind.WRITE_OFF_UNDONE: _l("Write-off undone"),
    EntryKind.FEE_RETURNED: _l("Transfer fee taken over"),
    EntryKind.FEE_RETURN_UNDONE: _l("Transfer fee no longer taken over"),
    EntryKind.DEPOSIT_PARKED: _l("Unknown deposit parked"),
    EntryKind.DEPOSIT_TAKEN_UP: _l("Parked deposit taken up"),
    EntryKind.DEPOSIT_SENT_BACK: _l("Deposit sent back"),
}
QUOTE_LABELS = {
    QuoteState.DRAFTED: _l("Not sent yet"),
    QuoteState.SENT: _l("Sent to the company"),
    QuoteState.ORDERED: _l("Ordered"),
    QuoteState.INVOICED: _l("Invoiced"),
    QuoteState.DECLINED: _l("Declined by the company"),
    QuoteState.EXPIRED: _l("Expired"),
    QuoteState.WITHDRAWN: _l("Withdrawn"),
}
