"""Close at the provider what nobody should pay on any more."""

from __future__ import annotations

from sqlalchemy import or_, select, update

from portal.billing.enums import LIVE_ATTEMPTS, AttemptState
from portal.billing.models import CheckoutAttempt, Receivable
from portal.billing.services.checkouts import online_payments
from portal.billing.services.settlement import debt_of
from portal.core import clock
from portal.core.db import db
from portal.core.transaction import rollback, transaction
from portal.gateways.payments import CheckoutStatus, IntentStatus, PaymentProvider, ProviderRefused


def close_checkouts(invoice_id: int) -> None:
    """Close at the provider what is open for an invoice that is paid, or for another amount than is owed.

    A transfer that has begun to arrive is left alone. Runs outside a transaction; may be repeated.
    """
    provider = online_payments()
    owed = debt_of(invoice_id).outstanding_yen
    stale = select(CheckoutAttempt).where(
        CheckoutAttempt.invoice_id == invoice_id,
        CheckoutAttempt.received_yen == 0,
        CheckoutAttempt.session_id.is_not(None),
        or_(CheckoutAttempt.state.in_(LIVE_ATTEMPTS), CheckoutAttempt.url.is_not(None)),
    )
    pages = [
        (each.id, str(each.session_id), each.intent_id)
        for each in db.session.scalars(stale).all()
        if each.amount_yen != owed or each.state is AttemptState.CLOSED
    ]
    rollback()
    for attempt_id, session_id, intent_id in pages:
        if provider is not None and _close_there(provider, session_id, intent_id):
            with transaction() as session:
                over = update(CheckoutAttempt).where(
                    CheckoutAttempt.id == attempt_id, CheckoutAttempt.received_yen == 0
                )
                session.execute(over.values(state=AttemptState.CLOSED, url=None))


def close_stale_checkouts() -> int:
    """Look for pages that nobody should pay on any more, whatever became of the job that was to close them; how many.

    Attempts of which the provider never heard, or whose answer got lost, end with their page.
    """
    with transaction() as session:
        over = update(CheckoutAttempt).where(
            CheckoutAttempt.state == AttemptState.STARTED,
            CheckoutAttempt.expires_at < clock.now(),
            CheckoutAttempt.intent_id.is_(None),
        )
        session.execute(over.values(state=AttemptState.CLOSED))
    stale = (
        select(CheckoutAttempt.invoice_id)
        .join(Receivable, Receivable.invoice_id == CheckoutAttempt.invoice_id)
        .where(
            CheckoutAttempt.received_yen == 0,
            CheckoutAttempt.session_id.is_not(None),
            or_(
                CheckoutAttempt.state.in_(LIVE_ATTEMPTS)
                & (CheckoutAttempt.amount_yen != Receivable.outstanding_yen),
                (CheckoutAttempt.state == AttemptState.CLOSED) & CheckoutAttempt.url.is_not(None),
            ),
        )
        .distinct()
    )
    invoices = list(db.session.scalars(stale))
    for invoice_id in invoices:
        close_checkouts(invoice_id)
    return len(invoices)


def _close_there(provider: PaymentProvider, session_id: str, intent_id: str | None) -> bool:
    """Whether nothing can be paid on it any more."""
    checkout = provider.fetch_checkout(session_id)
    if checkout.status is CheckoutStatus.OPEN:
        try:
            provider.expire_checkout(session_id)
        except ProviderRefused:
            return False  # the payer was faster: the news of it is on its way
        return True
    intent_id = intent_id or checkout.payment_intent_id
    if intent_id is None:
        return True
    intent = provider.fetch_payment_intent(intent_id)
    if intent.received_yen or intent.status in (IntentStatus.PROCESSING, IntentStatus.SUCCEEDED):
        return False
    if intent.status is not IntentStatus.CANCELED:
        provider.cancel_payment_intent(intent_id)
    return True
