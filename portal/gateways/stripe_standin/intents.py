"""PaymentIntents and charges: how money moves, and which news that makes, in order."""

from __future__ import annotations

from typing import Any

import stripe

from portal.gateways.stripe_standin.balance import fee_of, move
from portal.gateways.stripe_standin.refusals import Refusal
from portal.gateways.stripe_standin.skeletons import skeleton
from portal.gateways.stripe_standin.state import Body, State

SMALLEST_YEN, LARGEST_YEN = 50, 99_999_999
DECLINED = "Your card was declined."
_OPEN = ("requires_payment_method", "requires_confirmation", "requires_action", "processing")


def check_amount(amount: int, currency: str, param: str = "amount") -> None:
    """Yen alone, within the provider's limits."""
    if currency != "jpy":
        raise Refusal("This stand-in takes jpy alone.", code="invalid_currency", param="currency")
    if amount < SMALLEST_YEN:
        raise Refusal("Amount must be at least ¥50 jpy", code="amount_too_small", param=param)
    if amount > LARGEST_YEN:
        raise Refusal("Amount must be no more than ¥99,999,999", code="amount_too_large", param=param)


def create_intent(state: State, *, amount: int, methods: list[str], **values: Any) -> Body:
    """A payment that waits for its means."""
    name = state.new_id("pi")
    intent = skeleton(
        stripe.PaymentIntent,
        id=name,
        amount=amount,
        currency="jpy",
        client_secret=f"{name}_secret_{state.new_id('x')[2:]}",
        created=state.now(),
        status="requires_payment_method",
        payment_method_types=methods,
        allowed_payment_method_types=methods,
        **values,
    )
    state.emit("payment_intent.created", state.save(intent))
    return intent


def pay_by_card(state: State, intent: Body) -> Body:
    """The card is accepted: charge.succeeded, payment_intent.succeeded."""
    intent["payment_method"] = state.new_id("pm")
    return settle(state, intent, "card")


def settle(state: State, intent: Body, method: str) -> Body:
    """The whole amount is here."""
    charge = _charge(state, intent, method, status="succeeded", paid=True, captured=True)
    charge["amount_captured"] = charge["amount"]
    kind = "charge" if method == "card" else "payment"
    moved = move(state, kind, charge["amount"], charge["id"], fee=fee_of(method, charge["amount"]))
    charge["balance_transaction"] = moved["id"]
    state.save(charge)
    intent.update(
        status="succeeded",
        amount_received=intent["amount"],
        latest_charge=charge["id"],
        next_action=None,
        last_payment_error=None,
    )
    state.save(intent)
    state.emit("charge.succeeded", charge)
    state.emit("payment_intent.succeeded", intent)
    return intent


def decline_card(state: State, intent: Body) -> Body:
    """The card is refused: charge.failed, payment_intent.payment_failed; another attempt is open."""
    charge = _charge(
        state, intent, "card", status="failed", failure_code="card_declined", failure_message=DECLINED
    )
    state.save(charge)
    intent.update(
        status="requires_payment_method",
        latest_charge=charge["id"],
        last_payment_error={
            "type": "card_error",
            "code": "card_declined",
            "decline_code": "generic_decline",
            "message": DECLINED,
            "charge": charge["id"],
        },
    )
    state.save(intent)
    state.emit("charge.failed", charge)
    state.emit("payment_intent.payment_failed", intent)
    return intent


def cancel_intent(state: State, intent: Body, reason: str | None = None) -> Body:
    """Give up a payment that is not complete."""
    if intent["status"] not in _OPEN:
        raise Refusal(
            f"You cannot cancel this PaymentIntent because it has a status of {intent['status']}.",
            code="payment_intent_unexpected_state",
            param="intent",
        )
    intent.update(status="canceled", canceled_at=state.now(), cancellation_reason=reason, next_action=None)
    state.emit("payment_intent.canceled", state.save(intent))
    return intent


def _charge(state: State, intent: Body, method: str, **values: Any) -> Body:
    charge = skeleton(
        stripe.Charge,
        id=state.new_id("ch"),
        amount=intent["amount"],
        created=state.now(),
        currency="jpy",
        customer=intent["customer"],
        description=intent["description"],
        metadata=intent["metadata"],
        payment_intent=intent["id"],
        payment_method=intent["payment_method"],
        **values,
    )
    details = skeleton(stripe.Charge.PaymentMethodDetails, type=method)
    details[method] = {"brand": "visa", "last4": "4242"} if method == "card" else {}
    charge["payment_method_details"] = {name: value for name, value in details.items() if value is not None}
    return charge
