"""Our own balance at the provider: every movement with its fee."""

from __future__ import annotations

import stripe

from portal.gateways.stripe_standin.skeletons import skeleton
from portal.gateways.stripe_standin.state import Body, State

PER_MILLE = {"card": 36, "customer_balance": 15}
DISPUTE_FEE = 1_500


def fee_of(method: str, amount: int) -> int:
    """What the provider keeps of a payment; its own price list may say otherwise."""
    return amount * PER_MILLE[method] // 1000


def move(state: State, kind: str, amount: int, source: str | None, *, fee: int = 0) -> Body:
    """Write a movement down; `amount` below nothing leaves the balance."""
    moved = skeleton(
        stripe.BalanceTransaction,
        id=state.new_id("txn"),
        amount=amount,
        fee=fee,
        net=amount - fee,
        created=state.now(),
        available_on=state.now(),
        currency="jpy",
        reporting_category=kind,
        source=source,
        status="available",
        type=kind,
    )
    return state.save(moved)
