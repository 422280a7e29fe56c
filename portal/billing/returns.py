"""Kinds and states of money that goes back through the payment provider, with their words."""

from __future__ import annotations

from enum import StrEnum

from portal.core.i18n import _l
from portal.gateways.payments import DisputeStatus, RefundStatus


class OrderKind(StrEnum):
    """What is given back there: a payment, what the payer has in its balance, or a part that came of a payment."""

    PAYMENT = "payment"
    BALANCE = "balance"
    PART = "part"  # the payment is given up, and what had come of it returns to the payer's balance

    @property
    def label(self) -> object:
        return KIND_LABELS[self]


class OrderOrigin(StrEnum):
    """Who began it: the office here, the provider's own pages, or an order before it."""

    OFFICE = "office"
    THERE = "found_there"
    FOLLOWS = "follows"


class OrderState(StrEnum):
    """Where money that goes back stands."""

    REQUESTED = "requested"  # written down, the provider not yet asked (or its answer lost)
    PENDING = "refund_pending"
    REQUIRES_ACTION = "requires_action"
    SUCCEEDED = "succeeded"
    CANCELLED = "refund_cancelled"
    FAILED = "failed"

    @property
    def label(self) -> object:
        return ORDER_LABELS[self]

    @property
    def before(self) -> tuple[OrderState, ...]:
        """From where this can be reached; a bank may send back even what had succeeded."""
        if self in (OrderState.PENDING, OrderState.REQUIRES_ACTION):
            return tuple(each for each in UNDER_WAY if each is not self)
        if self in (OrderState.CANCELLED, OrderState.FAILED):
            return (*UNDER_WAY, OrderState.SUCCEEDED)
        return UNDER_WAY if self is OrderState.SUCCEEDED else ()


UNDER_WAY = (OrderState.REQUESTED, OrderState.PENDING, OrderState.REQUIRES_ACTION)
GIVEN_UP = (OrderState.CANCELLED, OrderState.FAILED)


class Booking(StrEnum):
    """Where the money of an order comes from in our books."""

    NONE = "unbooked"  # nowhere: it is the payer's own balance, or nobody has decided
    ADVANCE = "advance"
    OWED_AGAIN = "owed_again"


class DisputeState(StrEnum):
    """Where a contested payment stands; the order is the rank."""

    INQUIRY = "inquiry"
    NEEDS_RESPONSE = "needs_response"
    UNDER_REVIEW = "under_review"
    CLOSED = "dispute_closed"
    WON = "won"
    LOST = "lost"

    @property
    def label(self) -> object:
        return DISPUTE_LABELS[self]

    @property
    def rank(self) -> int:
        """News never moves it back."""
        return list(DisputeState).index(self)

    @property
    def is_open(self) -> bool:
        return self in OPEN_DISPUTES


OPEN_DISPUTES = (DisputeState.INQUIRY, DisputeState.NEEDS_RESPONSE, DisputeState.UNDER_REVIEW)
ORDER_STATES = {
    RefundStatus.PENDING: OrderState.PENDING,
    RefundStatus.REQUIRES_ACTION: OrderState.REQUIRES_ACTION,
    RefundStatus.SUCCEEDED: OrderState.SUCCEEDED,
    RefundStatus.FAILED: OrderState.FAILED,
    RefundStatus.CANCELED: OrderState.CANCELLED,
}
DISPUTE_STATES = {
    DisputeStatus.WARNING_NEEDS_RESPONSE: DisputeState.INQUIRY,
    DisputeStatus.WARNING_UNDER_REVIEW: DisputeState.INQUIRY,
    DisputeStatus.WARNING_CLOSED: DisputeState.CLOSED,
    DisputeStatus.PREVENTED: DisputeState.CLOSED,
    DisputeStatus.NEEDS_RESPONSE: DisputeState.NEEDS_RESPONSE,
    DisputeStatus.UNDER_REVIEW: DisputeState.UNDER_REVIEW,
    DisputeStatus.WON: DisputeState.WON,
    DisputeStatus.LOST: DisputeState.LOST,
}
KIND_LABELS = {
    OrderKind.PAYMENT: _l("Refund of a payment"),
    OrderKind.BALANCE: _l("Transfer from the payer's balance to its bank"),
    OrderKind.PART: _l("Return of a part that had arrived"),
}
ORDER_LABELS = {
    OrderState.REQUESTED: _l("Being sent to the payment provider"),
    OrderState.PENDING: _l("Under way"),
    OrderState.REQUIRES_ACTION: _l("The payer has to name an account"),
    OrderState.SUCCEEDED: _l("Given back"),
    OrderState.CANCELLED: _l("Cancelled"),
    OrderState.FAILED: _l("Failed"),
}
DISPUTE_LABELS = {
    DisputeState.INQUIRY: _l("The card company asks"),
    DisputeState.NEEDS_RESPONSE: _l("To be answered"),
    DisputeState.UNDER_REVIEW: _l("Being examined"),
    DisputeState.CLOSED: _l("Closed without effect"),
    DisputeState.WON: _l("Our case was accepted"),
    DisputeState.LOST: _l("Our case was rejected"),
}
REASON_LABELS = {
    "duplicate": _l("Charged twice"),
    "fraudulent": _l("Not made by the card's holder"),
    "product_not_received": _l("Service not received"),
    "product_unacceptable": _l("Service not as described"),
    "subscription_canceled": _l("Cancelled before"),
    "unrecognized": _l("Not recognised by the card's holder"),
    "credit_not_processed": _l("Promised refund not made"),
}
