"""Money arrives: it settles an invoice, stands in the books, and the last yen brings the receipt."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta

from sqlalchemy import select
from sqlalchemy.exc import IntegrityError

from portal.audit.enums import Audience
from portal.audit.services import record
from portal.billing import mail
from portal.billing.enums import PaymentSource, PayMethod
from portal.billing.models import Invoice, Payment
from portal.billing.services import ledger, settlement
from portal.billing.services.allocations import allocate
from portal.billing.services.bills import person_id
from portal.billing.services.part_payments import announce_part
from portal.billing.services.receipts import issue_receipt
from portal.billing.services.recovering import recover
from portal.billing.signals import invoice_paid
from portal.core import clock
from portal.core.access import Actor
from portal.core.db import db
from portal.core.errors import Refused
from portal.core.i18n import _l
from portal.domain import ledger as books
from portal.domain import settlement as rules
from portal.domain.ledger import Account, EntryKind
from portal.domain.money import LARGEST_YEN
from portal.domain.settlement import Settlement, Standing
from portal.jobs.services import enqueue

LONGEST_BEFORE_ISSUE = timedelta(days=366)


@dataclass(frozen=True, slots=True, kw_only=True)
class Arrival:
    """Money as it arrived. `reference` makes it the same money when it is told of twice."""

    source: PaymentSource
    reference: str
    method: PayMethod
    amount_yen: int
    received_on: date
    payer_name: str = ""
    attempt_id: int | None = None


def record_bank_payment(
    *, invoice: Invoice, amount_yen: int, received_on: date, payer_name: str, by: Actor, once: str
) -> Payment:
    """A transfer that stands on the bank's statement; the same `once` gives the first result.

    Less than what is owed leaves the rest open; more is kept as an advance. Raises Refused at its field.
    """
    check_bank_payment(invoice=invoice, amount_yen=amount_yen, received_on=received_on)
    arrival = Arrival(
        source=PaymentSource.BANK,
        reference=f"once:{once}",
        method=PayMethod.PLAIN_TRANSFER,
        amount_yen=amount_yen,
        received_on=received_on,
        payer_name=payer_name,
    )
    return take(invoice, arrival, by=by)


def check_bank_payment(*, invoice: Invoice, amount_yen: int, received_on: date) -> Settlement:
    """What recording this transfer would do now; raises Refused at the field that cannot be right."""
    if not 0 < amount_yen <= LARGEST_YEN:
        raise Refused(_l("Please write the amount that arrived, at least one yen."), field="amount_yen")
    if received_on > clock.today():
        raise Refused(
            _l("This day has not come yet. Please write the day on which the money arrived."),
            field="received_on",
        )
    if received_on < invoice.issued_on - LONGEST_BEFORE_ISSUE:
        raise Refused(
            _l("This is more than a year before the invoice. Please check the day."), field="received_on"
        )
    debt = settlement.debt_of(invoice.id)
    done = settlement.check(invoice.id, rules.receive(debt, amount_yen))
    if debt.standing is Standing.CANCELLED:
        raise Refused(_l("This invoice was cancelled, so nothing can be booked on it."))
    return done


def take(invoice: Invoice, arrival: Arrival, *, by: Actor | None) -> Payment:
    """Book money that arrived for an invoice, with all that follows; told again, it gives the first payment.

    What comes by itself recovers a claim that was written off; by hand that is Refused until the write-off is undone.
    """
    payment, is_new = _write_down(invoice, arrival, by)
    if not is_new:
        return payment
    if arrival.source is not PaymentSource.BANK:
        recover(invoice, on=arrival.received_on, arrived_yen=arrival.amount_yen)
    done = settlement.move(
        invoice.id, lambda debt: rules.receive(debt, arrival.amount_yen), on=arrival.received_on
    )
    if done.applied_yen:
        allocate(payment, invoice.id, done.applied_yen)
    ledger.post(
        EntryKind.PAYMENT_RECEIVED,
        source=f"payment:{payment.provider}:{payment.provider_reference}",
        transfers=books.payment_received(
            account_of(payment), applied_yen=done.applied_yen, excess_yen=done.excess_yen
        ),
        booked_on=arrival.received_on,
        memo=invoice.number,
        invoice_id=invoice.id,
    )
    _tell(invoice, payment, done, by)
    enqueue("billing.close_checkouts", invoice_id=invoice.id)  # pages for another amount than is owed now
    if done.is_completed:
        complete(invoice, payment, by=by)
        invoice_paid.send(invoice, paid_on=payment.received_on)
    elif not done.after.is_settled:
        announce_part(invoice, payment)
    return payment


def complete(invoice: Invoice, payment: Payment, *, by: Actor | int | None) -> None:
    """The last yen is here: the receipt, and the mail with it."""
    receipt = issue_receipt(invoice, payment, by=by)
    record(
        verb="invoice.paid",
        subject=invoice,
        organisation_id=invoice.organisation_id,
        by=by,
        audience=Audience.PARTY,
    )
    mail.send_receipt(receipt, invoice)


def account_of(payment: Payment) -> Account:
    """Where the money is: on our bank account, or with the provider."""
    return Account.BANK if payment.provider is PaymentSource.BANK else Account.STRIPE_CLEARING


def _write_down(invoice: Invoice, arrival: Arrival, by: Actor | None) -> tuple[Payment, bool]:
    payment = Payment(
        provider=arrival.source,
        provider_reference=arrival.reference,
        method=arrival.method,
        organisation_id=invoice.organisation_id,
        invoice_id=invoice.id,
        attempt_id=arrival.attempt_id,
        amount_yen=arrival.amount_yen,
        received_on=arrival.received_on,
        payer_name=arrival.payer_name,
        recorded_by_id=person_id(by),
        created_at=clock.now(),
    )
    same = select(Payment).where(
        Payment.provider == arrival.source, Payment.provider_reference == arrival.reference
    )
    try:
        with db.session.begin_nested():
            db.session.add(payment)
    except IntegrityError:
        standing = db.session.scalars(same).one_or_none()
        if standing is None:
            raise
        return standing, False
    return payment, True


def _tell(invoice: Invoice, payment: Payment, done: Settlement, by: Actor | None) -> None:
    changes = {
        "amount_yen": payment.amount_yen,
        "received_on": payment.received_on,
        "method": payment.method,
        "outstanding_yen": [done.before.outstanding_yen, done.after.outstanding_yen],
    }
    if done.excess_yen:
        changes["excess_yen"] = [done.before.excess_yen, done.after.excess_yen]
    record(
        verb="payment.received",
        subject=invoice,
        organisation_id=invoice.organisation_id,
        by=by,
        changes=changes,
        audience=Audience.PARTY,
    )
