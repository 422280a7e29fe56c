"""What payers have with the provider and pays nothing: shown, sent to their bank, or used for another invoice.

It is the payer's money and stands in no account of ours until it pays an invoice.
"""

from __future__ import annotations

import uuid

from sqlalchemy import select

from portal.audit.enums import Audience
from portal.audit.services import record
from portal.billing.enums import LIVE_ATTEMPTS, AttemptState, PayMethod
from portal.billing.models import CheckoutAttempt, Invoice, PayerBalance, RefundOrder
from portal.billing.queries.invoices import any_invoice
from portal.billing.returns import Booking, OrderKind, OrderOrigin, OrderState
from portal.billing.services import settlement
from portal.billing.services.checkouts import LIFETIME, online_payments
from portal.billing.services.returns.orders import key_of, tell
from portal.core import clock
from portal.core.access import Actor
from portal.core.db import db
from portal.core.errors import Refused
from portal.core.formats import yen
from portal.core.i18n import _l
from portal.core.integrity import explain
from portal.jobs.services import enqueue

SMALLEST_YEN = 50  # the provider takes no smaller payment
explain(
    "uq_refund_orders_asking",
    _l("Somebody is sending money of this balance back at the moment. Please reload the page."),
)


def send_to_bank(*, balance: PayerBalance, amount_yen: int, by: Actor, once: str) -> RefundOrder:
    """Have the provider send money of a balance to the payer's bank; the same `once` gives the first order."""
    key = key_of(f"balance:{balance.id}:{once}")
    standing = db.session.scalars(select(RefundOrder).where(RefundOrder.key == key)).one_or_none()
    if standing is not None:
        return standing
    _check(balance, amount_yen)
    invoice = _latest_invoice(balance)
    order = RefundOrder(
        key=key,
        kind=OrderKind.BALANCE,
        origin=OrderOrigin.OFFICE,
        organisation_id=balance.organisation_id,
        invoice_id=invoice.id,
        customer=balance.customer,
        amount_yen=amount_yen,
        state=OrderState.REQUESTED,
        booking=Booking.NONE,
        created_at=clock.now(),
        asked_by_id=by.id,
    )
    db.session.add(order)
    db.session.flush()
    tell("refund.asked", order, invoice, by=by)
    enqueue("billing.send_refund", key=f"refund_order:{order.id}", order_id=order.id)
    return order


def use_for_invoice(*, balance: PayerBalance, invoice: Invoice, by: Actor) -> CheckoutAttempt:
    """Have the provider pay an invoice out of the balance; the money is booked as every payment through it."""
    owed = settlement.debt_of(invoice.id).outstanding_yen
    amount = min(owed, balance.balance_yen)
    if invoice.organisation_id != balance.organisation_id or not owed:
        raise Refused(_l("Please choose an invoice of the same company that is still to be paid."))
    _check(balance, amount)
    if amount < SMALLEST_YEN:
        raise Refused(_l("The payment service takes no payment below %(amount)s.", amount=yen(SMALLEST_YEN)))
    _make_room(invoice)
    attempt = CheckoutAttempt(
        key=uuid.uuid4().hex,
        invoice_id=invoice.id,
        organisation_id=invoice.organisation_id,
        method=PayMethod.BANK_TRANSFER,
        amount_yen=amount,
        language=invoice.language,
        expires_at=(clock.now() + LIFETIME).replace(microsecond=0),
        created_at=clock.now(),
        created_by_id=by.id,
    )
    db.session.add(attempt)
    db.session.flush()
    record(
        verb="balance.used",
        subject=invoice,
        organisation_id=invoice.organisation_id,
        by=by,
        changes={"amount_yen": amount},
        audience=Audience.PARTY,
    )
    enqueue(
        "billing.pay_from_balance",
        key=f"attempt:{attempt.id}:balance",
        attempt_id=attempt.id,
        customer=balance.customer,
    )
    return attempt


def _check(balance: PayerBalance, amount_yen: int) -> None:
    if online_payments() is None:
        raise Refused(_l("Payment over the internet is not set up here."))
    if not 0 < amount_yen <= balance.balance_yen:
        message = _l("The balance is %(amount)s.", amount=yen(balance.balance_yen))
        raise Refused(message, field="amount_yen")


def _latest_invoice(balance: PayerBalance) -> Invoice:
    """What the company last paid through the provider; the balance came of it."""
    latest = select(CheckoutAttempt.invoice_id).where(
        CheckoutAttempt.organisation_id == balance.organisation_id, CheckoutAttempt.intent_id.is_not(None)
    )
    return any_invoice(int(db.session.scalars(latest.order_by(CheckoutAttempt.id.desc())).first() or 0))


def _make_room(invoice: Invoice) -> None:
    live = select(CheckoutAttempt).where(
        CheckoutAttempt.invoice_id == invoice.id,
        CheckoutAttempt.method == PayMethod.BANK_TRANSFER,
        CheckoutAttempt.state.in_(LIVE_ATTEMPTS),
    )
    standing = db.session.scalars(live).one_or_none()
    if standing is None:
        return
    if standing.received_yen or standing.state is AttemptState.STARTED:
        raise Refused(
            _l("A transfer for this invoice is under way already. Please wait until it is complete.")
        )
    standing.state = AttemptState.CLOSED
    db.session.flush()
    enqueue("billing.close_checkouts", invoice_id=invoice.id)
