"""Contested payments: opened, money taken with a fee, answered, won or lost."""

from __future__ import annotations

import stripe

from portal.gateways.stripe_standin.balance import DISPUTE_FEE, move
from portal.gateways.stripe_standin.refusals import Refusal
from portal.gateways.stripe_standin.skeletons import skeleton
from portal.gateways.stripe_standin.state import Body, State

TIME_TO_ANSWER = 7 * 24 * 60 * 60
NEXT = {
    "warning_needs_response": ("warning_under_review", "warning_closed", "needs_response"),
    "warning_under_review": ("warning_closed", "needs_response"),
    "needs_response": ("under_review", "won", "lost"),
    "under_review": ("won", "lost"),
}


def open_dispute(
    state: State,
    intent: Body,
    *,
    amount: int | None = None,
    reason: str = "fraudulent",
    is_inquiry: bool = False,
) -> Body:
    """The card's holder contests: charge.dispute.created; an inquiry takes no money."""
    charge = state.find(intent["latest_charge"] or "", "charge")
    if charge["status"] != "succeeded" or charge["disputed"]:
        raise Refusal("This charge cannot be disputed.")
    left = charge["amount"] - charge["amount_refunded"]
    wanted = left if amount is None else int(amount)
    if not 0 < wanted <= left:
        raise Refusal("The amount of a dispute is at most what was paid.", param="amount")
    dispute = skeleton(
        stripe.Dispute,
        id=state.new_id("dp"),
        amount=wanted,
        charge=charge["id"],
        created=state.now(),
        currency="jpy",
        payment_intent=intent["id"],
        reason=reason,
        status="warning_needs_response" if is_inquiry else "needs_response",
    )
    dispute["evidence_details"]["due_by"] = state.now() + TIME_TO_ANSWER
    charge["disputed"] = True
    state.save(charge)
    state.emit("charge.dispute.created", state.save(dispute))
    return dispute if is_inquiry else _withdraw(state, dispute)


def decide(state: State, dispute: Body, status: str) -> Body:
    """Evidence is sent, or the bank decides; won money comes back, the fee does not."""
    if status not in NEXT.get(dispute["status"], ()):
        raise Refusal(f"A dispute cannot become {status} when it is {dispute['status']}.")
    dispute["status"] = status
    state.save(dispute)
    if status in ("won", "lost", "warning_closed"):
        if status != "lost":
            charge = state.find(dispute["charge"], "charge")
            charge["disputed"] = False
            state.save(charge)
        state.emit("charge.dispute.closed", dispute)
    else:
        state.emit("charge.dispute.updated", dispute)
    if status == "needs_response":
        return _withdraw(state, dispute)
    return _reinstate(state, dispute) if status == "won" else dispute


def _withdraw(state: State, dispute: Body) -> Body:
    moved = move(state, "adjustment", -dispute["amount"], dispute["id"], fee=DISPUTE_FEE)
    return _moved(state, dispute, moved, "charge.dispute.funds_withdrawn")


def _reinstate(state: State, dispute: Body) -> Body:
    moved = move(state, "adjustment", dispute["amount"], dispute["id"])
    return _moved(state, dispute, moved, "charge.dispute.funds_reinstated")


def _moved(state: State, dispute: Body, moved: Body, event: str) -> Body:
    dispute["balance_transactions"] = [*dispute["balance_transactions"], moved]
    state.emit(event, state.save(dispute))
    return dispute
