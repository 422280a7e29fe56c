"""Look at what payers have with the provider, and have it pay."""

from __future__ import annotations

from sqlalchemy import select

from portal.billing.enums import AttemptState
from portal.billing.models import CheckoutAttempt, PayerBalance
from portal.billing.queries.invoices import any_invoice
from portal.billing.services import news
from portal.billing.services.checkouts import online_payments
from portal.billing.services.news import Found
from portal.billing.services.returns.payers import note_balance
from portal.core import clock
from portal.core.db import db
from portal.core.transaction import rollback, transaction
from portal.gateways.payments import ProviderUnavailable


def look_at_balances() -> int:
    """Read every payer's balance there; how many have changed. Holds no lock while it asks."""
    provider = online_payments()
    if provider is None:
        return 0
    known = [(each.id, each.customer) for each in db.session.scalars(select(PayerBalance)).all()]
    rollback()
    changed = 0
    for balance_id, customer in known:
        looked_at = clock.now()
        amount = provider.fetch_balance(customer)
        with transaction():
            row = db.session.get_one(PayerBalance, balance_id, populate_existing=True)
            changed += row.balance_yen != amount
            note_balance(customer, amount, looked_at)
    return changed


def pay_from_balance(attempt_id: int, customer: str) -> None:
    """Ask the provider for the payment, unless it has been made, and book it. May be repeated."""
    attempt = db.session.get(CheckoutAttempt, attempt_id, populate_existing=True)
    if attempt is None or attempt.intent_id is not None or attempt.state is not AttemptState.STARTED:
        return
    number = any_invoice(attempt.invoice_id).number
    db.session.expunge_all()
    rollback()
    provider = online_payments()
    if provider is None:
        raise ProviderUnavailable("no key is configured")
    intent = provider.pay_from_balance(
        customer=customer,
        amount_yen=attempt.amount_yen,
        description=number,
        metadata={"attempt": attempt.key, "invoice": number},
        idempotency_key=attempt.key,
    )
    looked_at = clock.now()
    left = provider.fetch_balance(customer)
    with transaction():
        news.apply(Found(intent=intent), on=clock.today(), books_money=True)
        note_balance(customer, left, looked_at)
