"""What a visitor of the demo can let happen after a payment: a contested card, its end, refunds that fail or wait."""

from __future__ import annotations

from typing import Any

from portal.gateways.stripe_standin import disputes, refunds
from portal.gateways.stripe_standin.refusals import Refusal
from portal.gateways.stripe_standin.state import Body, State

DISPUTES = {"dispute_won": "won", "dispute_lost": "lost"}
REFUNDS = {"refund_arrives": "succeeded", "refund_fails": "failed"}
CHOICES = ("dispute", *DISPUTES, *REFUNDS, "refunds_wait", "refunds_go")


def shown(state: State, intent: Body | None) -> dict[str, Any] | None:
    """What the page offers for a payment that is complete; None when there is nothing to try."""
    if intent is None or intent["status"] != "succeeded":
        return None
    charge = state.find(intent["latest_charge"], "charge")
    return {
        "is_card": charge["payment_method_details"]["type"] == "card",
        "dispute": _dispute(state, intent),
        "can_dispute": not charge["disputed"],
        "refund": _refund(state, intent),
        "refunds_wait": state.setting("next_refund", "succeeded") != "succeeded",
    }


def choose(state: State, intent: Body | None, choice: str) -> None:
    """Do what was chosen; raises Refusal when it is not possible any more."""
    if intent is None or choice not in CHOICES:
        raise Refusal("nothing to do")
    if choice in ("refunds_wait", "refunds_go"):
        refunds.set_next(state, "pending" if choice == "refunds_wait" else "succeeded")
    elif choice == "dispute":
        disputes.open_dispute(state, intent)
    elif choice in DISPUTES:
        disputes.decide(state, _dispute(state, intent) or {"status": ""}, DISPUTES[choice])
    else:
        refunds.decide(state, _refund(state, intent) or {"status": ""}, REFUNDS[choice])


def _dispute(state: State, intent: Body) -> Body | None:
    """The open case of a payment."""
    found = state.scan("dispute", payment_intent=intent["id"])
    return next((each for each in found if each["status"] in disputes.NEXT), None)


def _refund(state: State, intent: Body) -> Body | None:
    """The latest refund of a payment, or out of its payer's balance, that can still change."""
    for each in state.scan("refund"):
        mine = each["payment_intent"] == intent["id"] or (
            each["customer"] is not None and each["customer"] == intent["customer"]
        )
        if mine and each["status"] in refunds.NEXT:
            return each
    return None
