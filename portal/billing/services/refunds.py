"""Pay an advance back by bank transfer, and write it down."""

from __future__ import annotations

from datetime import date

from sqlalchemy import select

from portal.audit.enums import Audience
from portal.audit.services import record
from portal.billing import mail
from portal.billing.enums import PaymentSource
from portal.billing.models import Invoice, Refund
from portal.billing.services import ledger, settlement
from portal.core import clock
from portal.core.access import Actor
from portal.core.db import db
from portal.core.errors import Refused
from portal.core.formats import yen
from portal.core.i18n import _l
from portal.domain import ledger as books
from portal.domain import settlement as rules
from portal.domain.ledger import Account, EntryKind
from portal.domain.settlement import Debt, Settlement


def check_refund(*, invoice: Invoice, amount_yen: int, paid_on: date) -> Settlement:
    """What paying this back would do now; raises Refused at the field that cannot be right."""
    if not invoice.issued_on <= paid_on <= clock.today():
        raise Refused(
            _l(
                "Please write the day on which the money left our account, between the invoice's day and today."
            ),
            field="paid_on",
        )
    return _paid_back(settlement.debt_of(invoice.id), amount_yen)


def record_refund(
    *, invoice: Invoice, amount_yen: int, paid_on: date, note: str, by: Actor, once: str
) -> Refund:
    """A transfer of ours back to the payer; the same `once` gives the first result. Raises Refused at its field."""
    reference = f"once:{once}"
    same = select(Refund).where(Refund.provider == PaymentSource.BANK, Refund.reference == reference)
    standing = db.session.scalars(same).one_or_none()
    if standing is not None:
        return standing
    check_refund(invoice=invoice, amount_yen=amount_yen, paid_on=paid_on)
    done = settlement.move(invoice.id, lambda debt: _paid_back(debt, amount_yen), on=paid_on)
    refund = Refund(
        provider=PaymentSource.BANK,
        reference=reference,
        organisation_id=invoice.organisation_id,
        invoice_id=invoice.id,
        amount_yen=amount_yen,
        paid_on=paid_on,
        note=note.strip()[:300],
        recorded_by_id=by.id,
        created_at=clock.now(),
    )
    db.session.add(refund)
    db.session.flush()
    ledger.post(
        EntryKind.PAID_BACK,
        source=f"refund:{refund.id}",
        transfers=books.paid_back(Account.BANK, amount_yen),
        booked_on=paid_on,
        memo=invoice.number,
        invoice_id=invoice.id,
    )
    record(
        verb="refund.recorded",
        subject=invoice,
        organisation_id=invoice.organisation_id,
        by=by,
        changes={"amount_yen": amount_yen, "excess_yen": [done.before.excess_yen, done.after.excess_yen]},
        note=refund.note,
        audience=Audience.PARTY,
    )
    mail.send_refund(refund, invoice)
    return refund


def _paid_back(debt: Debt, amount_yen: int) -> Settlement:
    if not 0 < amount_yen <= debt.excess_yen:
        message = _l(
            "The advance on this invoice is %(amount)s; more cannot be paid back.",
            amount=yen(debt.excess_yen),
        )
        raise Refused(message, field="amount_yen")
    return rules.pay_back(debt, amount_yen)
