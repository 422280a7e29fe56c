"""The payment provider over Stripe's SDK, in the API version that the installed SDK pins."""

from __future__ import annotations

import json
from collections.abc import Collection, Mapping
from datetime import datetime, timedelta
from types import TracebackType
from typing import TYPE_CHECKING, Self

import stripe

from portal.gateways import stripe_reading as reading
from portal.gateways.payment_values import (
    BadSignature,
    Checkout,
    Event,
    Intent,
    Language,
    Method,
)
from portal.gateways.stripe_errors import translated
from portal.gateways.stripe_returns import StripeReturns

if TYPE_CHECKING:
    from stripe.params.checkout import SessionCreateParams, SessionCreateParamsLineItem

TOLERANCE = timedelta(minutes=5)
CONNECT_SECONDS, READ_SECONDS = 3.05, 10.0
RETRIES = 2
PAGE = 100
CUSTOMER_KEY = "renkei_customer"
_METHOD_NAMES = {Method.CARD: "card", Method.BANK_TRANSFER: "customer_balance"}
_NOT_AN_EVENT = (
    stripe.SignatureVerificationError,
    ValueError,
    TypeError,
    KeyError,
    AttributeError,
    ArithmeticError,
    OSError,
    StopIteration,
    RecursionError,
)


class StripePayments(StripeReturns):
    """The real thing. `api_base` points the same SDK at a stand-in; everything else stays the same."""

    def __init__(
        self, *, api_key: str, webhook_secret: str = "", api_base: str = "", retries: int = RETRIES
    ) -> None:
        self._webhook_secret = webhook_secret.strip()
        self._http = stripe.RequestsClient(timeout=(CONNECT_SECONDS, READ_SECONDS))
        client = stripe.StripeClient(
            api_key,
            base_addresses={"api": api_base.rstrip("/")} if api_base else {},
            max_network_retries=retries,
            http_client=self._http,
        )
        self._v1 = client.v1

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    @property
    def accepts_webhooks(self) -> bool:
        """Whether a webhook secret is configured."""
        return bool(self._webhook_secret)

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
        """See PaymentProvider."""
        offered = [method for method in Method if method in methods]
        if not offered or len(offered) != len(set(methods)):
            raise ValueError(f"methods must be some of {[str(m) for m in Method]}")
        notes = {**metadata, "reference": reference}
        params: SessionCreateParams = {
            "mode": "payment",
            "customer": self._customer(customer_ref, customer_email),
            "client_reference_id": reference,
            "line_items": [_line(amount_yen, currency, description)],
            "payment_intent_data": {"description": f"{reference} {description}", "metadata": notes},
            "metadata": notes,
            "allowed_payment_method_types": [_METHOD_NAMES[method] for method in offered],
            "success_url": success_url,
            "cancel_url": cancel_url,
        }
        if Method.BANK_TRANSFER in offered:
            params["payment_method_options"] = {
                "customer_balance": {
                    "funding_type": "bank_transfer",
                    "bank_transfer": {"type": "jp_bank_transfer"},
                }
            }
        if language:
            params["locale"] = language
        if expires_at:
            params["expires_at"] = int(expires_at.timestamp())
        with translated():
            return reading.checkout(
                self._v1.checkout.sessions.create(params, {"idempotency_key": idempotency_key})
            )

    def fetch_checkout(self, checkout_id: str) -> Checkout:
        """See PaymentProvider."""
        with translated():
            return reading.checkout(self._v1.checkout.sessions.retrieve(checkout_id))

    def expire_checkout(self, checkout_id: str) -> Checkout:
        """See PaymentProvider."""
        with translated():
            return reading.checkout(self._v1.checkout.sessions.expire(checkout_id))

    def fetch_payment_intent(self, intent_id: str) -> Intent:
        """See PaymentProvider."""
        with translated():
            return reading.intent(self._v1.payment_intents.retrieve(intent_id, {"expand": ["latest_charge"]}))

    def cancel_payment_intent(self, intent_id: str) -> Intent:
        """See PaymentProvider."""
        with translated():
            return reading.intent(self._v1.payment_intents.cancel(intent_id, {"expand": ["latest_charge"]}))

    def list_payments(self, since: datetime) -> tuple[Intent, ...]:
        """See PaymentProvider."""
        with translated():
            found = self._v1.payment_intents.list(
                {"created": {"gte": int(since.timestamp())}, "limit": PAGE, "expand": ["data.latest_charge"]}
            )
            return tuple(reading.intent(each) for each in reversed(list(found.auto_paging_iter())))

    def fetch_event(self, event_id: str) -> Event:
        """See PaymentProvider."""
        with translated():
            return reading.event(self._v1.events.retrieve(event_id).to_dict())

    def list_events(self, since: datetime) -> tuple[Event, ...]:
        """See PaymentProvider."""
        with translated():
            found = self._v1.events.list({"created": {"gte": int(since.timestamp())}, "limit": PAGE})
            return tuple(reading.event(each.to_dict()) for each in reversed(list(found.auto_paging_iter())))

    def verify_webhook(self, raw: bytes, signature_header: str, now: datetime) -> Event:
        """See PaymentProvider. The SDK's own check lets any future timestamp pass, so the age is judged here."""
        try:
            stripe.WebhookSignature.verify_header(raw, signature_header, self._webhook_secret)
            signed_at = next(part[2:] for part in signature_header.split(",") if part.startswith("t="))
            if abs(now.timestamp() - int(signed_at)) > TOLERANCE.total_seconds():
                raise BadSignature("the timestamp is more than five minutes away")
            return reading.event(json.loads(raw))
        except _NOT_AN_EVENT as error:
            raise BadSignature("the signature or the body is not valid") from error

    def close(self) -> None:
        """See PaymentProvider."""
        self._http.close()  # type: ignore[no-untyped-call]

    def _customer(self, customer_ref: str, email: str) -> str:
        """Our payer at the provider, made once: every payer keeps one virtual account for transfers.

        Searching lags behind by up to a minute, the key under which the customer is created closes that gap;
        therefore nothing that may change is part of the creation.
        """
        quoted = customer_ref.replace("\\", "\\\\").replace("'", "\\'")
        with translated():
            found = self._v1.customers.search({"query": f"metadata['{CUSTOMER_KEY}']:'{quoted}'", "limit": 1})
            customer = found.data[0] if found.data else self._new_customer(customer_ref)
            if customer.email != email:
                self._v1.customers.update(customer.id, {"email": email})
            return customer.id

    def _new_customer(self, customer_ref: str) -> stripe.Customer:
        return self._v1.customers.create(
            {"metadata": {CUSTOMER_KEY: customer_ref}},
            {"idempotency_key": f"renkei-customer-{customer_ref}"},
        )


def _line(amount_yen: int, currency: str, description: str) -> SessionCreateParamsLineItem:
    """One line: our invoice explains the rest. Yen have no minor unit, so the amount goes as it is."""
    return {
        "quantity": 1,
        "price_data": {
            "currency": currency,
            "unit_amount": amount_yen,
            "product_data": {"name": description},
        },
    }
