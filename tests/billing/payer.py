"""Plays the payer, the bank and the provider's postman."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import Any

from flask import Flask

from portal.billing.enums import PayMethod
from portal.billing.models import CheckoutAttempt, Invoice
from portal.billing.services.checkouts import open_checkout
from portal.core.access import Actor
from portal.core.db import db
from portal.core.transaction import rollback, transaction
from portal.gateways.payments import StripePayments
from portal.gateways.stripe_standin import StandIn


@dataclass(frozen=True)
class Payer:
    """One company's way through the provider."""

    app: Flask
    stand_in: StandIn
    provider: StripePayments

    def open(self, invoice: Invoice, by: Actor, method: PayMethod = PayMethod.CARD) -> CheckoutAttempt:
        """Open a payment page as the route would."""
        with transaction():
            attempt = open_checkout(
                invoice=invoice,
                method=method,
                by=by,
                return_to=lambda each: f"http://localhost/billing/checkouts/{each.key}",
                cancel_to=lambda each: f"http://localhost/billing/invoices/{each.invoice_id}",
            )
            attempt_id = attempt.id
        return self.attempt(attempt_id)

    def attempt(self, attempt_id: int) -> CheckoutAttempt:
        """The attempt as it stands now."""
        rollback()
        return db.session.get_one(CheckoutAttempt, attempt_id, populate_existing=True)

    def choose(self, attempt: CheckoutAttempt, outcome: str) -> str:
        """card, declined, bank_transfer or expired; the customer's name at the provider."""
        return str(self.stand_in.choose(str(attempt.session_id), outcome)["customer"])

    def transfer(self, customer: str, amount_yen: int) -> None:
        """Money arrives on the customer's account there."""
        self.stand_in.transfer(customer, amount_yen)

    def deliver(self) -> int:
        """Send all news that waits; how many were accepted."""
        rollback()
        accepted = self.stand_in.flush()
        rollback()
        return accepted

    def news(self) -> list[tuple[bytes, dict[str, str]]]:
        """Every event so far, signed and ready to be posted in any order, any number of times."""
        events = {each["event"] for each in self.stand_in.deliveries.listed()}
        return [self.stand_in.deliveries.signed(event) for event in sorted(events)]

    def post(self, body: bytes, headers: dict[str, str]) -> int:
        """Deliver one by hand."""
        rollback()
        answer = self.app.test_client().post("/billing/webhooks/stripe", data=body, headers=headers)
        rollback()
        return answer.status_code


def event_of(body: bytes) -> dict[str, Any]:
    """The event in a delivery."""
    found: dict[str, Any] = json.loads(body)
    return found
