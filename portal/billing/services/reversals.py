"""Undo a transfer that was recorded by mistake: everything stays, and its opposite is added."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import select

from portal.audit.enums import Audience
from portal.audit.services import record
from portal.billing import mail
from portal.billing.enums import PaymentSource
from portal.billing.models import Invoice, Payment, PaymentReversal
from portal.billing.queries.advances import where_money_went
from portal.billing.queries.receipted import holding_receipts
from portal.billing.services import ledger, settlement
from portal.billing.services.allocations import moved_net, settled_by
from portal.billing.services.payments import account_of
from portal.billing.services.reopening import follow_loss
from portal.core import clock
from portal.core.access import Actor
from portal.core.db import db
from portal.core.errors import Refused
from portal.core.i18n import _l
from portal.core.integrity import explain
from portal.domain import ledger as books
from portal.domain import settlement as rules
from portal.domain.ledger import EntryKind
from portal.domain.settlement import Debt, Settlement

DEPOSIT = "deposit:"  # how payments that came from the bank's file begin their reference
explain("uq_payment_reversals_payment_id", _l("This payment was undone already."))


def reverse_payment(
    *,
    payment: Payment,
    invoice: Invoice,
    reason: str,
    by: Actor,
    with_deposit: bool = False,
    held: Sequence[str] | None = None,
) -> PaymentReversal:
    """Take a recorded transfer back; what it had settled is owed again, unless an advance covers it. The company is told.

    `held` are the receipts that held before a fee of the deposit was undone. Raises Refused without a reason, for the provider's payments (the provider gives those back), and a second time. The
    payment of a deposit is undone with the deposit alone (`with_deposit`), so that both say the same.
    """
    if payment.provider is not PaymentSource.BANK:
        raise Refused(_l("A payment through the payment provider is given back there, not undone here."))
    if not reason.strip():
        raise Refused(_l("Please say why the payment is undone."), field="reason")
    if is_of_deposit(payment) and not with_deposit:
        raise Refused(
            _l("This payment came from the bank's file. Please undo it on the page of the deposit.")
        )
    if is_reversed(payment.id):
        raise Refused(_l("This payment was undone already."))
    held = holding_receipts(invoice.id) if held is None else held
    reversal = PaymentReversal(
        payment_id=payment.id, reason=reason[:300], reversed_by_id=by.id, reversed_at=clock.now()
    )
    db.session.add(reversal)
    db.session.flush()
    done = _take_back(payment, invoice)
    _record(payment, invoice, reason, by)
    follow_loss(invoice, done, reason=reason, reference=f"advance:{reversal.id}", by=by)
    now = holding_receipts(invoice.id)
    gone = [number for number in held if number not in now]
    mail.send_payment_undone(payment, invoice, reason=reason.strip(), void=gone)
    return reversal


def is_of_deposit(payment: Payment) -> bool:
    """Whether a payment came from a deposit in a file of the bank."""
    return payment.provider_reference.startswith(DEPOSIT)


def is_reversed(payment_id: int) -> bool:
    """Whether a payment was taken back."""
    found = select(PaymentReversal.id).where(PaymentReversal.payment_id == payment_id)
    return db.session.scalar(found) is not None


def _take_back(payment: Payment, invoice: Invoice) -> Settlement:
    applied = settled_by(payment, invoice.id)
    excess = payment.amount_yen - applied
    today = clock.today()

    def change(debt: Debt) -> Settlement:
        if moved_net(payment, invoice.id):
            message = _l(
                "A part of this payment is used for invoice %(number)s. Please move it back there first.",
                number=where_money_went(payment) or "",
            )
            raise Refused(message)
        if excess > debt.excess_yen:
            raise Refused(_l("A part of this payment was paid back already, so it cannot be undone."))
        return rules.take_back(debt, applied, excess)

    done = settlement.move(invoice.id, change, on=today)
    as_it_stands = books.payment_received(account_of(payment), applied_yen=applied, excess_yen=excess)
    ledger.post(
        EntryKind.PAYMENT_REVERSED,
        source=f"reversal:{payment.provider}:{payment.provider_reference}",
        transfers=books.reversed_all(as_it_stands),
        booked_on=today,
        memo=invoice.number,
        invoice_id=invoice.id,
    )
    return done


def _record(payment: Payment, invoice: Invoice, reason: str, by: Actor) -> None:
    record(
        verb="payment.reversed",
        subject=invoice,
        organisation_id=invoice.organisation_id,
        by=by,
        changes={"amount_yen": payment.amount_yen, "received_on": payment.received_on},
        note=reason,
        audience=Audience.PARTY,
    )
