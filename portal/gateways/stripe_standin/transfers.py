"""Bank transfers: every customer has a virtual account; what arrives there pays what is open."""

from __future__ import annotations

from typing import Any

import stripe

from portal.gateways.stripe_standin.intents import settle
from portal.gateways.stripe_standin.refusals import Refusal
from portal.gateways.stripe_standin.skeletons import skeleton
from portal.gateways.stripe_standin.state import Body, State

_FIRST_ACCOUNT = 1_000_001
_BANK = {
    "bank_code": "9998",
    "bank_name": "デモ銀行",
    "branch_code": "987",
    "branch_name": "練習支店",
    "account_type": "futsu",
    "account_holder_name": "デモ）レンケイ",
}


def account_of(state: State, customer: str) -> Body:
    """The customer's virtual account (invented, and plainly so), the same for ever."""
    number = state.setting(f"account:{customer}")
    if number is None:
        number = state.setting("accounts", _FIRST_ACCOUNT)
        state.remember("accounts", number + 1)
        state.remember(f"account:{customer}", number)
    zengin = skeleton(
        stripe.FundingInstructions.BankTransfer.FinancialAddress.Zengin,
        account_number=str(number),
        **_BANK,
    )
    return {"type": "zengin", "supported_networks": ["zengin"], "zengin": zengin}


def balance_of(state: State, customer: str) -> int:
    """Yen that have arrived and pay nothing yet."""
    return int(state.setting(f"cash:{customer}", 0))


def cash_balance(state: State, customer: str) -> Body:
    """The balance as the provider shows it."""
    yen = balance_of(state, customer)
    return skeleton(stripe.CashBalance, customer=customer, available={"jpy": yen} if yen else None)


def await_transfer(state: State, intent: Body, instructions_url: str) -> Body:
    """Show the payer where to send the money: payment_intent.requires_action."""
    if not intent["customer"]:
        raise Refusal("A customer must be provided for customer_balance.", param="customer")
    intent.update(
        status="requires_action",
        payment_method=state.new_id("pm"),
        last_payment_error=None,
        next_action={
            "type": "display_bank_transfer_instructions",
            "display_bank_transfer_instructions": {
                "amount_remaining": intent["amount"],
                "currency": "jpy",
                "financial_addresses": [account_of(state, intent["customer"])],
                "hosted_instructions_url": instructions_url,
                "reference": intent["id"][-12:].upper(),
                "type": "jp_bank_transfer",
            },
        },
    )
    state.emit("payment_intent.requires_action", state.save(intent))
    return intent


def remaining(intent: Body) -> int:
    """Yen that a payment still waits for."""
    action = intent["next_action"]
    return int(action["display_bank_transfer_instructions"]["amount_remaining"]) if action else 0


def receive(state: State, customer: str, amount: int, reference: str | None = None) -> Body:
    """Money arrives: customer_cash_balance_transaction.created, then whatever it pays."""
    if amount < 1:
        raise Refusal("Invalid positive integer", code="parameter_invalid_integer", param="amount")
    arrived = {
        "type": "jp_bank_transfer",
        "reference": reference,
        "jp_bank_transfer": {"sender_bank": None, "sender_branch": None, "sender_name": None},
    }
    moved = _move(state, customer, amount, "funded", {"bank_transfer": arrived})
    reconcile(state, customer)
    return moved


def reconcile(state: State, customer: str) -> None:
    """Apply the balance: first to the payment that it covers exactly, then to the oldest."""
    waiting = [body for body in state.scan("payment_intent", customer=customer) if remaining(body)]
    balance = balance_of(state, customer)
    waiting.sort(key=lambda intent: (remaining(intent) != balance, intent["created"]))
    for intent in waiting:
        applied = min(balance_of(state, customer), remaining(intent))
        if applied:
            _apply(state, intent, applied)


def give_back(state: State, refund: Body, customer: str) -> None:
    """A refunded transfer returns to the customer's balance."""
    _move(state, customer, refund["amount"], "refunded_from_payment", {"refund": refund["id"]})


def send_back(state: State, refund: Body, customer: str) -> None:
    """Money of the balance is on its way to the payer's bank."""
    _move(state, customer, -refund["amount"], "return_initiated", {})


def take_again(state: State, refund: Body, customer: str) -> None:
    """The payer's bank did not take it: it is in the balance again."""
    _move(state, customer, refund["amount"], "return_canceled", {})


def take_out(state: State, refund: Body, customer: str) -> None:
    """A refund into the balance is undone."""
    _move(state, customer, -refund["amount"], "transferred_to_balance", {})


def release(state: State, intent: Body) -> None:
    """A cancelled payment leaves what had arrived for it with the customer."""
    action = intent["next_action"]
    if action and (held := intent["amount"] - remaining(intent)):
        _move(state, intent["customer"], held, "unapplied_from_payment", {"payment_intent": intent["id"]})


def _apply(state: State, intent: Body, amount: int) -> None:
    customer = intent["customer"]
    left = remaining(intent) - amount
    _move(state, customer, -amount, "applied_to_payment", {"payment_intent": intent["id"]})
    if left:
        intent["next_action"]["display_bank_transfer_instructions"]["amount_remaining"] = left
        state.emit("payment_intent.partially_funded", state.save(intent))
        return
    settle(state, intent, "customer_balance")
    if session_id := state.setting(f"session_of:{intent['id']}"):
        session = state.find(session_id, "checkout.session")
        session["payment_status"] = "paid"
        state.emit("checkout.session.async_payment_succeeded", state.save(session))


def _move(state: State, customer: str, amount: int, kind: str, details: dict[str, Any]) -> Body:
    balance = balance_of(state, customer) + amount
    state.remember(f"cash:{customer}", balance)
    moved = skeleton(
        stripe.CustomerCashBalanceTransaction,
        id=state.new_id("ccsbtxn"),
        created=state.now(),
        currency="jpy",
        customer=customer,
        ending_balance=balance,
        net_amount=amount,
        type=kind,
        **({kind: details} if details else {}),
    )
    state.emit("customer_cash_balance_transaction.created", state.save(moved))
    return moved
