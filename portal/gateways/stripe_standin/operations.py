"""The operations of the provider's API that the stand-in knows, by the SDK's own route."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import stripe

from portal.gateways.stripe_standin import disputes, intents, refunds, sessions, transfers
from portal.gateways.stripe_standin.listing import listed
from portal.gateways.stripe_standin.refusals import Refusal, declined
from portal.gateways.stripe_standin.skeletons import page_of, skeleton
from portal.gateways.stripe_standin.state import Body, State

_QUERY = re.compile(r"metadata\[(['\"])(?P<name>[^'\"]+)\1\]:(['\"])(?P<value>(?:\\.|[^'\"\\])*)\3")
_MOST_NOTES, _LONGEST_NAME, _LONGEST_NOTE = 50, 40, 500


@dataclass(frozen=True, slots=True)
class Call:
    """One request, checked: where it goes, the names in its path, its parameters."""

    state: State
    path: str
    names: dict[str, str]
    params: dict[str, Any]
    base_url: str

    def object(self, kind: str, name: str) -> Body:
        """The object that the path names."""
        return self.state.find(self.names[name], kind, param=name)


Operation = Callable[[Call], Body]
OPERATIONS: dict[tuple[str, str], Operation] = {}


def operation(method: str, template: str) -> Callable[[Operation], Operation]:
    """Register under the SDK's route."""

    def register(function: Operation) -> Operation:
        OPERATIONS[method, template] = function
        return function

    return register


def check_notes(params: dict[str, Any]) -> None:
    """Limits of metadata, wherever it stands."""
    for place in (params, params.get("payment_intent_data", {})):
        notes = place.get("metadata") or {}
        if len(notes) > _MOST_NOTES:
            raise Refusal("Metadata can have up to 50 keys.", param="metadata")
        for name, value in notes.items():
            if len(name) > _LONGEST_NAME or len(value) > _LONGEST_NOTE:
                raise Refusal(f"Metadata '{name[:40]}' is too long.", param=f"metadata[{name[:40]}]")


def _reading(kind: str, collection: str, name: str, *filters: str) -> None:
    """Retrieve and list, the same for every resource."""
    OPERATIONS["get", f"/v1/{collection}/{{{name}}}"] = lambda call: call.object(kind, name)
    OPERATIONS["get", f"/v1/{collection}"] = lambda call: listed(
        call.state, kind, call.params, call.path, **{each: call.params.get(each) for each in filters}
    )


_reading("customer", "customers", "customer", "email")
_reading("checkout.session", "checkout/sessions", "session", "customer", "payment_intent", "status")
_reading("payment_intent", "payment_intents", "intent", "customer")
_reading("charge", "charges", "charge", "customer", "payment_intent")
_reading("refund", "refunds", "refund", "charge", "payment_intent")
_reading("dispute", "disputes", "dispute", "charge", "payment_intent")
_reading("balance_transaction", "balance_transactions", "id", "source", "type")
_reading("event", "events", "id", "type")


@operation("post", "/v1/customers")
def create_customer(call: Call) -> Body:
    """A payer."""
    known = ("email", "name", "description", "phone", "preferred_locales")
    customer = skeleton(
        stripe.Customer,
        id=call.state.new_id("cus", 14),
        created=call.state.now(),
        metadata=call.params.get("metadata") or {},
        **{name: call.params[name] for name in known if name in call.params},
    )
    call.state.emit("customer.created", call.state.save(customer))
    return customer


@operation("post", "/v1/customers/{customer}")
def update_customer(call: Call) -> Body:
    """Change what is given."""
    customer = call.object("customer", "customer")
    customer["metadata"].update(call.params.get("metadata") or {})
    for name in ("email", "name", "description", "phone", "preferred_locales"):
        customer[name] = call.params.get(name, customer[name]) or None
    call.state.emit("customer.updated", call.state.save(customer))
    return customer


@operation("get", "/v1/customers/search")
def search_customers(call: Call) -> Body:
    """`metadata['name']:'value'` alone; at the provider new rows appear here only after a while."""
    asked = _QUERY.fullmatch(call.params["query"])
    if not asked:
        raise Refusal("This stand-in searches metadata['name']:'value' alone.", param="query")
    value = re.sub(r"\\(.)", r"\1", asked["value"])
    found = [each for each in call.state.scan("customer") if each["metadata"].get(asked["name"]) == value]
    page = page_of(found[: call.params.get("limit", 10)], call.path)
    return {**page, "object": "search_result", "next_page": None}


@operation("post", "/v1/customers/{customer}/funding_instructions")
def funding_instructions(call: Call) -> Body:
    """The virtual account of a payer."""
    customer = call.object("customer", "customer")
    return skeleton(
        stripe.FundingInstructions,
        currency="jpy",
        bank_transfer={
            "country": "JP",
            "type": "jp_bank_transfer",
            "financial_addresses": [transfers.account_of(call.state, customer["id"])],
        },
    )


@operation("get", "/v1/customers/{customer}/cash_balance")
def show_cash_balance(call: Call) -> Body:
    """What has arrived and pays nothing yet."""
    return transfers.cash_balance(call.state, call.object("customer", "customer")["id"])


@operation("get", "/v1/customers/{customer}/cash_balance_transactions")
def list_cash_movements(call: Call) -> Body:
    """What came in and where it went."""
    customer = call.object("customer", "customer")["id"]
    kind = "customer_cash_balance_transaction"
    return listed(call.state, kind, call.params, call.path, customer=customer)


@operation("post", "/v1/test_helpers/customers/{customer}/fund_cash_balance")
def fund_cash_balance(call: Call) -> Body:
    """A transfer arrives, as in the provider's test mode."""
    customer = call.object("customer", "customer")["id"]
    if call.params["currency"] != "jpy":
        raise Refusal("This stand-in takes jpy alone.", param="currency")
    return transfers.receive(call.state, customer, call.params["amount"], call.params.get("reference"))


@operation("post", "/v1/checkout/sessions")
def create_session(call: Call) -> Body:
    """Open a checkout page."""
    return sessions.create_session(call.state, call.params, call.base_url)


@operation("post", "/v1/checkout/sessions/{session}/expire")
def expire_session(call: Call) -> Body:
    """Close a checkout page."""
    return sessions.expire_session(call.state, call.object("checkout.session", "session"))


@operation("get", "/v1/checkout/sessions/{session}/line_items")
def list_line_items(call: Call) -> Body:
    """What is paid for on a checkout page."""
    return sessions.line_items(call.state, call.object("checkout.session", "session"))


@operation("post", "/v1/payment_intents")
def create_intent(call: Call) -> Body:
    """A payment without a page, as the contract tests make it."""
    params = call.params
    intents.check_amount(params["amount"], params["currency"])
    if "customer" in params:
        call.state.find(params["customer"], "customer", param="customer")
    intent = intents.create_intent(
        call.state,
        amount=params["amount"],
        methods=params.get("allowed_payment_method_types", ["card"]),
        customer=params.get("customer"),
        description=params.get("description"),
        metadata=params.get("metadata") or {},
    )
    return _confirm(call, intent) if params.get("confirm") else intent


@operation("post", "/v1/payment_intents/{intent}/cancel")
def cancel_intent(call: Call) -> Body:
    """Give up a payment; what had arrived for it stays with the payer."""
    intent = call.object("payment_intent", "intent")
    before = dict(intent)
    canceled = intents.cancel_intent(call.state, intent, call.params.get("cancellation_reason"))
    transfers.release(call.state, before)
    return canceled


@operation("post", "/v1/refunds")
def create_refund(call: Call) -> Body:
    """Give money back; a transfer returns to the payer's balance, and from there to its bank."""
    if call.params.get("origin") == "customer_balance":
        return refunds.refund_balance(call.state, call.params)
    return refunds.refund_charge(call.state, refunds.charge_to_refund(call.state, call.params), call.params)


@operation("post", "/v1/refunds/{refund}/cancel")
def cancel_refund(call: Call) -> Body:
    """Give up a refund that waits for the payer."""
    return refunds.decide(call.state, call.object("refund", "refund"), "canceled")


def _confirm(call: Call, intent: Body) -> Body:
    """The provider's test means of payment: some of its test cards, or a transfer."""
    means = call.params.get("payment_method")
    if means in ("pm_card_visa", "pm_card_refundFail", "pm_card_createDispute"):
        intents.pay_by_card(call.state, intent)
        call.state.remember(f"means:{intent['latest_charge']}", means)
        if means == "pm_card_createDispute":
            disputes.open_dispute(call.state, intent)
        return call.state.find(intent["id"], "payment_intent")
    if means == "pm_card_chargeDeclined":
        intents.decline_card(call.state, intent)
        raise declined(intents.DECLINED, charge=intent["latest_charge"], intent=intent)
    if call.params.get("payment_method_data", {}).get("type") == "customer_balance":
        transfers.await_transfer(call.state, intent, f"{call.base_url}/pay/{intent['id']}")
        transfers.reconcile(call.state, intent["customer"])
        return call.state.find(intent["id"], "payment_intent")
    raise Refusal("This stand-in does not know these means of payment.", param="payment_method")
