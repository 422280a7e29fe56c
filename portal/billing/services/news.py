"""What the provider says about a payment becomes our state and our books.

Everything here starts from an object read afresh, never from what a message claims. Amounts are cumulative: what is
booked is the difference to what was booked before, so repeating, doubling and shuffling change nothing.
"""

from __future__ import annotations

from dataclasses import asdict, dataclass
from datetime import date

from sqlalchemy import or_, select, update

from portal.audit.enums import Audience
from portal.audit.services import record
from portal.billing.enums import AttemptState, DifferenceKind, Outcome, PaymentSource, PayMethod
from portal.billing.models import CheckoutAttempt
from portal.billing.queries.invoices import any_invoice
from portal.billing.services.differences import note_difference
from portal.billing.services.payments import Arrival, take
from portal.core.db import db
from portal.gateways.payments import Checkout, CheckoutStatus, Intent, IntentStatus, Method


@dataclass(frozen=True, slots=True)
class Found:
    """Objects read at the provider: a page, a payment, or both."""

    checkout: Checkout | None = None
    intent: Intent | None = None


def attempt_of(found: Found) -> CheckoutAttempt | None:
    """Our attempt behind what was found: by the key that we gave it, or by the provider's names."""
    names = []
    for each in (found.intent, found.checkout):
        if each is not None and each.metadata.get("attempt"):
            names.append(CheckoutAttempt.key == each.metadata["attempt"])
    if found.intent is not None:
        names.append(CheckoutAttempt.intent_id == found.intent.id)
    if found.checkout is not None:
        names.append(CheckoutAttempt.session_id == found.checkout.id)
    fresh = {"populate_existing": True}
    return db.session.scalars(select(CheckoutAttempt).where(or_(*names)), execution_options=fresh).first()


def apply(found: Found, *, on: date, books_money: bool) -> Outcome:
    """Bring our state up to what was found; `on` is the day on which money counts as received.

    News that is not about money (`books_money` false) leaves money to the news that is. Gives what it led to.
    """
    attempt = attempt_of(found)
    if attempt is None:
        return _unknown(found)
    if found.checkout is not None:
        _apply_checkout(attempt, found.checkout)
    if found.intent is not None:
        return _apply_intent(attempt, found.intent, on=on, books_money=books_money)
    return Outcome.STATE


def _unknown(found: Found) -> Outcome:
    intent = found.intent
    if intent is None or not intent.received_yen:
        return Outcome.NOTHING
    note_difference(
        DifferenceKind.UNKNOWN_PAYMENT,
        reference=intent.id,
        details={"amount_yen": intent.received_yen, "metadata": dict(intent.metadata)},
    )
    return Outcome.UNKNOWN_PAYMENT


def _apply_checkout(attempt: CheckoutAttempt, checkout: Checkout) -> None:
    if attempt.session_id is None:  # the answer to our request got lost, the news did not
        _set(attempt, session_id=checkout.id)
    if checkout.payment_intent_id and attempt.intent_id is None:
        _set(attempt, intent_id=checkout.payment_intent_id)
    if checkout.status is CheckoutStatus.EXPIRED:
        _advance(attempt, AttemptState.CLOSED)
    if checkout.url is None:
        _set(attempt, url=None)


def _apply_intent(attempt: CheckoutAttempt, intent: Intent, *, on: date, books_money: bool) -> Outcome:
    if attempt.intent_id is None:
        _set(attempt, intent_id=intent.id)
    account = intent.transfer_account
    _set(attempt, transfer=asdict(account) if account else attempt.transfer)
    _note_failure(attempt, (intent.failure or "")[:300] or None)
    booked = _book(attempt, intent, on=on) if books_money else 0
    if attempt.received_yen >= intent.received_yen:
        _advance(attempt, _state_of(intent))
    _note_refund(attempt, intent)
    return Outcome.BOOKED if booked else Outcome.STATE


def _note_failure(attempt: CheckoutAttempt, failure: str | None) -> None:
    """Keep what the provider says of the last try; a new refusal stands on the invoice's timeline, once."""
    changed = (
        update(CheckoutAttempt)
        .where(CheckoutAttempt.id == attempt.id, CheckoutAttempt.failure.is_distinct_from(failure))
        .values(failure=failure)
        .returning(CheckoutAttempt.id)
    )
    is_new = db.session.execute(changed, execution_options={"synchronize_session": "fetch"}).first()
    if is_new is not None and failure is not None:
        record(
            verb="checkout.declined",
            subject=any_invoice(attempt.invoice_id),
            organisation_id=attempt.organisation_id,
            by=None,
            changes={"method": attempt.method, "amount_yen": attempt.amount_yen},
            audience=Audience.PARTY,
        )


def _state_of(intent: Intent) -> AttemptState:
    if intent.is_paid:
        return AttemptState.PAID
    if intent.status is IntentStatus.CANCELED:
        return AttemptState.CLOSED
    if intent.is_partially_funded:
        return AttemptState.PARTLY_FUNDED
    return AttemptState.AWAITING_TRANSFER if intent.transfer_account else AttemptState.OPEN


def _book(attempt: CheckoutAttempt, intent: Intent, *, on: date) -> int:
    """Book what has arrived since we last looked; gives the amount, 0 when there is nothing new."""
    before = attempt.received_yen
    arrived = intent.received_yen - before
    if arrived <= 0 or not claim(attempt.id, before, intent.received_yen):
        return 0
    db.session.refresh(attempt)
    method = PayMethod.CARD if intent.method is Method.CARD else PayMethod.BANK_TRANSFER
    arrival = Arrival(
        source=PaymentSource.STRIPE,
        reference=f"{intent.id}:{intent.received_yen}",
        method=method,
        amount_yen=arrived,
        received_on=on,
        attempt_id=attempt.id,
    )
    take(any_invoice(attempt.invoice_id), arrival, by=None)
    return arrived


def claim(attempt_id: int, before: int, received_yen: int) -> bool:
    """Take the money between `before` and `received_yen` as ours to book; false when somebody else has."""
    as_seen = (
        update(CheckoutAttempt)
        .where(CheckoutAttempt.id == attempt_id, CheckoutAttempt.received_yen == before)
        .values(received_yen=received_yen)
        .returning(CheckoutAttempt.id)
    )
    return db.session.execute(as_seen, execution_options={"synchronize_session": False}).first() is not None


def _advance(attempt: CheckoutAttempt, state: AttemptState) -> None:
    """Move forward by our own rank; what arrives late about an earlier state changes nothing."""
    earlier = [each for each in AttemptState if each.rank < state.rank]
    moved = (
        update(CheckoutAttempt)
        .where(CheckoutAttempt.id == attempt.id, CheckoutAttempt.state.in_(earlier))
        .values(state=state)
        .returning(CheckoutAttempt.id)
    )
    if db.session.execute(moved, execution_options={"synchronize_session": "fetch"}).first() is None:
        return
    if state is AttemptState.AWAITING_TRANSFER:
        record(
            verb="checkout.transfer_chosen",
            subject=any_invoice(attempt.invoice_id),
            organisation_id=attempt.organisation_id,
            by=None,
            changes={"amount_yen": attempt.amount_yen},
            audience=Audience.PARTY,
        )


def _note_refund(attempt: CheckoutAttempt, intent: Intent) -> None:
    if intent.refunded_yen <= attempt.refunded_yen:
        return
    _set(attempt, refunded_yen=intent.refunded_yen)
    note_difference(
        DifferenceKind.REFUNDED,
        reference=f"{intent.id}:{intent.refunded_yen}",
        details={"amount_yen": intent.refunded_yen},
        invoice_id=attempt.invoice_id,
    )


def _set(attempt: CheckoutAttempt, **values: object) -> None:
    statement = update(CheckoutAttempt).where(CheckoutAttempt.id == attempt.id).values(**values)
    db.session.execute(statement, execution_options={"synchronize_session": "fetch"})
