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
    Event,
    Intent,
    IntentStatus,
    Language,
    Method,
    ProviderError,
    ProviderRefused,
    ProviderUnavailable,
    Refund,
    RefundReason,
    TransferAccount,
)
from portal.gateways.stripe_payments import StripePayments

__all__ = [
    "BadSignature",
    "Checkout",
    "CheckoutStatus",
    "Event",
    "Intent",
    "IntentStatus",
    "Language",
    "Method",
    "PaymentProvider",
    "ProviderError",
    "ProviderRefused",
    "ProviderUnavailable",
    "Refund",
    "RefundReason",
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

    def verify_webhook(self, raw: bytes, signature_header: str, now: datetime) -> Event:
        """Check the signature on the raw body; raises BadSignature, also beyond 5 minutes before or after now."""

    def close(self) -> None:
        """Let go of connections."""
