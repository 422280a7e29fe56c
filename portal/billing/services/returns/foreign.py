"""Refunds made on the provider's own pages: booked when there is an advance, else a difference with ways out of it."""

from __future__ import annotations

from sqlalchemy import select, update
from sqlalchemy.exc import IntegrityError

from portal.billing.enums import DifferenceKind
from portal.billing.models import CheckoutAttempt, Invoice, RefundOrder
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
from portal.billing.services import settlement
from portal.billing.services.differences import note_difference
from portal.billing.services.returns.orders import key_of, promise, tell
from portal.billing.services.returns.settling import money_has_gone, settle
from portal.billing.services.returns.withdrawals import Cause, withdraw
from portal.core import clock
from portal.core.access import Actor
from portal.core.db import db
from portal.core.errors import Refused
from portal.core.formats import yen
from portal.core.i18n import _l
from portal.domain import settlement as rules
from portal.domain.ledger import Account, EntryKind
from portal.domain.settlement import Debt, Settlement
from portal.gateways.payments import Refund as Found


class _NotCovered(Exception):
    """There is no advance of this size."""


def take_note(found: Found) -> None:
    """Bring our order up to a refund as the provider has it; one that is not ours is adopted."""
    order = _ours(found) or _adopt(found)
    if order is not None:
        settle(order.id, found)


def _ours(found: Found) -> RefundOrder | None:
    named = select(RefundOrder).where(RefundOrder.provider_id == found.id)
    order = db.session.scalars(named).one_or_none()
    if order is None and found.metadata.get("refund"):
        keyed = select(RefundOrder).where(RefundOrder.key == found.metadata["refund"])
        order = db.session.scalars(keyed).one_or_none()
    if order is None and found.id.endswith(":released"):
        asked = select(RefundOrder).where(
            RefundOrder.attempt_id == _attempt_id(found),
            RefundOrder.kind == OrderKind.PART,
            RefundOrder.state.in_(UNDER_WAY),
        )
        order = db.session.scalars(asked).first()
    return order


def _attempt_id(found: Found) -> int | None:
    mine = select(CheckoutAttempt.id).where(CheckoutAttempt.intent_id == (found.payment_intent_id or ""))
    return db.session.scalar(mine)


def _adopt(found: Found) -> RefundOrder | None:
    if ORDER_STATES[found.status] in GIVEN_UP or found.payment_intent_id is None:
        return None  # nothing has moved, or it moved in the payer's own balance
    attempt = db.session.get(CheckoutAttempt, _attempt_id(found) or 0)
    if attempt is None:
        note_difference(DifferenceKind.REFUNDED, reference=found.id, details={"amount_yen": found.amount_yen})
        return None
    order = RefundOrder(
        key=key_of(f"there:{found.id}"),
        kind=OrderKind.PART if found.id.endswith(":released") else OrderKind.PAYMENT,
        origin=OrderOrigin.THERE,
        organisation_id=attempt.organisation_id,
        invoice_id=attempt.invoice_id,
        attempt_id=attempt.id,
        amount_yen=found.amount_yen,
        state=OrderState.REQUESTED,
        booking=Booking.NONE,
        provider_id=found.id,
        created_at=clock.now(),
    )
    try:
        with db.session.begin_nested():
            db.session.add(order)
    except IntegrityError:  # another worker was faster
        return _ours(found)
    invoice = any_invoice(attempt.invoice_id)
    if _claim(order, invoice):
        tell("refund.found", order, invoice, by=None)
        return order
    kind = DifferenceKind.PART_RELEASED if order.kind is OrderKind.PART else DifferenceKind.REFUNDED
    details = {"amount_yen": order.amount_yen, "order_id": order.id}
    note_difference(kind, reference=found.id, details=details, invoice_id=invoice.id)
    return order


def _claim(order: RefundOrder, invoice: Invoice) -> bool:
    """Take the order's money out of the advance, when there is that much; whether there was."""

    def change(debt: Debt) -> Settlement:
        if debt.excess_yen < order.amount_yen:
            raise _NotCovered
        return rules.pay_back(debt, order.amount_yen)

    try:
        settlement.move(invoice.id, change, on=clock.today())
    except _NotCovered:
        return False
    order.booking = Booking.ADVANCE
    db.session.flush()
    promise(order, invoice)
    return True


def book_as_advance(*, order: RefundOrder, by: Actor) -> None:
    """The provider's refund pays back an advance that is there by now. Raises Refused when there is none of this size."""
    _take_up(order)
    invoice = any_invoice(order.invoice_id)
    if not _claim(order, invoice):
        raise Refused(
            _l(
                "The advance on this invoice is %(amount)s, less than was given back. Please issue a credit note first.",
                amount=yen(settlement.debt_of(invoice.id).excess_yen),
            )
        )
    tell("refund.found", order, invoice, by=by)
    if order.state is OrderState.SUCCEEDED:
        money_has_gone(order, invoice)


def book_as_owed(*, order: RefundOrder, reason: str, by: Actor) -> None:
    """The provider's refund undid the payment: the invoice is owed again by so much."""
    if order.state is not OrderState.SUCCEEDED:
        raise Refused(_l("The provider has not sent this money yet. Please wait until it has."))
    _take_up(order)
    order.booking = Booking.OWED_AGAIN
    db.session.flush()
    invoice = any_invoice(order.invoice_id)
    attempt = db.session.get_one(CheckoutAttempt, order.attempt_id)
    source = f"refund_order:{order.id}:owed"
    cause = Cause(Account.STRIPE_CLEARING, EntryKind.TAKEN_BACK, source, reason, by)
    withdraw(invoice, attempt, order.amount_yen, cause)
    tell("refund.found", order, invoice, by=by, note=reason)


def _take_up(order: RefundOrder) -> None:
    """Of two clerks, one decides."""
    first = (
        update(RefundOrder)
        .where(
            RefundOrder.id == order.id,
            RefundOrder.booking == Booking.NONE,
            RefundOrder.kind != OrderKind.BALANCE,
            RefundOrder.state.not_in(GIVEN_UP),
            RefundOrder.state == order.state,
        )
        .values(note=RefundOrder.note)
        .returning(RefundOrder.id)
    )
    if db.session.execute(first, execution_options={"synchronize_session": False}).first() is None:
        raise Refused(_l("This refund has been booked already, or did not reach the payer."))
