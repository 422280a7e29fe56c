"""What comes after a payment at the provider: refunds, payers' balances, contested payments, our own balance."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import TYPE_CHECKING

from portal.gateways import stripe_reading as reading
from portal.gateways.payment_values import Dispute, Intent, Movement, Refund, RefundReason
from portal.gateways.stripe_errors import translated

if TYPE_CHECKING:
    from stripe._v1_services import V1Services
    from stripe.params import PaymentIntentCreateParams, RefundCreateParams

PAGE = 100
CURRENCY = "jpy"


class StripeReturns:
    """The part of the gateway that gives money back or looks at what became of it."""

    _v1: V1Services

    def refund(
        self,
        *,
        payment_intent_id: str,
        amount_yen: int,
        idempotency_key: str,
        reason: RefundReason | None = None,
        metadata: Mapping[str, str] | None = None,
    ) -> Refund:
        """See PaymentProvider."""
        params: RefundCreateParams = {
            "payment_intent": payment_intent_id,
            "amount": amount_yen,
            "metadata": dict(metadata or {}),
        }
        if reason:
            params["reason"] = reason
        with translated():
            return reading.refund(self._v1.refunds.create(params, {"idempotency_key": idempotency_key}))

    def fetch_refund(self, refund_id: str) -> Refund:
        """See PaymentProvider."""
        with translated():
            return reading.refund(self._v1.refunds.retrieve(refund_id))

    def refunds_of(self, intent_id: str) -> tuple[Refund, ...]:
        """See PaymentProvider."""
        with translated():
            found = self._v1.refunds.list({"payment_intent": intent_id, "limit": PAGE})
            return tuple(reading.refund(each) for each in reversed(list(found.auto_paging_iter())))

    def list_refunds(self, since: datetime) -> tuple[Refund, ...]:
        """See PaymentProvider."""
        with translated():
            found = self._v1.refunds.list({"created": {"gte": int(since.timestamp())}, "limit": PAGE})
            return tuple(reading.refund(each) for each in reversed(list(found.auto_paging_iter())))

    def fetch_balance(self, customer: str) -> int:
        """See PaymentProvider."""
        with translated():
            available = self._v1.customers.cash_balance.retrieve(customer).available
            return int(available.to_dict().get(CURRENCY, 0)) if available else 0

    def pay_from_balance(
        self,
        *,
        customer: str,
        amount_yen: int,
        description: str,
        metadata: Mapping[str, str],
        idempotency_key: str,
    ) -> Intent:
        """See PaymentProvider."""
        params: PaymentIntentCreateParams = {
            "amount": amount_yen,
            "currency": CURRENCY,
            "customer": customer,
            "description": description,
            "metadata": dict(metadata),
            "allowed_payment_method_types": ["customer_balance"],
            "payment_method_data": {"type": "customer_balance"},
            "payment_method_options": {
                "customer_balance": {
                    "funding_type": "bank_transfer",
                    "bank_transfer": {"type": "jp_bank_transfer"},
                }
            },
            "confirm": True,
            "expand": ["latest_charge"],
        }
        with translated():
            return reading.intent(
                self._v1.payment_intents.create(params, {"idempotency_key": idempotency_key})
            )

    def refund_balance(
        self,
        *,
        customer: str,
        amount_yen: int,
        email: str,
        idempotency_key: str,
        metadata: Mapping[str, str] | None = None,
    ) -> Refund:
        """See PaymentProvider."""
        params: RefundCreateParams = {
            "origin": "customer_balance",
            "customer": customer,
            "amount": amount_yen,
            "currency": CURRENCY,
            "metadata": dict(metadata or {}),
        }
        if email:
            params["instructions_email"] = email
        with translated():
            return reading.refund(self._v1.refunds.create(params, {"idempotency_key": idempotency_key}))

    def fetch_dispute(self, dispute_id: str) -> Dispute:
        """See PaymentProvider."""
        with translated():
            return reading.dispute(self._v1.disputes.retrieve(dispute_id))

    def list_disputes(self, since: datetime) -> tuple[Dispute, ...]:
        """See PaymentProvider."""
        with translated():
            found = self._v1.disputes.list({"created": {"gte": int(since.timestamp())}, "limit": PAGE})
            return tuple(reading.dispute(each) for each in reversed(list(found.auto_paging_iter())))

    def list_movements(self, since: datetime) -> tuple[Movement, ...]:
        """See PaymentProvider."""
        with translated():
            found = self._v1.balance_transactions.list(
                {"created": {"gte": int(since.timestamp())}, "limit": PAGE}
            )
            return tuple(reading.movement(each) for each in reversed(list(found.auto_paging_iter())))
