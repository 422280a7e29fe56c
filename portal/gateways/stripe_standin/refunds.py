"""Refunds: of a charge, or out of a payer's balance; they may wait, fail or be cancelled, also after they succeeded."""

from __future__ import annotations

import stripe

from portal.gateways.stripe_standin import transfers
from portal.gateways.stripe_standin.balance import move
from portal.gateways.stripe_standin.refusals import Refusal
from portal.gateways.stripe_standin.skeletons import skeleton
from portal.gateways.stripe_standin.state import Body, State

FIRST = ("succeeded", "pending", "requires_action", "failed")
NEXT = {
    "pending": ("succeeded", "failed", "requires_action", "canceled"),
    "requires_action": ("pending", "succeeded", "failed", "canceled"),
    "succeeded": ("failed",),
}
FAILURE = {"card": "expired_or_canceled_card", "customer_balance": "unknown"}


def set_next(state: State, status: str) -> None:
    """How refunds made from here on begin."""
    if status not in FIRST:
        raise Refusal(f"Refunds begin as one of {', '.join(FIRST)}.")
    state.remember("next_refund", status)


def charge_to_refund(state: State, params: Body) -> Body:
    """The charge that a refund names, directly or through its payment."""
    if "charge" in params:
        charge = state.find(params["charge"], "charge", param="charge")
    elif "payment_intent" in params:
        intent = state.find(params["payment_intent"], "payment_intent", param="payment_intent")
        if not intent["latest_charge"]:
            raise Refusal(f"This PaymentIntent ({intent['id']}) does not have a successful charge to refund.")
        charge = state.find(intent["latest_charge"], "charge")
    else:
        raise Refusal("One of the following params should be provided: payment_intent or charge.")
    if charge["status"] != "succeeded":
        raise Refusal(f"This PaymentIntent ({charge['payment_intent']}) does not have a successful charge.")
    return charge


def refund_charge(state: State, charge: Body, params: Body) -> Body:
    """Give back: refund.created, charge.refunded. Never more than what is left."""
    left = charge["amount"] - charge["amount_refunded"]
    amount = params.get("amount", left)
    if left == 0:
        raise Refusal(f"Charge {charge['id']} has already been refunded.", code="charge_already_refunded")
    if charge["disputed"]:
        raise Refusal(f"Charge {charge['id']} has been charged back.", code="charge_disputed")
    if amount < 1:
        raise Refusal("Invalid positive integer", code="parameter_invalid_integer", param="amount")
    if amount > left:
        raise Refusal(
            f"Refund amount (¥{amount:,}) is greater than unrefunded amount on charge (¥{left:,})",
            param="amount",
        )
    charge["amount_refunded"] += amount
    charge["refunded"] = amount == left
    refund = _new(state, amount, params, charge=charge["id"], payment_intent=charge["payment_intent"])
    kind = "refund" if _method(charge) == "card" else "payment_refund"
    refund["balance_transaction"] = move(state, kind, -amount, refund["id"])["id"]
    state.save(refund)
    state.save(charge)
    state.emit("refund.created", refund)
    state.emit("charge.refunded", charge)
    if _method(charge) == "customer_balance" and refund["status"] == "succeeded":
        transfers.give_back(state, refund, charge["customer"])
    return _begun(state, refund)


def refund_balance(state: State, params: Body) -> Body:
    """Money of a payer's balance goes to its bank."""
    customer = state.find(params.get("customer", ""), "customer", param="customer")["id"]
    amount = params.get("amount", 0)
    if params.get("currency") != "jpy":
        raise Refusal("Missing required param: currency.", code="parameter_missing", param="currency")
    if not 0 < amount <= transfers.balance_of(state, customer):
        raise Refusal("Insufficient funds in the customer's cash balance.", param="amount")
    refund = _new(state, amount, params, customer=customer)
    transfers.send_back(state, refund, customer)
    state.emit("refund.created", state.save(refund))
    return _begun(state, refund)


def decide(state: State, refund: Body, status: str) -> Body:
    """What becomes of a refund; one that fails or is cancelled puts the money back where it was."""
    if status not in NEXT.get(refund["status"], ()):
        raise Refusal(f"A refund cannot become {status} when it is {refund['status']}.")
    before, refund["status"] = refund["status"], status
    if status in ("failed", "canceled"):
        _put_back(state, refund, was_there=before == "succeeded")
    state.emit("refund.updated", state.save(refund))
    if status == "failed":
        state.emit("refund.failed", refund)
    if status == "succeeded" and refund["charge"]:
        charge = state.find(refund["charge"], "charge")
        if _method(charge) == "customer_balance":
            transfers.give_back(state, refund, charge["customer"])
    return refund


def _new(state: State, amount: int, params: Body, **values: str) -> Body:
    status = state.setting("next_refund", "succeeded")
    return skeleton(
        stripe.Refund,
        id=state.new_id("re"),
        amount=amount,
        created=state.now(),
        currency="jpy",
        metadata=params.get("metadata") or {},
        reason=params.get("reason"),
        instructions_email=params.get("instructions_email"),
        status="pending" if status == "failed" else status,
        **values,
    )


def _begun(state: State, refund: Body) -> Body:
    """A refund that is to fail was pending for a moment; one to the provider's test card had even succeeded."""
    means = state.setting(f"means:{refund['charge']}", "")
    if state.setting("next_refund", "succeeded") == "failed" or means == "pm_card_refundFail":
        return decide(state, refund, "failed")
    return refund


def _put_back(state: State, refund: Body, *, was_there: bool) -> None:
    if not refund["charge"]:
        refund["failure_reason"] = FAILURE["customer_balance"]
        transfers.take_again(state, refund, refund["customer"])
        return
    charge = state.find(refund["charge"], "charge")
    refund["failure_reason"] = FAILURE[_method(charge)]
    moved = move(state, "refund_failure", refund["amount"], refund["id"])
    refund["failure_balance_transaction"] = moved["id"]
    charge["amount_refunded"] -= refund["amount"]
    charge["refunded"] = False
    state.save(charge)
    if was_there and _method(charge) == "customer_balance":
        transfers.take_out(state, refund, charge["customer"])


def _method(charge: Body) -> str:
    return str(charge["payment_method_details"]["type"])
