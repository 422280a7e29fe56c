"""Have the provider do what an order says: looked for first, asked for outside a transaction, settled by the answer."""

from __future__ import annotations

from datetime import timedelta

from portal.billing.enums import AttemptState
from portal.billing.models import CheckoutAttempt, Invoice, RefundOrder
from portal.billing.returns import OrderKind, OrderState
from portal.billing.services.checkouts import online_payments
from portal.billing.services.returns.settling import settle
from portal.core import clock
from portal.core.db import db
from portal.core.transaction import rollback
from portal.gateways.payments import (
    Intent,
    IntentStatus,
    PaymentProvider,
    ProviderRefused,
    ProviderUnavailable,
    Refund,
    RefundStatus,
)

A_WHILE = timedelta(hours=1)


def send_refund(order_id: int) -> None:
    """Have the provider do what an order says, unless it has; then bring the order up to its answer.

    Runs outside a transaction; may be repeated. Raises ProviderUnavailable: the job tries again.
    """
    order = db.session.get(RefundOrder, order_id, populate_existing=True)
    if order is None or order.state is not OrderState.REQUESTED:
        return
    attempt = db.session.get(CheckoutAttempt, order.attempt_id) if order.attempt_id else None
    email = str(db.session.get_one(Invoice, order.invoice_id).buyer.get("email") or "")
    number = db.session.get_one(Invoice, order.invoice_id).number
    db.session.expunge_all()
    rollback()
    provider = online_payments()
    if provider is None:
        raise ProviderUnavailable("no key is configured")
    notes = {"refund": order.key, "invoice": number}
    try:
        found = _there(provider, order, attempt) or _ask(provider, order, attempt, notes, email)
    except ProviderRefused as error:
        found = Refund(
            id="",
            status=RefundStatus.FAILED,
            amount_yen=order.amount_yen,
            payment_intent_id=None,
            charge_id=None,
            created=clock.now(),
            failure=str(error)[:300],
        )
    settle(order_id, found)


def _there(provider: PaymentProvider, order: RefundOrder, attempt: CheckoutAttempt | None) -> Refund | None:
    """The order as the provider has it already: the answer got lost, or a key was too old to be remembered there."""
    if order.kind is OrderKind.PART:
        return released(provider, attempt) if attempt else None
    if order.kind is OrderKind.BALANCE:
        listed = provider.list_refunds(order.created_at - A_WHILE)
    else:
        listed = provider.refunds_of(str(attempt.intent_id if attempt else ""))
    return next((each for each in listed if each.metadata.get("refund") == order.key), None)


def released(provider: PaymentProvider, attempt: CheckoutAttempt) -> Refund | None:
    """The part of a payment that returned to the payer's balance when the payment was given up; None while it was not."""
    intent = provider.fetch_payment_intent(str(attempt.intent_id))
    return part_of(intent, attempt)


def part_of(intent: Intent, attempt: CheckoutAttempt) -> Refund | None:
    """As `released`, of a payment that was read already."""
    if intent.status is not IntentStatus.CANCELED or not attempt.received_yen:
        return None
    return Refund(
        id=f"{intent.id}:released",
        status=RefundStatus.SUCCEEDED,
        amount_yen=attempt.received_yen,
        payment_intent_id=intent.id,
        charge_id=None,
        created=clock.now(),
    )


def _ask(
    provider: PaymentProvider,
    order: RefundOrder,
    attempt: CheckoutAttempt | None,
    notes: dict[str, str],
    email: str,
) -> Refund:
    if order.kind is OrderKind.BALANCE:
        return provider.refund_balance(
            customer=str(order.customer),
            amount_yen=order.amount_yen,
            email=email,
            idempotency_key=order.key,
            metadata=notes,
        )
    if attempt is None:
        raise ProviderRefused("the order names no payment")
    if order.kind is OrderKind.PART:
        if attempt.state is AttemptState.PAID:
            raise ProviderRefused("the rest has arrived in the meantime")
        return _given_up(provider, attempt)
    return provider.refund(
        payment_intent_id=str(attempt.intent_id),
        amount_yen=order.amount_yen,
        idempotency_key=order.key,
        reason="requested_by_customer",
        metadata=notes,
    )


def _given_up(provider: PaymentProvider, attempt: CheckoutAttempt) -> Refund:
    part = part_of(provider.cancel_payment_intent(str(attempt.intent_id)), attempt)
    if part is None:
        raise ProviderRefused("nothing had arrived")
    return part
