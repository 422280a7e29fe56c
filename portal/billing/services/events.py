"""News from the provider: written down under its own number and committed, then applied once by a job."""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select, update

from portal.billing.enums import EventOrigin, EventState, Outcome
from portal.billing.models import WebhookEvent
from portal.billing.services import news
from portal.billing.services.checkouts import online_payments
from portal.billing.services.news import Found
from portal.billing.services.returns import disputes
from portal.billing.services.returns.payers import note_balance
from portal.core import clock
from portal.core.db import db, insert_or_ignore
from portal.core.transaction import rollback, transaction
from portal.gateways.payments import (
    Dispute,
    Event,
    Intent,
    PaymentProvider,
    ProviderRefused,
    ProviderUnavailable,
)
from portal.jobs.services import enqueue

MONEY = frozenset(
    {
        "payment_intent.succeeded",
        "payment_intent.partially_funded",
        "checkout.session.completed",
        "checkout.session.async_payment_succeeded",
        "charge.succeeded",
    }
)
MOST_BODY = 200_000


def write_down(event: Event, *, body: str, origin: EventOrigin) -> bool:
    """Keep the news and ask for its being applied, once per event; whether it was new."""
    known = select(WebhookEvent.id).where(WebhookEvent.event_id == event.id)
    if db.session.scalar(known) is not None:
        return False
    insert_or_ignore(
        WebhookEvent,
        event_id=event.id,
        type=event.type[:120],
        object_id=event.object_id[:120],
        object_type=event.object_type[:60],
        created_at=event.created,
        received_at=clock.now(),
        origin=origin,
        body=body[:MOST_BODY],
        state=EventState.RECEIVED,
        outcome=Outcome.NONE,
    )
    event_id = db.session.scalar(known)
    enqueue("billing.apply_event", key=f"event:{event.id}", event_id=event_id)
    return True


def apply_event(event_id: int) -> None:
    """Apply one piece of news: look at the object there, then books, state and done flag in one transaction.

    Delivered twice or run twice, it changes nothing the second time. Raises ProviderUnavailable: the job tries again.
    """
    event = db.session.get(WebhookEvent, event_id, populate_existing=True)
    if event is None or event.state is EventState.DONE:
        return
    db.session.expunge(event)  # its values outlive the read transaction
    rollback()
    found = look(event)
    with transaction():
        if finish(event_id):
            _say(event_id, _apply(found, event))


def _apply(found: Found | Aside | None, event: WebhookEvent) -> Outcome:
    if found is None:
        return Outcome.NOTHING
    if isinstance(found, Found):
        on = clock.day_told(event.created_at)
        return news.apply(found, on=on, books_money=event.type in MONEY)
    if found.paid is not None:  # the payment comes first, whatever its own news does
        on = clock.day_told(found.paid.created)
        news.apply(Found(intent=found.paid), on=on, books_money=True)
    if found.dispute is not None:
        disputes.take_note(found.dispute)
    if found.customer is not None:
        note_balance(found.customer, found.balance_yen, found.looked_at)
    return Outcome.STATE


def finish(event_id: int) -> bool:
    """Set the done flag; false when another worker has."""
    first = (
        update(WebhookEvent)
        .where(WebhookEvent.id == event_id, WebhookEvent.state == EventState.RECEIVED)
        .values(state=EventState.DONE, done_at=clock.now())
        .returning(WebhookEvent.id)
    )
    return db.session.execute(first, execution_options={"synchronize_session": False}).first() is not None


def _say(event_id: int, outcome: Outcome) -> None:
    statement = update(WebhookEvent).where(WebhookEvent.id == event_id).values(outcome=outcome)
    db.session.execute(statement, execution_options={"synchronize_session": False})


@dataclass(frozen=True, slots=True)
class Aside:
    """Objects read at the provider that are no payment: a contested one, or what a payer has there."""

    looked_at: datetime
    dispute: Dispute | None = None
    paid: Intent | None = None
    customer: str | None = None
    balance_yen: int = 0


def look(event: WebhookEvent) -> Found | Aside | None:
    """Read afresh what the news is about; None for kinds that concern no payment, and for what is gone there."""
    provider = online_payments()
    if provider is None:
        raise ProviderUnavailable("no key is configured")
    try:
        if event.object_type == "checkout.session":
            return _look_at_page(provider, event.object_id)
        if event.object_type == "dispute":
            return _look_at_dispute(provider, event.object_id)
        if event.object_type == "customer_cash_balance_transaction":
            return _look_at_balance(provider, _named(event, "customer"))
        if event.object_type == "refund":
            return _look_at_refund(provider, event.object_id)
        intent_id = event.object_id if event.object_type == "payment_intent" else _intent_of(event)
        return _look_at_payment(provider, intent_id) if intent_id else None
    except ProviderRefused as error:
        if error.is_missing:
            return None
        raise


def _look_at_page(provider: PaymentProvider, session_id: str) -> Found:
    checkout = provider.fetch_checkout(session_id)
    if checkout.payment_intent_id is None:
        return Found(checkout=checkout)
    return Found(checkout=checkout, intent=provider.fetch_payment_intent(checkout.payment_intent_id))


def _look_at_payment(provider: PaymentProvider, intent_id: str) -> Found:
    """A payment, with its refunds when there are any."""
    intent = provider.fetch_payment_intent(intent_id)
    return Found(intent=intent, refunds=provider.refunds_of(intent_id) if intent.refunded_yen else ())


def _look_at_dispute(provider: PaymentProvider, dispute_id: str) -> Aside:
    """A contested payment, with the payment."""
    dispute = provider.fetch_dispute(dispute_id)
    name = dispute.payment_intent_id
    return Aside(clock.now(), dispute=dispute, paid=provider.fetch_payment_intent(name) if name else None)


def _look_at_refund(provider: PaymentProvider, refund_id: str) -> Found:
    """A refund, with the payment that it gives back."""
    refund = provider.fetch_refund(refund_id)
    if refund.payment_intent_id is None:
        return Found(refunds=(refund,))
    return Found(intent=provider.fetch_payment_intent(refund.payment_intent_id), refunds=(refund,))


def _look_at_balance(provider: PaymentProvider, customer: str | None) -> Aside | None:
    looked_at = clock.now()
    return (
        Aside(looked_at, customer=customer, balance_yen=provider.fetch_balance(customer))
        if customer
        else None
    )


def _intent_of(event: WebhookEvent) -> str | None:
    """The payment that the news of a charge is about."""
    return _named(event, "payment_intent") if event.object_type == "charge" else None


def _named(event: WebhookEvent, field: str) -> str | None:
    """What the body of a message names; nothing when it was found without one."""
    if not event.body:
        return None
    try:
        named = json.loads(event.body)["data"]["object"].get(field)
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError):
        return None
    return named if isinstance(named, str) else None
