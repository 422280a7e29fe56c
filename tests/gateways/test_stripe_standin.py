"""The stand-in alone: it refuses what the provider would, and misbehaves only when told to."""

from __future__ import annotations

import json
import socket
import subprocess
import sys
import threading
import time
from collections import Counter
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path
from typing import Any

import pytest
import requests
import stripe

from portal.gateways.payments import (
    CheckoutStatus,
    IntentStatus,
    ProviderRefused,
    ProviderUnavailable,
    StripePayments,
)
from portal.gateways.stripe_standin import StandIn
from portal.gateways.stripe_standin.operations import OPERATIONS
from portal.gateways.stripe_standin.spec import API_VERSION, load
from tests.gateways.rig import SECRET, TEST_KEY, Rig, open_rig

HEADERS = {"Authorization": f"Bearer {TEST_KEY}", "Stripe-Version": API_VERSION}


class Listener:
    """Takes webhooks, and answers with the statuses that it is told, then 200."""

    def __init__(self) -> None:
        self.seen: list[dict[str, Any]] = []
        self.signatures: list[tuple[bytes, str]] = []
        self.answers: list[int] = []

    def post(self, url: str, body: bytes, headers: dict[str, str]) -> int:
        """In place of the network."""
        self.seen.append(json.loads(body))
        self.signatures.append((body, headers["Stripe-Signature"]))
        return self.answers.pop(0) if self.answers else 200

    @property
    def types(self) -> list[str]:
        """What arrived, in the order of arrival."""
        return [event["type"] for event in self.seen]


@pytest.fixture
def listener() -> Listener:
    return Listener()


@pytest.fixture
def held(listener: Listener) -> Iterator[StandIn]:
    """A stand-in that sends nothing until it is flushed."""
    with StandIn(webhook_url="in-process:", webhook_secret=SECRET, post=listener.post) as running:
        running.webhooks(hold=True)
        yield running


@pytest.fixture
def held_rig(held: StandIn) -> Iterator[Rig]:
    yield from open_rig(TEST_KEY, held.url)


def _ask(stand_in: StandIn, path: str, body: str = "", **headers: str) -> requests.Response:
    with requests.Session() as session:
        return session.request(
            "POST" if body else "GET",
            stand_in.url + path,
            data=body or None,
            headers={
                **HEADERS,
                "Content-Type": "application/x-www-form-urlencoded",
                **{name.replace("_", "-"): value for name, value in headers.items()},
            },
            timeout=10,
        )


def test_every_operation_is_a_route_of_the_sdk() -> None:
    known = {(route.method, route.template) for route in load().routes}
    assert OPERATIONS.keys() - known == set()
    assert len(known) > 500


def test_every_event_is_one_the_provider_has(held: StandIn, held_rig: Rig, listener: Listener) -> None:
    hints = str(stripe.Event.__annotations__["type"])
    for outcome in ("card", "bank_transfer", "expired"):
        held.choose(held_rig.checkout().id, outcome)
    held.flush()
    assert [kind for kind in set(listener.types) if f"'{kind}'" not in hints] == []


@pytest.mark.parametrize(
    ("body", "code", "param"),
    [
        ("colour=red", "parameter_unknown", "colour"),
        ("payment_method_types[0]=card", "parameter_unknown", "payment_method_types"),
        ("line_items[0][price_data][tax]=1", "parameter_unknown", "line_items[0][price_data][tax]"),
        ("line_items[0][quantity]=many", "parameter_invalid_integer", "line_items[0][quantity]"),
        ("line_items=all", "parameter_invalid_array", "line_items"),
        ("metadata=text", "parameter_invalid_object", "metadata"),
        ("customer=", "parameter_invalid_empty", "customer"),
        ("mode=gift", None, "mode"),
        ("locale=tlh", None, "locale"),
        (
            "line_items[0][price_data][unit_amount]=1",
            "parameter_missing",
            "line_items[0][price_data][currency]",
        ),
        ("mode=payment", "parameter_missing", "line_items"),
        ("expires_at=soon", "parameter_invalid_integer", "expires_at"),
        ("a[b=1", "parameter_unknown", "a[b"),
    ],
)
def test_wrong_parameters_are_refused(stand_in: StandIn, body: str, code: str | None, param: str) -> None:
    answer = _ask(stand_in, "/v1/checkout/sessions", body)
    error = answer.json()["error"]
    assert (answer.status_code, error["type"]) == (400, "invalid_request_error")
    assert (error.get("code"), error["param"]) == (code, param)


@pytest.mark.parametrize(
    ("headers", "status"),
    [
        ({"Authorization": ""}, 401),
        ({"Authorization": "Bearer sk_live_1"}, 401),
        ({"Stripe_Version": "2020-08-27"}, 400),
        ({"Content_Type": "application/json"}, 400),
    ],
)
def test_wrong_callers_are_refused(stand_in: StandIn, headers: dict[str, str], status: int) -> None:
    assert _ask(stand_in, "/v1/customers", "name=A", **headers).status_code == status


def test_routes_that_are_not_played_say_so(stand_in: StandIn) -> None:
    assert _ask(stand_in, "/v1/subscriptions").status_code == 501
    assert _ask(stand_in, "/v1/unheard_of").status_code == 404


def test_transfer_needs_a_customer_and_its_options(stand_in_rig: Rig) -> None:
    with pytest.raises(stripe.InvalidRequestError) as refused:
        stand_in_rig.sdk.v1.checkout.sessions.create(
            {
                "mode": "payment",
                "allowed_payment_method_types": ["customer_balance"],
                "success_url": "https://renkei.example/",
                "line_items": [
                    {
                        "quantity": 1,
                        "price_data": {
                            "currency": "jpy",
                            "unit_amount": 500,
                            "product_data": {"name": "会費"},
                        },
                    }
                ],
            }
        )
    assert refused.value.param == "customer"


def test_replayed_answers_are_marked_and_refusals_are_not_kept(stand_in: StandIn) -> None:
    first = _ask(stand_in, "/v1/customers", "name=A", Idempotency_Key="k1")
    again = _ask(stand_in, "/v1/customers", "name=A", Idempotency_Key="k1")
    assert first.json() == again.json()
    assert (first.headers.get("Idempotent-Replayed"), again.headers["Idempotent-Replayed"]) == (None, "true")
    assert _ask(stand_in, "/v1/refunds", "charge=ch_none", Idempotency_Key="k2").status_code == 404
    assert _ask(stand_in, "/v1/customers", "name=B", Idempotency_Key="k2").status_code == 200
    assert _ask(stand_in, "/v1/customers", "name=B", Idempotency_Key="k1").status_code == 400


def test_declined_card_answers_the_same_under_its_key(stand_in: StandIn) -> None:
    body = "amount=500&currency=jpy&confirm=true&payment_method=pm_card_chargeDeclined"
    first = _ask(stand_in, "/v1/payment_intents", body, Idempotency_Key="k")
    again = _ask(stand_in, "/v1/payment_intents", body, Idempotency_Key="k")
    assert (first.status_code, first.json()) == (402, again.json())


def test_keys_are_forgotten_after_a_day(stand_in: StandIn) -> None:
    first = _ask(stand_in, "/v1/customers", "name=A", Idempotency_Key="k").json()["id"]
    stand_in.control.move_clock(advance=25 * 3600)
    assert _ask(stand_in, "/v1/customers", "name=A", Idempotency_Key="k").json()["id"] != first


def test_lists_page_both_ways(stand_in_rig: Rig) -> None:
    made = [stand_in_rig.sdk.v1.customers.create({"name": str(n)}).id for n in range(5)]
    newest = stand_in_rig.sdk.v1.customers.list({"limit": 2})
    assert [each.id for each in newest.data] == made[:2:-1]
    assert [each.id for each in newest.auto_paging_iter()] == made[::-1]
    before = stand_in_rig.sdk.v1.customers.list({"limit": 2, "ending_before": made[1]})
    assert [each.id for each in before.data] == [made[3], made[2]]
    assert before.has_more


def test_refunded_transfer_returns_to_the_payers_balance(stand_in_rig: Rig) -> None:
    promised = stand_in_rig.promise_transfer(500_000)
    stand_in_rig.transfer(str(promised.customer), 500_000)
    stand_in_rig.payments.refund(payment_intent_id=promised.id, amount_yen=100_000, idempotency_key="r")
    balance = stand_in_rig.sdk.v1.customers.cash_balance.retrieve(str(promised.customer))
    assert balance.available is not None
    assert balance.available.to_dict() == {"jpy": 100_000}


def test_cancelled_payment_leaves_its_part_with_the_payer(stand_in_rig: Rig) -> None:
    promised = stand_in_rig.promise_transfer(500_000)
    stand_in_rig.transfer(str(promised.customer), 499_000)
    stand_in_rig.payments.cancel_payment_intent(promised.id)
    balance = stand_in_rig.sdk.v1.customers.cash_balance.retrieve(str(promised.customer))
    assert balance.available is not None
    assert balance.available.to_dict() == {"jpy": 499_000}


def test_one_payers_money_does_not_pay_anothers(stand_in_rig: Rig) -> None:
    mine, theirs = stand_in_rig.promise_transfer(), stand_in_rig.promise_transfer()
    stand_in_rig.transfer(str(mine.customer), 1_100_000)
    assert stand_in_rig.payments.fetch_payment_intent(mine.id).is_paid
    assert stand_in_rig.payments.fetch_payment_intent(theirs.id).received_yen == 0
    accounts = {
        account.account_number
        for account in (
            stand_in_rig.payments.fetch_payment_intent(promised.id).transfer_account
            for promised in (theirs, stand_in_rig.promise_transfer())
        )
        if account
    }
    assert len(accounts) == 2


def test_pages_expire_when_their_time_is_over(held: StandIn, held_rig: Rig, listener: Listener) -> None:
    made = held_rig.checkout()
    held.control.move_clock(advance=25 * 3600)
    assert held_rig.payments.fetch_checkout(made.id).status is CheckoutStatus.EXPIRED
    held.flush()
    assert listener.types[-1] == "checkout.session.expired"


@pytest.mark.parametrize(
    ("outcomes", "events"),
    [
        (
            ["card"],
            [
                "payment_intent.created",
                "charge.succeeded",
                "payment_intent.succeeded",
                "checkout.session.completed",
            ],
        ),
        (
            ["declined", "card"],
            [
                "payment_intent.created",
                "charge.failed",
                "payment_intent.payment_failed",
                "charge.succeeded",
                "payment_intent.succeeded",
                "checkout.session.completed",
            ],
        ),
        (
            ["bank_transfer"],
            ["payment_intent.created", "payment_intent.requires_action", "checkout.session.completed"],
        ),
        (["expired"], ["checkout.session.expired"]),
        (
            ["declined", "expired"],
            [
                "payment_intent.created",
                "charge.failed",
                "payment_intent.payment_failed",
                "payment_intent.canceled",
                "checkout.session.expired",
            ],
        ),
    ],
)
def test_outcomes_tell_their_news_in_order(
    held: StandIn, held_rig: Rig, listener: Listener, outcomes: list[str], events: list[str]
) -> None:
    made = held_rig.checkout()
    for outcome in outcomes:
        held.choose(made.id, outcome)
    held.flush()
    assert [kind for kind in listener.types if not kind.startswith("customer.")] == events


def test_transfer_in_two_parts_tells_its_news_in_order(
    held: StandIn, held_rig: Rig, listener: Listener
) -> None:
    made = held_rig.checkout()
    held.choose(made.id, "bank_transfer")
    held.flush()
    listener.seen.clear()
    held.transfer(str(made.customer), 1_099_340)
    held.transfer(str(made.customer), 660)
    held.flush()
    money = "customer_cash_balance_transaction.created"
    assert listener.types == [
        money,
        money,
        "payment_intent.partially_funded",
        money,
        money,
        "charge.succeeded",
        "payment_intent.succeeded",
        "checkout.session.async_payment_succeeded",
    ]
    closed = held_rig.payments.fetch_checkout(made.id)
    assert (closed.is_paid, closed.status) == (True, CheckoutStatus.COMPLETE)
    paid = held_rig.payments.fetch_payment_intent(str(closed.payment_intent_id))
    assert paid.status is IntentStatus.SUCCEEDED
    assert paid.metadata["reference"] == made.reference


def test_duplicates_and_shuffles_come_on_demand(held: StandIn, held_rig: Rig, listener: Listener) -> None:
    held.webhooks(duplicates=2, shuffle=60.0)
    for _ in range(5):
        held.choose(held_rig.checkout().id, "card")
    held.flush()
    times = Counter(event["id"] for event in listener.seen)
    assert set(times.values()) == {3}
    order = {event.id: place for place, event in enumerate(_all_events(held_rig))}
    arrived = [order[event["id"]] for event in listener.seen]
    assert arrived != sorted(arrived)


def _all_events(rig: Rig) -> list[stripe.Event]:
    return list(rig.sdk.v1.events.list({"limit": 100}).auto_paging_iter())[::-1]


def test_lost_events_are_still_listed(held: StandIn, held_rig: Rig, listener: Listener) -> None:
    held.webhooks(drop=True)
    held.choose(held_rig.checkout().id, "card")
    assert held.flush() == 0
    assert listener.seen == []
    assert "checkout.session.completed" in [event.type for event in _all_events(held_rig)]


def test_refused_deliveries_come_again(held: StandIn, held_rig: Rig, listener: Listener) -> None:
    held_rig.sdk.v1.customers.create({"name": "A"})
    listener.answers[:] = [500, 302]
    assert (held.flush(), held.flush(), held.flush(), held.flush()) == (0, 0, 1, 0)
    assert [event["id"] for event in listener.seen] == [listener.seen[0]["id"]] * 3
    (delivery,) = held.deliveries.listed()
    assert (delivery["status"], delivery["attempts"], delivery["type"]) == (
        "delivered",
        3,
        "customer.created",
    )


def test_background_delivery_reaches_a_listening_server() -> None:
    received: list[bytes] = []

    class Receiver(BaseHTTPRequestHandler):
        def do_POST(self) -> None:  # noqa: N802
            received.append(self.rfile.read(int(self.headers["Content-Length"])))
            self.send_response(500 if len(received) == 1 else 200)
            self.end_headers()

        def log_message(self, format: str, *args: Any) -> None:
            pass

    with HTTPServer(("127.0.0.1", 0), Receiver) as server:
        thread = threading.Thread(target=server.serve_forever, args=(0.02,))
        thread.start()
        url = f"http://127.0.0.1:{server.server_port}/webhooks"
        with StandIn(webhook_url=url, webhook_secret=SECRET) as running:
            _ask(running, "/v1/customers", "name=A")
            deadline = time.monotonic() + 10
            while len(received) < 2 and time.monotonic() < deadline:
                time.sleep(0.02)
        server.shutdown()
        thread.join()
    assert len(received) == 2
    assert received[0] == received[1]


def test_state_survives_a_restart(tmp_path: Path, listener: Listener) -> None:
    file = tmp_path / "stand-in.db"
    with StandIn(state=file, webhook_url="in-process:", webhook_secret=SECRET, post=listener.post) as first:
        first.webhooks(hold=True)
        with StripePayments(api_key=TEST_KEY, api_base=first.url) as payments:
            made = Rig(payments, stripe.StripeClient(TEST_KEY)).checkout()
    assert listener.seen == []
    with StandIn(state=file, post=listener.post) as second:
        assert second.webhook_secret == SECRET
        assert second.flush() == 2
        with StripePayments(api_key=TEST_KEY, api_base=second.url) as payments:
            assert payments.fetch_checkout(made.id).id == made.id


def test_failures_on_demand_are_an_unavailable_provider(stand_in: StandIn, stand_in_rig: Rig) -> None:
    paid = stand_in_rig.pay_by_card()
    with StripePayments(api_key=TEST_KEY, api_base=stand_in.url, retries=0) as impatient:
        stand_in.control.fail_next(1, 503)
        with pytest.raises(ProviderUnavailable):
            impatient.fetch_payment_intent(paid.id)
        stand_in.control.fail_next(1, 429)
        with pytest.raises(ProviderUnavailable):
            impatient.fetch_payment_intent(paid.id)
    stand_in.control.fail_next(2, 503)
    assert stand_in_rig.payments.fetch_payment_intent(paid.id).is_paid


def test_nobody_listening_is_an_unavailable_provider() -> None:
    with (
        StripePayments(api_key=TEST_KEY, api_base="http://127.0.0.1:9", retries=0) as payments,
        pytest.raises(ProviderUnavailable),
    ):
        payments.fetch_payment_intent("pi_1")


def test_wrong_key_is_refused_at_once(stand_in: StandIn) -> None:
    with (
        StripePayments(api_key="sk_live_never", api_base=stand_in.url) as payments,
        pytest.raises(ProviderRefused),
    ):
        payments.fetch_payment_intent("pi_1")


def test_control_surface(stand_in: StandIn, stand_in_rig: Rig) -> None:
    made = stand_in_rig.checkout()
    with requests.Session() as session:

        def tell(path: str, **body: object) -> requests.Response:
            return session.post(f"{stand_in.url}/_standin/{path}", json=body, timeout=10)

        assert session.get(f"{stand_in.url}/_standin/health", timeout=10).json()["stand_in"] is True
        assert tell(f"sessions/{made.id}/outcome", outcome="bank_transfer").json()["status"] == "complete"
        assert tell(f"sessions/{made.id}/outcome", outcome="card").status_code == 400
        assert tell(f"sessions/{made.id}/outcome", outcome="magic").status_code == 400
        assert tell(f"customers/{made.customer}/transfer", amount=1_100_000).json()["net_amount"] == 1_100_000
        changed = tell("webhooks", url="http://127.0.0.1:9/", duplicates=1, hold=True).json()
        assert (changed["duplicates"], changed["secret"]) == (1, True)
        assert tell("webhooks", duplicates="many").status_code == 400
        assert tell("webhooks", colour="red").status_code == 400
        assert tell("clock", advance=60).json()["now"] > time.time() + 50
        assert tell("nothing").status_code == 404
        assert session.get(f"{stand_in.url}/_standin/deliveries", timeout=10).json() == {"data": []}
    assert stand_in_rig.payments.fetch_checkout(made.id).is_paid


def test_closing_does_not_wait_for_idle_connections() -> None:
    before = set(threading.enumerate())
    with StandIn() as running:
        port = int(running.url.rpartition(":")[2])
        with socket.create_connection(("127.0.0.1", port)):
            time.sleep(0.1)
            begun = time.monotonic()
            running.stop()
    assert time.monotonic() - begun < 2
    assert set(threading.enumerate()) == before


def test_process_starts_quickly_and_stops_on_sigterm(tmp_path: Path) -> None:
    command = [sys.executable, "-m", "portal.gateways.stripe_standin", "--state", str(tmp_path / "state.db")]
    begun = time.monotonic()
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        url = process.stdout.readline().rsplit(" ", 1)[1].strip()
        started = time.monotonic() - begun
        with requests.Session() as session:
            assert session.get(f"{url}/_standin/health", timeout=5).json()["stand_in"] is True
        process.terminate()
        assert process.wait(10) == 0
    assert started < 10  # about half a second on an idle machine
