"""What the provider says of a refund becomes our state and our books, once.

News comes twice, late and in any order: a state is reached from those before it alone, and only the step itself books.
"""

from __future__ import annotations

from datetime import date

from sqlalchemy import select, update
from sqlalchemy.exc import IntegrityError

from portal.audit.enums import Audience
from portal.audit.services import record
from portal.billing import return_mail
from portal.billing.enums import DifferenceKind, PaymentSource
from portal.billing.models import (
    CheckoutAttempt,
    Invoice,
    ProviderDifference,
    Refund,
    RefundOrder,
    RefundReversal,
)
from portal.billing.queries.invoices import any_invoice
from portal.billing.returns import (
    GIVEN_UP,
    ORDER_STATES,
    UNDER_WAY,
    Booking,
    OrderKind,
    OrderOrigin,
    OrderState,
)
from portal.billing.services import ledger, settlement
from portal.billing.services.payments import Arrival, take
from portal.billing.services.recovering import recover
from portal.billing.services.reopening import pay_by_own_advance
from portal.billing.services.returns.whereabouts import again, named, taken_elsewhere
from portal.core import clock
from portal.core.db import db
from portal.core.transaction import transaction
from portal.domain import ledger as books
from portal.domain import settlement as rules
from portal.domain.ledger import Account, EntryKind
from portal.gateways.payments import Refund as Found
from portal.jobs.services import enqueue

MOST_TRIES = 20


def settle(order_id: int, found: Found) -> bool:
    """Bring an order up to what the provider says; whether that was news."""
    with transaction():
        target = ORDER_STATES[found.status]
        before = _advance(order_id, target, found)
        if before is None:
            return False
        order = db.session.get_one(RefundOrder, order_id, populate_existing=True)
        invoice = any_invoice(order.invoice_id)
        if target is OrderState.SUCCEEDED:
            money_has_gone(order, invoice)
        elif target in GIVEN_UP:
            _money_is_back(order, invoice, before)
        else:
            _tell("refund.under_way", order, invoice)
        return True


def _advance(order_id: int, target: OrderState, found: Found) -> OrderState | None:
    """Move the order forward; gives where it stood, None when it stands there or beyond already."""
    for _try in range(MOST_TRIES):
        where = select(RefundOrder.state, RefundOrder.provider_id).where(RefundOrder.id == order_id)
        state, name = db.session.execute(where).one()
        if found.id and name is None:
            named = update(RefundOrder).where(RefundOrder.id == order_id, RefundOrder.provider_id.is_(None))
            db.session.execute(named.values(provider_id=found.id))
        if state not in target.before or (name is not None and found.id not in ("", name)):
            return None
        moved = (
            update(RefundOrder)
            .where(RefundOrder.id == order_id, RefundOrder.state == state)
            .values(
                state=target,
                failure=(found.failure or "")[:300],
                settled_on=None if target in UNDER_WAY else clock.today(),
            )
            .returning(RefundOrder.id)
        )
        if db.session.execute(moved, execution_options={"synchronize_session": False}).first():
            return OrderState(state)
    raise RuntimeError("an order does not come to rest")


def money_has_gone(order: RefundOrder, invoice: Invoice) -> None:
    """The provider has sent it: the promise is kept, the payer is told or what follows begins."""
    if order.booking is Booking.ADVANCE:
        refund = _row(order)
        ledger.post(
            EntryKind.PAID_BACK,
            source=f"refund:{refund.id}",
            transfers=books.refund_sent(order.amount_yen),
            booked_on=refund.paid_on,
            memo=invoice.number,
            invoice_id=invoice.id,
        )
    _tell("refund.sent", order, invoice)
    if order.goes_on and order.customer:
        _go_on(order)
    elif order.booking is not Booking.NONE or order.kind is OrderKind.BALANCE:
        return_mail.send_refund(order, invoice)


def _row(order: RefundOrder) -> Refund:
    refund = Refund(
        provider=PaymentSource.STRIPE,
        reference=f"order:{order.id}",
        organisation_id=order.organisation_id,
        invoice_id=order.invoice_id,
        amount_yen=order.amount_yen,
        paid_on=order.settled_on or clock.today(),
        note=order.note,
        recorded_by_id=order.asked_by_id,
        created_at=clock.now(),
    )
    db.session.add(refund)
    db.session.flush()
    order.refund_id = refund.id
    db.session.flush()
    return refund


def _go_on(order: RefundOrder) -> None:
    """It is in the payer's balance there: an order of its own sends it to the payer's bank."""
    follower = RefundOrder(
        key=f"{order.key}-to-bank",
        kind=OrderKind.BALANCE,
        origin=OrderOrigin.FOLLOWS,
        organisation_id=order.organisation_id,
        invoice_id=order.invoice_id,
        customer=order.customer,
        amount_yen=order.amount_yen,
        state=OrderState.REQUESTED,
        booking=Booking.NONE,
        note=order.note,
        created_at=clock.now(),
        asked_by_id=order.asked_by_id,
    )
    try:
        with db.session.begin_nested():
            db.session.add(follower)
    except (
        IntegrityError
    ):  # another transfer out of this balance is being asked for: it stays there, and is shown
        return
    enqueue("billing.send_refund", key=f"refund_order:{follower.id}", order_id=follower.id)


def _money_is_back(order: RefundOrder, invoice: Invoice, before: OrderState) -> None:
    """It did not reach the payer: what was promised is an advance again, and the office is told."""
    used_yen = 0
    if order.booking is Booking.ADVANCE:
        used_yen = _advance_again(order, invoice, has_gone=before is OrderState.SUCCEEDED)
    if order.booking is Booking.OWED_AGAIN:
        _arrive_again(order, invoice)
    if order.booking is not Booking.NONE or order.kind is OrderKind.BALANCE:
        return_mail.tell_failed_refund(order, invoice, used_yen)
    _close_difference(order)
    _tell("refund.failed", order, invoice)


def _advance_again(order: RefundOrder, invoice: Invoice, *, has_gone: bool) -> int:
    """The yen that settle the invoice again, as it had come to be owed meanwhile."""
    today: date = clock.today()
    if has_gone and order.refund_id is not None:
        db.session.add(
            RefundReversal(refund_id=order.refund_id, reason=order.failure, reversed_at=clock.now())
        )
    forth = books.paid_back(Account.STRIPE_CLEARING, order.amount_yen) if has_gone else books.refund_asked(order.amount_yen)  # fmt: skip
    recover(invoice, on=today)
    settlement.move(invoice.id, lambda debt: rules.return_advance(debt, order.amount_yen), on=today)
    ledger.post(
        EntryKind.REFUND_FAILED,
        source=f"refund_order:{order.id}:failed",
        transfers=books.reversed_all(forth),
        booked_on=today,
        memo=invoice.number,
        invoice_id=invoice.id,
    )
    return pay_by_own_advance(invoice, reference=f"advance:refund_order:{order.id}", by=None)


def _arrive_again(order: RefundOrder, invoice: Invoice) -> None:
    """What was booked as owed again is here: as every payment, it settles what is owed, where it had settled it."""
    attempt = db.session.get_one(CheckoutAttempt, order.attempt_id)
    elsewhere = [
        (any_invoice(place), amount)
        for place, amount in taken_elsewhere(f"refund_order:{order.id}:owed", invoice)
    ]
    here = order.amount_yen - sum(amount for _place, amount in elsewhere)
    for place, amount in [(invoice, here), *elsewhere]:
        if not amount:
            continue
        arrival = Arrival(
            source=PaymentSource.STRIPE,
            reference=named(again(attempt, order.id), place, invoice),
            method=attempt.method,
            amount_yen=amount,
            received_on=clock.today(),
        )
        take(place, arrival, by=None)


def _close_difference(order: RefundOrder) -> None:
    """Money that went back there and is here again is no difference."""
    same = update(ProviderDifference).where(
        ProviderDifference.kind == DifferenceKind.REFUNDED,
        ProviderDifference.reference == (order.provider_id or ""),
        ProviderDifference.resolved_at.is_(None),
    )
    db.session.execute(same.values(resolved_at=clock.now()), execution_options={"synchronize_session": False})


def _tell(verb: str, order: RefundOrder, invoice: Invoice) -> None:
    record(
        verb=verb,
        subject=invoice,
        organisation_id=invoice.organisation_id,
        by=None,
        changes={"amount_yen": order.amount_yen},
        note=order.failure or order.note,
        audience=Audience.PARTY if order.booking is not Booking.NONE else Audience.STAFF,
    )
