"""A storm of webhooks on real processes: every event several times, shuffled, while web and worker are killed.

The parent plays the provider, posts until it hears 200, kills by SIGKILL and counts afterwards. A nursery
(`python -m bench.webhook_storm`) has read the portal's code once and holds the port; from it the web server and the
workers are forked, so that a successor is there at once.
"""

from __future__ import annotations

import logging
import os
import random
import signal
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import timedelta
from importlib import import_module
from pathlib import Path
from typing import NoReturn

import pytest
import requests
from flask import Flask
from sqlalchemy import func, select
from werkzeug.serving import make_server

from portal.accounts.enums import Role
from portal.billing.enums import AttemptState, EventState, PayMethod, ReceivableState
from portal.billing.models import (
    CheckoutAttempt,
    Dispute,
    Invoice,
    LedgerTransfer,
    Payment,
    PaymentWithdrawal,
    Receipt,
    Receivable,
    RefundOrder,
    WebhookEvent,
)
from portal.billing.queries.book_rules import book_problems
from portal.billing.queries.ledger import ledger_sum
from portal.billing.returns import OrderState
from portal.core.access import Actor
from portal.core.db import db
from portal.core.transaction import rollback, transaction
from portal.domain.ledger import Account
from portal.gateways.payments import StripePayments
from portal.gateways.stripe_standin import StandIn
from portal.jobs import services
from portal.settings import Settings
from portal.wiring import create_app
from tests.billing.payer import Payer
from tests.support.billing import bill, issuer
from tests.support.people import actor_of, company, person
from tests.support.settings import settings_for

SECRET, KEY = "whsec_for_tests_alone", "sk_test_stand_in"
LEASE = timedelta(seconds=3)  # of a dead worker; five minutes in service
POSTERS, WORKERS = 8, 2
ROOT = Path(__file__).resolve().parent.parent


@dataclass(frozen=True, slots=True)
class Plan:
    """How much weather. `deliveries` counts repetitions; every event is delivered at least once."""

    database_url: str
    deliveries: int = 10_000
    copies: int = 4
    kills: int = 8
    seed: int = 1
    mutant: str = ""
    most_seconds: float = 1800


@dataclass(slots=True)
class Figures:
    """What came of it. Everything from `lost_events` on must be nothing."""

    deliveries: int = 0
    events: int = 0
    payments: int = 0
    returns: int = 0
    kills: int = 0
    samples: int = 0
    seconds: float = 0.0
    lost_events: int = 0
    doubled_events: int = 0
    lost_payments: int = 0
    doubled_payments: int = 0
    lost_returns: int = 0
    doubled_returns: int = 0
    wrong_states: int = 0
    unbalanced: int = 0
    problems: list[str] = field(default_factory=list)

    @property
    def is_clean(self) -> bool:
        """Nothing lost, nothing doubled, nothing wrong."""
        bad = (self.lost_events, self.doubled_events, self.lost_payments, self.doubled_payments)
        bad += (self.lost_returns, self.doubled_returns)
        return not any(bad) and not self.wrong_states and not self.unbalanced and not self.problems


def run(plan: Plan) -> Figures:
    """The whole storm on an empty database; raises TimeoutError when it does not end."""
    figures, begun = Figures(), time.monotonic()
    with StandIn(webhook_url="http://portal.example/", webhook_secret=SECRET) as stand_in:
        stand_in.webhooks(hold=True)
        settings = _settings(plan.database_url, stand_in.url)
        app = create_app(settings)
        with app.app_context():
            expected = _prepare(app, stand_in, plan)
            deliveries = _deliveries(stand_in, plan)
            figures.events, figures.deliveries = len(set(deliveries)), len(deliveries)
            figures.payments = len(expected.paid)
            figures.returns = len(expected.refunds) + len(expected.disputes)
            rollback()
            with _House(settings, plan.mutant) as house, _sampled(app, figures):
                _post_all(stand_in, deliveries, house, plan, figures)
                _drain(plan, begun)
            _count(figures, expected, set(deliveries))
            db.session.remove()
            db.engine.dispose()
    figures.seconds = time.monotonic() - begun
    return figures


def _settings(database_url: str, api_base: str) -> Settings:
    return replace(
        settings_for(database_url),
        stripe_secret_key=KEY,
        stripe_webhook_secret=SECRET,
        stripe_api_base=api_base,
    )


@dataclass(slots=True)
class Expected:
    """What must come of it: money by invoice, refunds, disputes, and the invoices whose case was lost."""

    paid: dict[int, int] = field(default_factory=dict)
    refunds: set[str] = field(default_factory=set)
    disputes: dict[str, str] = field(default_factory=dict)
    lost: set[int] = field(default_factory=set)


def _prepare(app: Flask, stand_in: StandIn, plan: Plan) -> Expected:
    """Invoices paid at the provider, one in five by transfers in parts; of ten, one is refunded in part, one contested and
    won, one contested and lost."""
    with transaction():
        db.create_all()
    issuer()
    buyers = [company() for _n in range(10)]
    by = actor_of(person(at=buyers[0], roles=(Role.BILLING,)))
    expected = Expected()
    with StripePayments(api_key=KEY, webhook_secret=SECRET, api_base=stand_in.url) as provider:
        payer = Payer(app, stand_in, provider)
        enough = -(-plan.deliveries // plan.copies)
        while _events(stand_in) < enough:
            for n, buyer in enumerate(buyers):
                invoice = bill(buyer)
                _pay(payer, invoice, by, in_parts=n % 5 == 0)
                expected.paid[invoice.id] = invoice.total_yen
                _aftermath(payer, invoice, n, expected)
    return expected


def _pay(payer: Payer, invoice: Invoice, by: Actor, *, in_parts: bool) -> None:
    if not in_parts:
        payer.choose(payer.open(invoice, by), "card")
        return
    attempt = payer.open(invoice, by, PayMethod.BANK_TRANSFER)
    customer = payer.choose(attempt, "bank_transfer")
    for amount in (100_000, 400_000, 600_000):
        payer.transfer(customer, amount)


def _aftermath(payer: Payer, invoice: Invoice, n: int, expected: Expected) -> None:
    if n not in (2, 3, 4):
        return
    attempt = db.session.scalars(
        select(CheckoutAttempt).where(CheckoutAttempt.invoice_id == invoice.id)
    ).one()
    intent = str(payer.provider.fetch_checkout(str(attempt.session_id)).payment_intent_id)
    if n == 2:
        made = payer.provider.refund(
            payment_intent_id=intent, amount_yen=1_000, idempotency_key=f"r{invoice.id}"
        )
        expected.refunds.add(made.id)
        return
    name, end = str(payer.stand_in.control.dispute(intent)["id"]), "won" if n == 3 else "lost"
    payer.stand_in.control.decide_dispute(name, "under_review")
    payer.stand_in.control.decide_dispute(name, end)
    expected.disputes[name] = end
    if end == "lost":
        expected.lost.add(invoice.id)


def _events(stand_in: StandIn) -> int:
    return len({each["event"] for each in stand_in.deliveries.listed()})


def _deliveries(stand_in: StandIn, plan: Plan) -> list[str]:
    """Event names in the order of delivery: each at least once, repeated up to the wanted number, shuffled."""
    weather = random.Random(plan.seed)
    once = sorted({each["event"] for each in stand_in.deliveries.listed()})
    repeated = [weather.choice(once) for _n in range(max(0, plan.deliveries - len(once)))]
    deliveries = once + repeated
    weather.shuffle(deliveries)
    return deliveries


class _House:
    """A web server and workers as processes of their own, killed and started again."""

    def __init__(self, settings: Settings, mutant: str) -> None:
        self._environment = {
            **os.environ,
            "RENKEI_MODE": "test",
            "DATABASE_URL": settings.database_url,
            "SECRET_KEY": settings.secret_key,
            "PUBLIC_URL": settings.public_url,
            "MAIL_FROM": settings.mail_from,
            "STRIPE_SECRET_KEY": settings.stripe_secret_key,
            "STRIPE_WEBHOOK_SECRET": settings.stripe_webhook_secret,
            "STRIPE_API_BASE": settings.stripe_api_base,
            "LOG_LEVEL": "ERROR",
            "STORM_MUTANT": mutant,
        }
        self._roles = ["web", *["worker"] * WORKERS]
        self._living: list[int] = []

    def __enter__(self) -> _House:
        self._nursery = subprocess.Popen(
            [sys.executable, "-m", "bench.webhook_storm"],
            cwd=ROOT,
            env=self._environment,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )
        self.url = f"http://127.0.0.1:{self._answer()}/billing/webhooks/stripe"
        self._living = [self._start(role) for role in self._roles]
        return self

    def __exit__(self, *_raised: object) -> None:
        for process in self._living:
            os.kill(process, signal.SIGKILL)
        self._nursery.communicate()

    def kill(self, number: int) -> None:
        """End one by SIGKILL, in turn, and start its successor."""
        place = number % len(self._roles)
        os.kill(self._living[place], signal.SIGKILL)
        self._living[place] = self._start(self._roles[place])

    def _start(self, role: str) -> int:
        assert self._nursery.stdin is not None
        self._nursery.stdin.write(f"{role}\n")
        self._nursery.stdin.flush()
        return self._answer()

    def _answer(self) -> int:
        assert self._nursery.stdout is not None
        return int(self._nursery.stdout.readline())


def _post_all(stand_in: StandIn, deliveries: list[str], house: _House, plan: Plan, figures: Figures) -> None:
    """Post everything from several threads, each delivery until it is acknowledged, and kill on the way."""
    due = [len(deliveries) * (n + 1) // (plan.kills + 1) for n in range(plan.kills)]
    done, lock = [0], threading.Lock()
    deadline = time.monotonic() + plan.most_seconds
    with ThreadPoolExecutor(POSTERS) as posters, requests.Session() as session:
        session.trust_env = False
        session.mount("http://", requests.adapters.HTTPAdapter(pool_maxsize=POSTERS))

        def post(event: str) -> None:
            _post(session, stand_in, house.url, event, deadline)
            with lock:
                done[0] += 1

        waiting = [posters.submit(post, event) for event in deliveries]
        while not all(each.done() for each in waiting):
            if figures.kills < len(due) and done[0] >= due[figures.kills]:
                house.kill(figures.kills)
                figures.kills += 1
            time.sleep(0.005)
        for each in waiting:
            each.result()


def _post(session: requests.Session, stand_in: StandIn, url: str, event: str, deadline: float) -> None:
    while time.monotonic() < deadline:
        body, headers = stand_in.deliveries.signed(event)
        try:
            if session.post(url, data=body, headers=headers, timeout=30).status_code == 200:
                return
        except requests.RequestException:
            pass  # nobody there, or dead before the answer: the provider tries again
        time.sleep(0.05)
    raise TimeoutError(f"{event} was never acknowledged")


def _drain(plan: Plan, begun: float) -> None:
    """Wait until the workers have applied everything that is written down."""
    calm = 0
    while calm < 3:
        if time.monotonic() - begun > plan.most_seconds:
            raise TimeoutError("the workers do not come to an end")
        rollback()
        waiting = db.session.scalar(select(func.count()).where(WebhookEvent.state == EventState.RECEIVED))
        calm = 0 if waiting else calm + 1
        time.sleep(0.3)


@contextmanager
def _sampled(app: Flask, figures: Figures) -> Iterator[None]:
    """Look at the books every 100 ms; each look is one statement, so one state of the database."""
    stopped = threading.Event()

    def look() -> None:
        with app.app_context():
            while not stopped.wait(0.1):
                rollback()
                figures.samples += 1
                figures.unbalanced += ledger_sum() != 0 or _books_less_claims() != 0
            db.session.remove()

    thread = threading.Thread(target=look)
    thread.start()
    try:
        yield
    finally:
        stopped.set()
        thread.join()


def _books_less_claims() -> int:
    """What the ledger says is owed less what the invoices say, in one statement."""
    amount = LedgerTransfer.amount_yen
    debit = select(func.coalesce(func.sum(amount), 0)).where(LedgerTransfer.debit == Account.RECEIVABLE)
    credit = select(func.coalesce(func.sum(amount), 0)).where(LedgerTransfer.credit == Account.RECEIVABLE)
    owed = select(func.coalesce(func.sum(Receivable.outstanding_yen), 0))
    whole = debit.scalar_subquery() - credit.scalar_subquery() - owed.scalar_subquery()
    return int(db.session.scalar(select(whole)) or 0)


def _count(figures: Figures, wanted: Expected, sent: set[str]) -> None:
    rollback()
    done = list(
        db.session.scalars(select(WebhookEvent.event_id).where(WebhookEvent.state == EventState.DONE))
    )
    figures.lost_events = len(sent - set(done))
    figures.doubled_events = len(done) - len(set(done) & sent)
    expected = wanted.paid
    paid = dict.fromkeys(expected, 0)
    for row in db.session.execute(select(Payment.invoice_id, Payment.amount_yen)):
        paid[row.invoice_id] += row.amount_yen
    figures.lost_payments = sum(paid[each] < expected[each] for each in expected)
    figures.doubled_payments = sum(paid[each] > expected[each] for each in expected)
    _count_returns(figures, wanted)
    owed = select(Receivable.invoice_id, Receivable.state)
    states = [state for number, state in db.session.execute(owed) if number not in wanted.lost]
    attempts = db.session.scalars(select(CheckoutAttempt.state)).all()
    figures.wrong_states = sum(each is not ReceivableState.PAID for each in states)
    figures.wrong_states += sum(each is not AttemptState.PAID for each in attempts)
    receipts = db.session.scalar(select(func.count(Receipt.id))) or 0
    figures.wrong_states += abs(receipts - len(expected))
    reopened = select(func.count(Receivable.invoice_id)).where(Receivable.state == ReceivableState.UNPAID)
    figures.wrong_states += abs((db.session.scalar(reopened) or 0) - len(wanted.lost))
    figures.problems = [f"{p.rule}: {p.expected} / {p.found}" for p in book_problems()]


def _count_returns(figures: Figures, wanted: Expected) -> None:
    orders = list(
        db.session.scalars(select(RefundOrder.provider_id).where(RefundOrder.state == OrderState.SUCCEEDED))
    )
    cases = list(db.session.execute(select(Dispute.provider_id, Dispute.state)))
    ended = {name for name, state in cases if wanted.disputes.get(name) == state.value}
    figures.lost_returns = len(wanted.refunds - set(orders)) + len(wanted.disputes.keys() - ended)
    figures.doubled_returns = len(orders) - len(set(orders) & wanted.refunds)
    figures.doubled_returns += len(cases) - len({name for name, _state in cases} & wanted.disputes.keys())
    lost = select(func.coalesce(func.sum(PaymentWithdrawal.amount_yen), 0))
    owed = sum(wanted.paid[number] for number in wanted.lost)
    figures.doubled_returns += int(db.session.scalar(lost) or 0) != owed


def _be_nursery() -> None:
    """Say the port, then fork whatever is asked for and say its number; ends with the input."""
    logging.getLogger("werkzeug").setLevel(logging.ERROR)
    signal.signal(signal.SIGCHLD, signal.SIG_IGN)  # the dead need no burial
    app = create_app(Settings.from_environment(os.environ))
    door = socket.create_server(("127.0.0.1", 0), backlog=256)
    print(door.getsockname()[1], flush=True)
    for line in sys.stdin:
        child = os.fork()
        if child == 0:
            _live(app, line.strip(), door)
        print(child, flush=True)


def _live(app: Flask, role: str, door: socket.socket) -> NoReturn:
    if mutant := os.environ.get("STORM_MUTANT"):
        getattr(import_module("tests.billing.mutants"), mutant)(pytest.MonkeyPatch())
    try:
        _be_web(app, door) if role == "web" else _be_worker(app)
    finally:
        os._exit(1)


def _be_web(app: Flask, door: socket.socket) -> None:
    make_server("127.0.0.1", 0, app, threaded=True, fd=door.fileno()).serve_forever()


def _be_worker(app: Flask) -> None:
    services.LEASE = LEASE
    with app.app_context():
        while True:
            rollback()  # look at the database as it is now
            if not services.run_due_jobs(most=50):
                time.sleep(0.1)


if __name__ == "__main__":
    _be_nursery()
