"""Ask for a refund at the provider: the advance is promised first, the provider asked by a job, without a lock.

A crash in between loses nothing: the order stands, and before it is asked for again we look whether it is there.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass

from sqlalchemy import select

from portal.audit.enums import Audience
from portal.audit.services import record
from portal.billing.enums import PayMethod
from portal.billing.models import Invoice, RefundOrder
from portal.billing.queries.refundable import Refundable, refundable
from portal.billing.queries.returns import customer_of
from portal.billing.returns import Booking, OrderKind, OrderOrigin, OrderState
from portal.billing.services import ledger, settlement
from portal.billing.services.checkouts import online_payments
from portal.core import clock
from portal.core.access import Actor
from portal.core.db import db
from portal.core.errors import Refused
from portal.core.formats import yen
from portal.core.i18n import _l
from portal.domain import ledger as books
from portal.domain import settlement as rules
from portal.domain.ledger import EntryKind
from portal.domain.settlement import Debt, Settlement
from portal.jobs.services import enqueue


@dataclass(frozen=True, slots=True)
class RefundPlan:
    """What a refund would do: which payment, how much, what it does to the advance."""

    source: Refundable
    amount_yen: int
    effect: Settlement


def plan_refund(*, invoice: Invoice, attempt_id: int | None, amount_yen: int) -> RefundPlan:
    """What giving this back would do now; raises Refused at the field that cannot be right."""
    if online_payments() is None:
        raise Refused(
            _l("Payment over the internet is not set up here. Please pay it back by bank transfer.")
        )
    return _plan(invoice, attempt_id, amount_yen, settlement.debt_of(invoice.id))


def _plan(invoice: Invoice, attempt_id: int | None, amount_yen: int, debt: Debt) -> RefundPlan:
    source = next((each for each in refundable(invoice) if each.attempt.id == attempt_id), None)
    if source is None:
        raise Refused(_l("Please choose the payment that is given back."), field="payment")
    if not 0 < amount_yen <= debt.excess_yen:
        message = _l(
            "The advance on this invoice is %(amount)s; more cannot be paid back.",
            amount=yen(debt.excess_yen),
        )
        raise Refused(message, field="amount_yen")
    if amount_yen > source.left_yen:
        message = _l("At most %(amount)s of this payment can be given back.", amount=yen(source.left_yen))
        raise Refused(message, field="amount_yen")
    if source.is_part and amount_yen != source.left_yen:
        message = _l(
            "This payment is not complete. What has arrived of it, %(amount)s, can only be returned as a whole.",
            amount=yen(source.left_yen),
        )
        raise Refused(message, field="amount_yen")
    return RefundPlan(source, amount_yen, rules.pay_back(debt, amount_yen))


def order_refund(
    *, invoice: Invoice, attempt_id: int | None, amount_yen: int, note: str, by: Actor, once: str
) -> RefundOrder:
    """Promise an advance to the payer and have the provider send it; the same `once` gives the first order.

    Two clerks at once take turns, so that no advance is promised twice. Raises Refused as `plan_refund` does.
    """
    key = key_of(f"refund:{invoice.id}:{once}")
    standing = find_asked(invoice, once)
    if standing is not None:
        return standing
    plan_refund(invoice=invoice, attempt_id=attempt_id, amount_yen=amount_yen)
    plans: list[RefundPlan] = []

    def change(debt: Debt) -> Settlement:
        plans.append(_plan(invoice, attempt_id, amount_yen, debt))
        return plans[-1].effect

    settlement.move(invoice.id, change, on=clock.today())
    order = _write(invoice, plans[-1].source, amount_yen, note, by, key)
    promise(order, invoice)
    tell("refund.asked", order, invoice, by=by)
    enqueue("billing.send_refund", key=f"refund_order:{order.id}", order_id=order.id)
    return order


def find_asked(invoice: Invoice, once: str) -> RefundOrder | None:
    """What the same form has asked for before."""
    key = key_of(f"refund:{invoice.id}:{once}")
    return db.session.scalars(select(RefundOrder).where(RefundOrder.key == key)).one_or_none()


def key_of(words: str) -> str:
    """Our name for an order at the provider."""
    return hashlib.sha256(words.encode()).hexdigest()[:40]


def promise(order: RefundOrder, invoice: Invoice) -> None:
    """The advance that an order pays back is no advance any more, and not gone yet."""
    ledger.post(
        EntryKind.REFUND_ASKED,
        source=f"refund_order:{order.id}",
        transfers=books.refund_asked(order.amount_yen),
        booked_on=clock.today(),
        memo=invoice.number,
        invoice_id=invoice.id,
    )


def tell(verb: str, order: RefundOrder, invoice: Invoice, *, by: Actor | int | None, note: str = "") -> None:
    """On the invoice's timeline."""
    record(
        verb=verb,
        subject=invoice,
        organisation_id=invoice.organisation_id,
        by=by,
        changes={"amount_yen": order.amount_yen},
        note=note or order.note,
        audience=Audience.PARTY,
    )


def _write(
    invoice: Invoice, source: Refundable, amount_yen: int, note: str, by: Actor, key: str
) -> RefundOrder:
    goes_on = source.attempt.method is PayMethod.BANK_TRANSFER
    order = RefundOrder(
        key=key,
        kind=OrderKind.PART if source.is_part else OrderKind.PAYMENT,
        origin=OrderOrigin.OFFICE,
        organisation_id=invoice.organisation_id,
        invoice_id=invoice.id,
        attempt_id=source.attempt.id,
        customer=customer_of(invoice.organisation_id) if goes_on else None,
        amount_yen=amount_yen,
        state=OrderState.REQUESTED,
        booking=Booking.ADVANCE,
        goes_on=goes_on,
        note=note.strip()[:300],
        created_at=clock.now(),
        asked_by_id=by.id,
    )
    db.session.add(order)
    db.session.flush()
    return order
