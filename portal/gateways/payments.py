"""Payments by card and by Japanese bank transfer: the interface, and where to find what implements it.

Our invoice is the truth; the provider carries one PaymentIntent for it (its own invoices stay open when a payer
deducts the transfer fee).
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from datetime import datetime
from typing import Protocol

from portal.gateways.payment_values import (
    BadSignature,
    Checkout,
    CheckoutStatus,
    Dispute,
    DisputeStatus,
    Event,
    Intent,
    IntentStatus,
    Language,
    Method,
    Movement,
    ProviderError,
    ProviderRefused,
    ProviderUnavailable,
    Refund,
    RefundReason,
    RefundStatus,
    TransferAccount,
)
from portal.gateways.stripe_payments import StripePayments

__all__ = [
    "BadSignature",
    "Checkout",
    "CheckoutStatus",
    "Dispute",
    "DisputeStatus",
    "Event",
    "Intent",
    "IntentStatus",
    "Language",
    "Method",
    "Movement",
    "PaymentProvider",
    "ProviderError",
    "ProviderRefused",
    "ProviderUnavailable",
    "Refund",
    "RefundReason",
    "RefundStatus",
    "StripePayments",
    "TransferAccount",
]


class PaymentProvider(Protocol):
    """Every call may raise ProviderUnavailable (try again later) or ProviderRefused (says why)."""

    @property
    def accepts_webhooks(self) -> bool:
        """Whether a webhook secret is configured; without one the endpoint must be off."""

    def create_checkout(
        self,
        *,
        amount_yen: int,
        currency: str = "jpy",
        description: str,
        reference: str,
        customer_email: str,
        customer_ref: str,
        methods: Collection[str],
        success_url: str,
        cancel_url: str,
        idempotency_key: str,
        metadata: Mapping[str, str],
        language: Language | None = None,
        expires_at: datetime | None = None,
    ) -> Checkout:
        """Open a page for one amount; `reference` is our invoice number, `customer_ref` our payer.

        The same key with the same arguments gives the same checkout; with others it is refused.
        """

    def fetch_checkout(self, checkout_id: str) -> Checkout:
        """Read a checkout as it is now."""

    def expire_checkout(self, checkout_id: str) -> Checkout:
        """Close an open checkout; refused when the payer has finished or it is closed already."""

    def fetch_payment_intent(self, intent_id: str) -> Intent:
        """Read a payment as it is now."""

    def cancel_payment_intent(self, intent_id: str) -> Intent:
        """Give up a payment that is not complete; money that has arrived stays with the payer's balance."""

    def list_payments(self, since: datetime) -> tuple[Intent, ...]:
        """Payments *begun* at or after `since`, oldest first; those paid later are found by their events."""

    def fetch_event(self, event_id: str) -> Event:
        """Read an event (the provider keeps them for 30 days)."""

    def list_events(self, since: datetime) -> tuple[Event, ...]:
        """Events at or after `since`, oldest first."""

    def refund(
        self,
        *,
        payment_intent_id: str,
        amount_yen: int,
        idempotency_key: str,
        reason: RefundReason | None = None,
        metadata: Mapping[str, str] | None = None,
    ) -> Refund:
        """Give back all or part; refused when more than what is left. A transfer returns to the payer's balance."""

    def fetch_refund(self, refund_id: str) -> Refund:
        """Read a refund as it is now."""

    def refunds_of(self, intent_id: str) -> tuple[Refund, ...]:
        """Every refund of a payment, oldest first, whoever asked for it."""

    def list_refunds(self, since: datetime) -> tuple[Refund, ...]:
        """Refunds begun at or after `since`, oldest first."""

    def fetch_balance(self, customer: str) -> int:
        """Yen of a payer that have arrived and pay nothing: a transfer of too much, or one that was refunded."""

    def pay_from_balance(
        self,
        *,
        customer: str,
        amount_yen: int,
        description: str,
        metadata: Mapping[str, str],
        idempotency_key: str,
    ) -> Intent:
        """A payment out of the payer's balance; what the balance does not cover is awaited as a transfer."""

    def refund_balance(
        self,
        *,
        customer: str,
        amount_yen: int,
        email: str,
        idempotency_key: str,
        metadata: Mapping[str, str] | None = None,
    ) -> Refund:
        """Send money of a payer's balance to its bank; `email` is asked when the account is not known there."""

    def fetch_dispute(self, dispute_id: str) -> Dispute:
        """Read a contested payment as it is now."""

    def list_disputes(self, since: datetime) -> tuple[Dispute, ...]:
        """Disputes opened at or after `since`, oldest first."""

    def list_movements(self, since: datetime) -> tuple[Movement, ...]:
        """Movements of our balance there at or after `since`, oldest first."""

    def verify_webhook(self, raw: bytes, signature_header: str, now: datetime) -> Event:
        """Check the signature on the raw body; raises BadSignature, also beyond 5 minutes before or after now."""

    def close(self) -> None:
        """Let go of connections."""
