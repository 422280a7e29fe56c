"""A claim that nobody will pay is written off, with a reason; the invoice stays as it was issued."""

from __future__ import annotations

from sqlalchemy import select

from portal.audit.enums import Audience
from portal.audit.services import record
from portal.billing.models import Invoice, WriteOff
from portal.billing.services import ledger, settlement
from portal.billing.services.allocations import standing_payments
from portal.billing.services.payments import complete
from portal.billing.signals import invoice_cancelled, invoice_paid
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


def write_off(*, invoice: Invoice, amount_yen: int, reason: str, by: Actor, source: str) -> WriteOff:
    """Ask for `amount_yen` no more; the same `source` gives the first. Raises Refused at its field."""
    standing = db.session.scalars(select(WriteOff).where(WriteOff.source == source)).one_or_none()
    if standing is not None:
        return standing
    if not reason.strip():
        raise Refused(_l("Please say why nobody will pay this."), field="reason")
    today = clock.today()
    done = settlement.move(invoice.id, lambda debt: _written_off(debt, amount_yen), on=today)
    row = WriteOff(
        source=source,
        invoice_id=invoice.id,
        amount_yen=amount_yen,
        reason=reason.strip()[:300],
        written_off_on=today,
        written_off_by_id=by.id,
        created_at=clock.now(),
    )
    db.session.add(row)
    db.session.flush()
    ledger.post(
        EntryKind.WRITTEN_OFF,
        source=f"write_off:{row.id}",
        transfers=books.written_off(amount_yen),
        booked_on=today,
        memo=invoice.number,
        invoice_id=invoice.id,
    )
    record(
        verb="invoice.written_off",
        subject=invoice,
        organisation_id=invoice.organisation_id,
        by=by,
        changes={"amount_yen": amount_yen},
        note=row.reason,
        audience=Audience.STAFF,
    )
    enqueue("billing.close_checkouts", invoice_id=invoice.id)
    _follow(invoice, done, by)
    return row


def _written_off(debt: Debt, amount_yen: int) -> Settlement:
    if not 0 < amount_yen <= debt.outstanding_yen:
        message = _l("Still to be paid are %(amount)s.", amount=yen(debt.outstanding_yen))
        raise Refused(message, field="amount_yen")
    return rules.give_credit(debt, amount_yen)


def _follow(invoice: Invoice, done: Settlement, by: Actor) -> None:
    """As with a credit: what is left was paid, or nothing is left and what depends on it ends."""
    if done.after.credited_yen == done.after.total_yen:
        invoice_cancelled.send(invoice)
    elif done.is_completed:
        last = standing_payments(invoice)[-1]
        complete(invoice, last, by=by)
        invoice_paid.send(invoice, paid_on=last.received_on)
