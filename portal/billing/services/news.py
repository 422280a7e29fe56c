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
from portal.billing import return_mail
from portal.billing.enums import (
    LIVE_ATTEMPTS,
    AttemptState,
    DifferenceKind,
    Outcome,
    PaymentSource,
    PayMethod,
)
from portal.billing.models import CheckoutAttempt
from portal.billing.queries.invoices import any_invoice
from portal.billing.services.differences import note_difference
from portal.billing.services.payments import Arrival, take
from portal.billing.services.returns import foreign
from portal.billing.services.returns.payers import note_payer
from portal.billing.services.returns.sending import part_of
from portal.core import clock
from portal.core.db import db
from portal.gateways.payments import Checkout, CheckoutStatus, Intent, IntentStatus, Method, Refund


@dataclass(frozen=True, slots=True)
class Found:
    """Objects read at the provider: a page, a payment or both, and the refunds of the payment."""

    checkout: Checkout | None = None
    intent: Intent | None = None
    refunds: tuple[Refund, ...] = ()


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
    attempt = attempt_of(found) if found.intent or found.checkout else None
    if attempt is None:
        for refund in found.refunds:
            foreign.take_note(refund)
        return _unknown(found)
    if found.checkout is not None:
        _apply_checkout(attempt, found.checkout)
    if found.intent is not None:
        outcome = _apply_intent(attempt, found.intent, on=on, books_money=books_money)
        _apply_returns(attempt, found)
        return outcome
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
    if checkout.status is CheckoutStatus.EXPIRED and _advance(attempt, AttemptState.CLOSED):
        _tell_expired(attempt)
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
    if intent.customer:
        note_payer(attempt.organisation_id, intent.customer)
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


def _advance(attempt: CheckoutAttempt, state: AttemptState) -> bool:
    """Move forward by our own rank; what arrives late about an earlier state changes nothing. Whether it moved."""
    earlier = [each for each in AttemptState if each.rank < state.rank]
    moved = (
        update(CheckoutAttempt)
        .where(CheckoutAttempt.id == attempt.id, CheckoutAttempt.state.in_(earlier))
        .values(state=state)
        .returning(CheckoutAttempt.id)
    )
    if db.session.execute(moved, execution_options={"synchronize_session": "fetch"}).first() is None:
        return False
    if state is AttemptState.AWAITING_TRANSFER:
        record(
            verb="checkout.transfer_chosen",
            subject=any_invoice(attempt.invoice_id),
            organisation_id=attempt.organisation_id,
            by=None,
            changes={"amount_yen": attempt.amount_yen},
            audience=Audience.PARTY,
        )
    return True


def _tell_expired(attempt: CheckoutAttempt) -> None:
    """A page whose time is over, on an invoice that nobody has another way to pay by: choose again, please."""
    invoice = any_invoice(attempt.invoice_id)
    others = select(CheckoutAttempt.id).where(
        CheckoutAttempt.invoice_id == attempt.invoice_id, CheckoutAttempt.state.in_(LIVE_ATTEMPTS)
    )
    is_over = attempt.expires_at <= clock.now()
    if is_over and invoice.receivable.state.is_owed and db.session.scalar(others.limit(1)) is None:
        return_mail.send_expired(attempt, invoice)


def _apply_returns(attempt: CheckoutAttempt, found: Found) -> None:
    """What went back of a payment, and a part that returned to the payer because the payment was given up."""
    if found.intent is None:
        return
    part = part_of(found.intent, attempt)
    for refund in (*found.refunds, *((part,) if part else ())):
        foreign.take_note(refund)
    if found.intent.refunded_yen != attempt.refunded_yen:
        _set(attempt, refunded_yen=found.intent.refunded_yen)


def _set(attempt: CheckoutAttempt, **values: object) -> None:
    statement = update(CheckoutAttempt).where(CheckoutAttempt.id == attempt.id).values(**values)
    db.session.execute(statement, execution_options={"synchronize_session": "fetch"})
