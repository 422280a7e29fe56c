"""Look at the provider's own list: apply what never reached us, and note where the books still differ.

More than the provider's three days of retries may be missed this way without losing anything.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta

from sqlalchemy import func, select

from portal.billing.enums import DifferenceKind, EventOrigin, PaymentSource
from portal.billing.models import CheckoutAttempt, Payment, ProviderLook, WebhookEvent
from portal.billing.services import events, news
from portal.billing.services.checkouts import online_payments
from portal.billing.services.differences import alone, note_difference
from portal.billing.services.news import Found
from portal.billing.services.payer_balances import look_at_balances
from portal.billing.services.returns import comparing
from portal.billing.services.returns.comparing import count_differences
from portal.core import clock
from portal.core.db import db
from portal.core.transaction import rollback, transaction
from portal.gateways.payments import Event, Intent, IntentStatus, PaymentProvider, ProviderRefused, Refund

FIRST_LOOK = timedelta(days=29)  # the provider keeps events for 30 days
OVERLAP = timedelta(days=3)  # our clock may have been ahead; what is found twice is written down once
PAYMENT_WINDOW = timedelta(days=90)  # a transfer may come long after its page was opened


def compare_with_provider() -> ProviderLook | None:
    """One look; None without a provider. Holds no lock while it asks there."""
    provider = online_payments()
    if provider is None:
        return None
    started = clock.now()
    last = _last_until(started)
    rollback()
    since = max(started - FIRST_LOOK, last)
    happened = provider.list_events(since)
    missed = _apply_missed(happened)
    payments = provider.list_payments(started - PAYMENT_WINDOW)
    found = 0
    for intent in payments:
        with alone(payment=intent.id):
            found += _compare(intent, _refunds(provider, intent))
    found += _compare_books(provider, payments, started - PAYMENT_WINDOW)
    found += comparing.compare_refunds(provider, started - PAYMENT_WINDOW)
    found += comparing.compare_disputes(provider, started - PAYMENT_WINDOW)
    found += comparing.book_fees(provider.list_movements(last))
    look_at_balances()
    with transaction() as session:
        look = ProviderLook(
            since=since,
            until=started,
            events_found=len(happened),
            events_missed=missed,
            payments_compared=len(payments),
            differences_found=found,
        )
        session.add(look)
    return look


def _last_until(started: datetime) -> datetime:
    """From when on something may be new. A look that ended after this one begins was made by a wrong clock: it says nothing."""
    ended = select(func.max(ProviderLook.until)).where(ProviderLook.until <= started)
    last = db.session.scalar(ended)
    return last - OVERLAP if last else started - PAYMENT_WINDOW


def _apply_missed(happened: Sequence[Event]) -> int:
    """Write down what was not delivered and apply it at once; how many those were."""
    missed = 0
    for event in happened:
        with transaction():
            is_new = events.write_down(event, body="", origin=EventOrigin.FOUND)
        if is_new:
            missed += 1
            with alone(news=event.id):  # its own job tries again
                events.apply_event(_row_of(event))
    return missed


def _row_of(event: Event) -> int:
    return int(db.session.scalars(select(WebhookEvent.id).where(WebhookEvent.event_id == event.id)).one())


def _refunds(provider: PaymentProvider, intent: Intent) -> tuple[Refund, ...]:
    """Refunds of a payment, when their sum is news."""
    known = db.session.scalar(
        select(CheckoutAttempt.refunded_yen).where(CheckoutAttempt.intent_id == intent.id)
    )
    rollback()
    return provider.refunds_of(intent.id) if intent.refunded_yen != (known or 0) else ()


def _compare(intent: Intent, refunds: tuple[Refund, ...]) -> int:
    """One payment there against ours, after applying what we had not; how many differences are new."""
    with transaction():
        found = Found(intent=intent, refunds=refunds)
        attempt, before = news.attempt_of(found), count_differences()
        if attempt is None or refunds or _is_news(attempt, intent):
            news.apply(found, on=clock.today(), books_money=True)
            attempt = news.attempt_of(found)
        noted = count_differences() - before
        if attempt is None or intent.status is IntentStatus.CANCELED:
            return noted
        if (booked := _booked(attempt)) == intent.received_yen:
            return noted
        details = {"there_yen": intent.received_yen, "here_yen": booked}
        reference = f"{intent.id}:{intent.received_yen}:{booked}"
        return noted + note_difference(
            DifferenceKind.AMOUNT_DIFFERS, reference=reference, details=details, invoice_id=attempt.invoice_id
        )


def _is_news(attempt: CheckoutAttempt, intent: Intent) -> bool:
    """More has arrived, or what had arrived is not there any more."""
    is_released = intent.status is IntentStatus.CANCELED and attempt.received_yen > 0
    return intent.received_yen > attempt.received_yen or is_released


def _booked(attempt: CheckoutAttempt) -> int:
    """What the books themselves say, whatever the attempt does."""
    total = select(func.coalesce(func.sum(Payment.amount_yen), 0)).where(Payment.attempt_id == attempt.id)
    return int(db.session.scalar(total) or 0)


def _compare_books(provider: PaymentProvider, listed: Sequence[Intent], since: datetime) -> int:
    """Payments in our books that the provider does not know; how many of those are new."""
    there = {intent.id for intent in listed}
    ours = select(Payment).where(Payment.provider == PaymentSource.STRIPE, Payment.created_at >= since)
    unlisted = [payment for payment in db.session.scalars(ours).all() if _intent_id(payment) not in there]
    rollback()
    missing = [payment for payment in unlisted if _is_unknown(provider, _intent_id(payment))]
    with transaction():
        return sum(
            note_difference(
                DifferenceKind.NOT_AT_PROVIDER,
                reference=payment.provider_reference,
                details={"amount_yen": payment.amount_yen},
                invoice_id=payment.invoice_id,
            )
            for payment in missing
        )


def _intent_id(payment: Payment) -> str:
    return payment.provider_reference.partition(":")[0]


def _is_unknown(provider: PaymentProvider, intent_id: str) -> bool:
    """A payment begun before the list is still there; one that never was is not."""
    try:
        provider.fetch_payment_intent(intent_id)
    except ProviderRefused as error:
        if error.is_missing:
            return True
        raise
    return False
