"""A payment provider to talk to, and a hand that does what payers and banks do."""

from __future__ import annotations

import uuid
from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING

import stripe

from portal.gateways.payments import Checkout, StripePayments

if TYPE_CHECKING:
    from stripe.params import PaymentIntentCreateParams

SECRET = "whsec_for_tests_alone"
TEST_KEY = "sk_test_stand_in"


@dataclass(frozen=True)
class Rig:
    """The provider under test, and the bare SDK with which the tests play the payer."""

    payments: StripePayments
    sdk: stripe.StripeClient

    def checkout(self, **changes: object) -> Checkout:
        """An ordinary annual fee, with what the test changes."""
        tag = uuid.uuid4().hex[:12]
        arguments: dict[str, object] = {
            "amount_yen": 1_100_000,
            "description": "年会費 2026年度 B",
            "reference": f"INV-{tag}",
            "customer_email": "keiri@example.co.jp",
            "customer_ref": f"ORG-{tag}",
            "methods": {"card", "bank_transfer"},
            "success_url": "https://renkei.example/paid?session={CHECKOUT_SESSION_ID}",
            "cancel_url": "https://renkei.example/invoice",
            "idempotency_key": f"checkout-{tag}",
            "metadata": {"invoice": "7"},
            "language": "ja",
            **changes,
        }
        return self.payments.create_checkout(**arguments)  # type: ignore[arg-type]

    def pay_by_card(self, amount_yen: int = 1_100_000, means: str = "pm_card_visa") -> stripe.PaymentIntent:
        """A payment by one of the provider's test cards."""
        params: PaymentIntentCreateParams = {
            "amount": amount_yen,
            "currency": "jpy",
            "allowed_payment_method_types": ["card"],
            "payment_method": means,
            "confirm": True,
            "metadata": {"invoice": "7"},
        }
        return self.sdk.v1.payment_intents.create(params)

    def promise_transfer(self, amount_yen: int = 1_100_000) -> stripe.PaymentIntent:
        """A payment that waits for a bank transfer."""
        customer = self.sdk.v1.customers.create({"email": "keiri@example.co.jp"})
        params: PaymentIntentCreateParams = {
            "amount": amount_yen,
            "currency": "jpy",
            "customer": customer.id,
            "allowed_payment_method_types": ["customer_balance"],
            "payment_method_data": {"type": "customer_balance"},
            "payment_method_options": {
                "customer_balance": {
                    "funding_type": "bank_transfer",
                    "bank_transfer": {"type": "jp_bank_transfer"},
                }
            },
            "confirm": True,
        }
        return self.sdk.v1.payment_intents.create(params)

    def transfer(self, customer: str, amount_yen: int) -> None:
        """Money arrives on the customer's virtual account."""
        self.sdk.v1.test_helpers.customers.fund_cash_balance(
            customer, {"amount": amount_yen, "currency": "jpy"}
        )


def open_rig(key: str, api_base: str) -> Iterator[Rig]:
    http = stripe.RequestsClient(timeout=20)
    sdk = stripe.StripeClient(
        key, base_addresses={"api": api_base} if api_base else {}, http_client=http, max_network_retries=0
    )
    with StripePayments(api_key=key, webhook_secret=SECRET, api_base=api_base) as payments:
        yield Rig(payments, sdk)
    http.close()
