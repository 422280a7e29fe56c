"""Our own code with one guard taken out: each must fail the fault test that stands beside it in MUTANTS."""

from __future__ import annotations

import itertools
import json
import queue
import threading
import time
import uuid
from datetime import date
from typing import Any

import pytest
from sqlalchemy import DDL, update

from portal.billing.enums import PaymentSource, PayMethod
from portal.billing.models import CheckoutAttempt, Invoice, Receivable, WebhookEvent
from portal.billing.queries.invoices import any_invoice
from portal.billing.routes import webhooks
from portal.billing.services import events, issuing, news, payments, settlement
from portal.billing.services.news import Found
from portal.core import transaction
from portal.core.db import db
from portal.core.schema import thaw_statements
from portal.domain.numbering import DocumentKind, DocumentNumber
from portal.domain.settlement import Debt
from portal.domain.terms import FiscalYear
from portal.gateways.payments import Event, Intent, IntentStatus, Method, StripePayments
from portal.gateways.stripe_reading import event as read_event
from tests.billing import faults

Patch = pytest.MonkeyPatch


def drop_the_unique(patch: Patch) -> None:
    """UNIQUE(event_id) and the job's key are gone: every delivery is news."""
    real = events.write_down

    def careless(event: Event, **more: Any) -> bool:
        twin = Event(
            f"{event.id}-{uuid.uuid4().hex[:8]}",
            event.type,
            event.object_id,
            event.object_type,
            event.created,
        )
        return real(twin, **more)

    patch.setattr(webhooks.events, "write_down", careless)


def acknowledge_before_the_commit(patch: Patch) -> None:
    """The answer is 200 whatever becomes of the transaction."""

    def finish_anyway() -> None:
        try:
            transaction.commit()
        except Exception:
            transaction.rollback()

    real = events.write_down

    def careless(event: Event, **more: Any) -> bool:
        answer = real(event, **more)
        finish_anyway()
        patch.setattr(transaction, "commit", lambda: None)
        return answer

    patch.setattr(webhooks.events, "write_down", careless)


def acknowledge_then_write_later(patch: Patch) -> None:
    """The news waits in memory for a thread that writes it down: a kill in between loses what was acknowledged."""
    from flask import current_app

    real, waiting = events.write_down, queue.SimpleQueue[tuple[float, Any, Event, dict[str, Any]]]()

    def write() -> None:
        while True:
            due, app, event, more = waiting.get()
            time.sleep(max(0.0, due - time.monotonic()))
            with app.app_context(), transaction.transaction():
                real(event, **more)

    def careless(event: Event, **more: Any) -> bool:
        waiting.put((time.monotonic() + 0.5, current_app._get_current_object(), event, more))  # type: ignore[attr-defined]
        return True

    threading.Thread(target=write, daemon=True).start()
    patch.setattr(webhooks.events, "write_down", careless)


def check_then_write(patch: Patch) -> None:
    """What is booked already is read before the transaction; inside it is only written, under no unique name."""
    seen = threading.local()
    real_look = events.look

    def look(event: WebhookEvent) -> Found | None:
        found = real_look(event)
        attempt = news.attempt_of(found) if found else None
        seen.before = attempt.received_yen if attempt else 0
        transaction.rollback()
        return found

    def book(attempt: CheckoutAttempt, intent: Intent, *, on: date) -> int:
        arrived = intent.received_yen - seen.before
        if arrived <= 0:
            return 0
        attempt.received_yen = intent.received_yen
        method = PayMethod.CARD if intent.method is Method.CARD else PayMethod.BANK_TRANSFER
        arrival = payments.Arrival(
            source=PaymentSource.STRIPE,
            reference=uuid.uuid4().hex,
            method=method,
            amount_yen=arrived,
            received_on=on,
            attempt_id=attempt.id,
        )
        payments.take(any_invoice(attempt.invoice_id), arrival, by=None)
        return arrived

    patch.setattr(events, "look", look)
    patch.setattr(news, "_book", book)


def no_done_flag(patch: Patch) -> None:
    """Every worker that has the event applies it."""
    patch.setattr(events, "finish", lambda event_id: True)


def last_writer_wins(patch: Patch) -> None:
    """What is owed is overwritten without looking whether it still is what was read."""

    def careless(invoice_id: int, seen: Debt, after: Debt, on: date) -> bool:
        db.session.execute(
            update(Receivable)
            .where(Receivable.invoice_id == invoice_id)
            .values(
                outstanding_yen=after.outstanding_yen,
                excess_yen=after.excess_yen,
                credited_yen=after.credited_yen,
                state=after.standing.value,
            )
        )
        return True

    patch.setattr(settlement, "write", careless)


def no_once_key(patch: Patch) -> None:
    """A form sent again is a new payment."""
    real = payments.take

    def careless(invoice: Invoice, arrival: payments.Arrival, **more: Any) -> Any:
        from dataclasses import replace

        return real(invoice, replace(arrival, reference=uuid.uuid4().hex), **more)

    patch.setattr(payments, "take", careless)


def a_sequence_for_numbers(patch: Patch) -> None:
    """Numbers come from a counter that a rollback does not move back."""
    counter = itertools.count(1)

    def careless(kind: DocumentKind, on: date) -> DocumentNumber:
        return DocumentNumber(kind, FiscalYear.of(on).year, next(counter))

    patch.setattr(issuing, "next_number", careless)


def order_by_arrival(patch: Patch) -> None:
    """The latest message decides the state."""

    def careless(attempt: CheckoutAttempt, state: Any) -> None:
        attempt.state = state

    patch.setattr(news, "_advance", careless)
    patch.setattr(news, "_apply_intent", _without_looking_at_money(careless))


def _without_looking_at_money(advance: Any) -> Any:
    def apply(attempt: CheckoutAttempt, intent: Intent, *, on: date, books_money: bool) -> str:
        if books_money:
            news._book(attempt, intent, on=on)
        advance(attempt, news._state_of(intent))
        return "state"

    return apply


def believe_the_message(patch: Patch) -> None:
    """The payment is taken from the message instead of being read afresh."""
    real = events.look

    def careless(event: WebhookEvent) -> Found | None:
        found = real(event)
        if found is None or found.intent is None or not event.body:
            return found
        said = json.loads(event.body)["data"]["object"]
        from dataclasses import replace

        claimed = replace(
            found.intent,
            status=IntentStatus(said["status"]),
            received_yen=said.get("amount_received", 0),
        )
        return Found(checkout=found.checkout, intent=claimed)

    patch.setattr(events, "look", careless)


def skip_the_signature(patch: Patch) -> None:
    """Whatever is posted is read."""
    patch.setattr(
        StripePayments, "verify_webhook", lambda self, raw, header, now: read_event(json.loads(raw))
    )


def thawed_rows(patch: Patch) -> None:
    """The database's own refusal is gone from one table."""
    with transaction.transaction() as session:
        for statement in thaw_statements(db.engine.dialect.name, "invoices"):
            session.execute(DDL(statement))


MUTANTS = (
    (drop_the_unique, faults.doubled_deliveries),
    (acknowledge_before_the_commit, faults.acknowledged_but_not_kept),
    (check_then_write, faults.two_workers_look_at_once),
    (no_done_flag, faults.the_same_news_by_two_workers),
    (last_writer_wins, faults.somebody_paid_in_between),
    (last_writer_wins, faults.somebody_gave_back_in_between),
    (no_once_key, faults.one_form_sent_twice_at_once),
    (a_sequence_for_numbers, faults.numbers_with_rollbacks),
    (order_by_arrival, faults.an_old_look_after_a_new_one),
    (believe_the_message, faults.a_message_that_lies),
    (skip_the_signature, faults.a_message_nobody_signed),
    (thawed_rows, faults.an_invoice_changed_afterwards),
)
