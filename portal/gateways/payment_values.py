"""What the house knows about a payment: plain values, so that nobody above the gateway meets the provider's classes.

Amounts are whole yen, moments aware UTC.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Literal

RefundReason = Literal["duplicate", "requested_by_customer"]
Language = Literal["ja", "en"]


class Method(StrEnum):
    """Ways to pay that a checkout may offer."""

    CARD = "card"
    BANK_TRANSFER = "bank_transfer"


class CheckoutStatus(StrEnum):
    """OPEN until the payer has chosen; COMPLETE does not mean paid (a bank transfer may take days)."""

    OPEN = "open"
    COMPLETE = "complete"
    EXPIRED = "expired"


class IntentStatus(StrEnum):
    """The provider's states of a payment, in the order in which they can be reached."""

    REQUIRES_PAYMENT_METHOD = "requires_payment_method"
    REQUIRES_CONFIRMATION = "requires_confirmation"
    REQUIRES_ACTION = "requires_action"
    PROCESSING = "processing"
    REQUIRES_CAPTURE = "requires_capture"
    SUCCEEDED = "succeeded"
    CANCELED = "canceled"


@dataclass(frozen=True, slots=True)
class Checkout:
    """A page on which one amount can be paid. `url` is None once the page is closed."""

    id: str
    url: str | None
    payment_intent_id: str | None
    expires_at: datetime
    status: CheckoutStatus
    is_paid: bool
    amount_yen: int
    reference: str
    customer: str | None
    metadata: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class TransferAccount:
    """The virtual account that belongs to one payer, and what is still to be sent to it."""

    bank_name: str
    bank_code: str
    branch_name: str
    branch_code: str
    account_type: str
    account_number: str
    account_holder: str
    remaining_yen: int
    instructions_url: str | None


@dataclass(frozen=True, slots=True)
class Intent:
    """One payment. `received_yen` counts money that has arrived, also while the rest is awaited."""

    id: str
    status: IntentStatus
    amount_yen: int
    received_yen: int
    refunded_yen: int
    method: Method | None
    charge_ids: tuple[str, ...]
    metadata: Mapping[str, str]
    customer: str | None
    created: datetime
    transfer_account: TransferAccount | None = None
    failure: str | None = None

    @property
    def is_paid(self) -> bool:
        """The whole amount is here."""
        return self.status is IntentStatus.SUCCEEDED

    @property
    def is_partially_funded(self) -> bool:
        """Some of a bank transfer has arrived, but not all of it."""
        return self.status is IntentStatus.REQUIRES_ACTION and 0 < self.received_yen < self.amount_yen


class RefundStatus(StrEnum):
    """The provider's states of money that is given back. Even SUCCEEDED may become FAILED when a bank sends it back."""

    PENDING = "pending"
    REQUIRES_ACTION = "requires_action"
    SUCCEEDED = "succeeded"
    FAILED = "failed"
    CANCELED = "canceled"


@dataclass(frozen=True, slots=True)
class Refund:
    """Money given back: of a payment, or (no payment named) out of a payer's balance."""

    id: str
    status: RefundStatus
    amount_yen: int
    payment_intent_id: str | None
    charge_id: str | None
    created: datetime
    metadata: Mapping[str, str] = field(default_factory=dict)
    failure: str | None = None


class DisputeStatus(StrEnum):
    """The provider's states of a payment that the card's holder contests; those with "warning" move no money."""

    WARNING_NEEDS_RESPONSE = "warning_needs_response"
    WARNING_UNDER_REVIEW = "warning_under_review"
    WARNING_CLOSED = "warning_closed"
    NEEDS_RESPONSE = "needs_response"
    UNDER_REVIEW = "under_review"
    WON = "won"
    LOST = "lost"
    PREVENTED = "prevented"


@dataclass(frozen=True, slots=True)
class Dispute:
    """A payment that the card's holder contests. `withdrawn_yen`, `fee_yen`: what it has cost us until now, in sum."""

    id: str
    status: DisputeStatus
    amount_yen: int
    withdrawn_yen: int
    fee_yen: int
    reason: str
    payment_intent_id: str | None
    created: datetime
    evidence_due: datetime | None = None


@dataclass(frozen=True, slots=True)
class Movement:
    """A movement of our balance at the provider; `source_id` is the charge, refund, dispute … behind it.

    `amount_yen` is before the fee, and below nothing when money leaves.
    """

    id: str
    kind: str
    amount_yen: int
    fee_yen: int
    source_id: str | None
    created: datetime


@dataclass(frozen=True, slots=True)
class Event:
    """News from the provider: which object changed. Read the object afresh before money moves."""

    id: str
    type: str
    object_id: str
    object_type: str
    created: datetime


class ProviderError(Exception):
    """The payment provider did not do what was asked."""


class ProviderUnavailable(ProviderError):
    """Not reachable, overloaded or broken: the same call with the same key may be repeated later."""


class ProviderRefused(ProviderError):
    """Answered with a reason; repeating does not help. `code` and `param` are the provider's words."""

    def __init__(self, message: str, *, code: str | None = None, param: str | None = None) -> None:
        super().__init__(message)
        self.code = code
        self.param = param

    @property
    def is_missing(self) -> bool:
        """The object does not exist there."""
        return self.code == "resource_missing"


class BadSignature(ProviderError):
    """A webhook that the provider did not sign, or signed too long ago or too far ahead."""
