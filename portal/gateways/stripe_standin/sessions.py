"""Checkout Sessions: one page, one amount, and what the payer chose on it."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlsplit

import stripe

from portal.gateways.stripe_standin import intents, transfers
from portal.gateways.stripe_standin.refusals import Refusal
from portal.gateways.stripe_standin.skeletons import page_of, skeleton
from portal.gateways.stripe_standin.state import Body, State

METHODS = ("card", "customer_balance")
SHORTEST, LONGEST = 30 * 60, 24 * 60 * 60


def create_session(state: State, params: Body, base_url: str) -> Body:
    """Open a page. Its PaymentIntent begins when the payer does something on it."""
    lines = _lines(state, params)
    possible = METHODS if "customer" in params else METHODS[:1]
    methods = [name for name in METHODS if name in params.get("allowed_payment_method_types", possible)]
    _check_session(state, params, methods)
    name = state.new_id("cs_test", 58)
    total = sum(line["amount_total"] for line in lines)
    intents.check_amount(total, lines[0]["currency"], "line_items")
    session = skeleton(
        stripe.checkout.Session,
        id=name,
        allowed_payment_method_types=methods,
        payment_method_types=methods,
        amount_subtotal=total,
        amount_total=total,
        cancel_url=params.get("cancel_url"),
        client_reference_id=params.get("client_reference_id"),
        created=state.now(),
        currency="jpy",
        customer=params.get("customer"),
        customer_email=params.get("customer_email"),
        expires_at=_expiry(state, params),
        locale=params.get("locale"),
        metadata=params.get("metadata", {}),
        mode="payment",
        payment_status="unpaid",
        status="open",
        success_url=params["success_url"],
        ui_mode="hosted_page",
        url=f"{base_url}/pay/{name}",
    )
    state.remember(f"lines:{name}", lines)
    state.remember(f"intent_data:{name}", params.get("payment_intent_data", {}))
    return state.save(session)


def line_items(state: State, session: Body) -> Body:
    """What is paid for."""
    url = f"/v1/checkout/sessions/{session['id']}/line_items"
    return page_of(state.setting(f"lines:{session['id']}", []), url)


def pay_by_card(state: State, session: Body) -> Body:
    """Accepted: the events of the payment, then checkout.session.completed, paid."""
    intents.pay_by_card(state, _intent(state, _open(session, "card")))
    return _complete(state, session, payment_status="paid")


def decline_card(state: State, session: Body) -> Body:
    """Refused: the session stays open and the payer may try again."""
    intents.decline_card(state, _intent(state, _open(session, "card")))
    return session


def choose_transfer(state: State, session: Body) -> Body:
    """The payer will send money: checkout.session.completed, unpaid; a balance that is there pays at once."""
    intent = _intent(state, _open(session, "customer_balance"))
    transfers.await_transfer(state, intent, session["url"])
    _complete(state, session, payment_status="unpaid")
    transfers.reconcile(state, session["customer"])
    return state.find(session["id"], "checkout.session")


def expire_session(state: State, session: Body) -> Body:
    """Close an open page: checkout.session.expired; an attempt that failed on it is given up first."""
    if session["status"] != "open":
        raise Refusal(
            f'Only Checkout Sessions with a status in ["open"] can be expired. This Checkout Session has a '
            f"status of `{session['status']}`.",
            param="session",
        )
    if session["payment_intent"]:
        intents.cancel_intent(state, state.find(session["payment_intent"], "payment_intent"), "automatic")
    session.update(status="expired", url=None)
    state.emit("checkout.session.expired", state.save(session))
    return session


def expire_due(state: State) -> None:
    """Close the pages whose time is over."""
    now = state.now()
    if now < state.setting("next_expiry", 0):
        return
    still_open = []
    for session in list(state.scan("checkout.session", status="open")):
        if session["expires_at"] <= now:
            expire_session(state, session)
        else:
            still_open.append(session["expires_at"])
    state.remember("next_expiry", min(still_open, default=now + SHORTEST))


def success_url(session: Body) -> str:
    """Where the payer goes afterwards, the session's id filled in."""
    return str(session["success_url"]).replace("{CHECKOUT_SESSION_ID}", session["id"])


def _open(session: Body, method: str) -> Body:
    if method not in session["payment_method_types"]:
        raise Refusal(f"This Checkout Session does not offer {method}.")
    if session["status"] != "open":
        raise Refusal("This Checkout Session is not open any more.", code="checkout_session_not_open")
    return session


def _intent(state: State, session: Body) -> Body:
    if session["payment_intent"]:
        return state.find(session["payment_intent"], "payment_intent")
    data = state.setting(f"intent_data:{session['id']}", {})
    intent = intents.create_intent(
        state,
        amount=session["amount_total"],
        methods=session["payment_method_types"],
        customer=session["customer"],
        description=data.get("description"),
        metadata=data.get("metadata", {}),
    )
    session["payment_intent"] = intent["id"]
    state.save(session)
    state.remember(f"session_of:{intent['id']}", session["id"])
    return intent


def _complete(state: State, session: Body, *, payment_status: str) -> Body:
    customer = state.find(session["customer"], "customer") if session["customer"] else {}
    details = skeleton(
        stripe.checkout.Session.CustomerDetails,
        email=customer.get("email") or session["customer_email"],
        name=customer.get("name"),
        tax_exempt="none",
    )
    session.update(status="complete", payment_status=payment_status, url=None, customer_details=details)
    state.emit("checkout.session.completed", state.save(session))
    return session


def _lines(state: State, params: Body) -> list[Body]:
    if params.get("mode") != "payment":
        raise Refusal("This stand-in takes `mode` payment alone.", param="mode")
    if not params.get("line_items"):
        raise Refusal("Missing required param: line_items.", code="parameter_missing", param="line_items")
    return [_line(state, each, f"line_items[{place}]") for place, each in enumerate(params["line_items"])]


def _line(state: State, item: Body, path: str) -> Body:
    price = item.get("price_data")
    if not price or "unit_amount" not in price or "product_data" not in price:
        raise Refusal("This stand-in needs price_data with unit_amount and product_data.", param=path)
    amount = price["unit_amount"] * item.get("quantity", 1)
    return skeleton(
        stripe.LineItem,
        id=state.new_id("li"),
        amount_subtotal=amount,
        amount_total=amount,
        currency=price["currency"],
        description=price["product_data"]["name"],
        quantity=item.get("quantity", 1),
    )


def _check_session(state: State, params: Body, methods: list[str]) -> None:
    if not methods:
        raise Refusal("No valid payment method types for this Checkout Session.")
    if params.get("ui_mode", "hosted_page") != "hosted_page":
        raise Refusal("This stand-in shows hosted pages alone.", param="ui_mode")
    for name in ("success_url", "cancel_url"):
        _check_url(params, name)
    if "customer" in params and "customer_email" in params:
        raise Refusal("You may only specify one of these parameters: customer, customer_email.")
    if "customer" in params:
        state.find(params["customer"], "customer", param="customer")
    if "customer_balance" in methods and "allowed_payment_method_types" in params:
        _check_transfer(params)


def _check_url(params: Body, name: str) -> None:
    url = params.get(name)
    if url is None and name == "success_url":
        raise Refusal("Missing required param: success_url.", code="parameter_missing", param=name)
    if url is not None and (urlsplit(url).scheme not in ("http", "https") or not urlsplit(url).netloc):
        raise Refusal("Not a valid URL", code="url_invalid", param=name)


def _check_transfer(params: Body) -> None:
    if "customer" not in params:
        raise Refusal("`customer` is required for customer_balance.", param="customer")
    options: dict[str, Any] = params.get("payment_method_options", {}).get("customer_balance", {})
    if options.get("funding_type") != "bank_transfer" or "bank_transfer" not in options:
        raise Refusal(
            "`funding_type` and `bank_transfer` are required for customer_balance.",
            param="payment_method_options[customer_balance]",
        )
    if options["bank_transfer"]["type"] != "jp_bank_transfer":
        raise Refusal("jpy needs jp_bank_transfer.", param="payment_method_options[customer_balance]")


def _expiry(state: State, params: Body) -> int:
    now = state.now()
    at = int(params.get("expires_at", now + LONGEST))
    if not now + SHORTEST - 60 <= at <= now + LONGEST + 60:
        raise Refusal("The `expires_at` timestamp must be 30 minutes to 24 hours away.", param="expires_at")
    state.remember("next_expiry", min(at, state.setting("next_expiry", at)))
    return at
