"""A claim that nobody will pay is written off, with a reason; the invoice stays as it was issued. Undone, it is owed again.

A write-off is the office's and the books' alone: the company's pages and mails say nothing of it, to them the invoice stays
unpaid, and no membership begins or ends by it, now or when it is undone.
"""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import select

from portal.audit.enums import Audience
from portal.audit.services import record
from portal.billing.models import Invoice, WriteOff, WriteOffReversal
from portal.billing.services import ledger, settlement
from portal.billing.services.allocations import standing_payments
from portal.billing.services.bills import person_id
from portal.billing.services.receipts import void_receipts
from portal.billing.services.reopening import use_own_advance
from portal.billing.signals import invoice_paid
from portal.core import clock
from portal.core.access import Actor
from portal.core.db import db
from portal.core.errors import Refused
from portal.core.formats import yen
from portal.core.i18n import _l
from portal.core.integrity import explain
from portal.domain import ledger as books
from portal.domain import settlement as rules
from portal.domain.ledger import EntryKind, Transfers
from portal.domain.settlement import Debt, Settlement
from portal.jobs.services import enqueue

_UNDONE = _l("This write-off was undone already.")
explain("uq_write_off_reversals_write_off_id", _UNDONE)


@dataclass(frozen=True, slots=True)
class Loss:
    """What a write-off would do; `tax_yen` is the consumption tax in it, which the invoice's tax gives in proportion."""

    done: Settlement
    tax_yen: int


def check_write_off(*, invoice: Invoice, amount_yen: int) -> Loss:
    """What writing this off would do now; raises Refused at the field that cannot be right."""
    done = _written_off(settlement.debt_of(invoice.id), amount_yen)
    return Loss(done, invoice.tax_yen * amount_yen // invoice.total_yen)


def write_off(
    *, invoice: Invoice, amount_yen: int, reason: str, by: Actor | int | None, source: str
) -> WriteOff:
    """Ask for `amount_yen` no more; the same `source` gives the first. Raises Refused at its field."""
    standing = db.session.scalars(select(WriteOff).where(WriteOff.source == source)).one_or_none()
    if standing is not None:
        return standing
    if not reason.strip():
        raise Refused(_l("Please say why nobody will pay this."), field="reason")
    today = clock.today()
    settlement.move(invoice.id, lambda debt: _written_off(debt, amount_yen), on=today)
    row = WriteOff(
        source=source,
        invoice_id=invoice.id,
        amount_yen=amount_yen,
        reason=reason.strip()[:300],
        written_off_on=today,
        written_off_by_id=person_id(by),
        created_at=clock.now(),
    )
    db.session.add(row)
    db.session.flush()
    _post(EntryKind.WRITTEN_OFF, f"write_off:{row.id}", books.written_off(amount_yen), invoice)
    _tell("invoice.written_off", invoice, amount_yen, row.reason, by)
    return row


def undo_write_off(
    *, row: WriteOff, invoice: Invoice, reason: str, by: Actor | int | None
) -> WriteOffReversal:
    """Ask for it again: the opposite entry, and money that came meanwhile settles it. Raises Refused without a reason, and
    a second time.
    """
    if not reason.strip():
        raise Refused(_l("Please say why the write-off is undone."), field="reason")
    taken = select(WriteOffReversal.id).where(WriteOffReversal.write_off_id == row.id)
    if db.session.scalar(taken) is not None:
        raise Refused(_UNDONE)
    today = clock.today()
    back = WriteOffReversal(
        write_off_id=row.id, reason=reason.strip()[:300], reversed_on=today, reversed_by_id=person_id(by), created_at=clock.now()
    )  # fmt: skip
    db.session.add(back)
    db.session.flush()
    done = settlement.move(invoice.id, lambda debt: rules.take_write_off_back(debt, row.amount_yen), on=today)
    opposite = books.reversed_all(books.written_off(row.amount_yen))
    _post(EntryKind.WRITE_OFF_UNDONE, f"write_off:{row.id}:undone", opposite, invoice)
    _tell("invoice.write_off_undone", invoice, row.amount_yen, back.reason, by)
    if done.is_reopened:
        void_receipts(invoice, reason="", by=by)  # the company reads it, and nothing of a write-off
    if use_own_advance(invoice, reference=f"advance:write_off:{row.id}", by=by):
        invoice_paid.send(invoice, paid_on=standing_payments(invoice)[-1].received_on)
    return back


def _written_off(debt: Debt, amount_yen: int) -> Settlement:
    if not 0 < amount_yen <= debt.outstanding_yen:
        message = _l("Still to be paid are %(amount)s.", amount=yen(debt.outstanding_yen))
        raise Refused(message, field="amount_yen")
    return rules.write_off(debt, amount_yen)


def _post(kind: EntryKind, source: str, transfers: Transfers, invoice: Invoice) -> None:
    ledger.post(
        kind,
        source=source,
        transfers=transfers,
        booked_on=clock.today(),
        memo=invoice.number,
        invoice_id=invoice.id,
    )


def _tell(verb: str, invoice: Invoice, amount_yen: int, reason: str, by: Actor | int | None) -> None:
    """In the trail of the office; pages and accounts for another amount than is owed are closed."""
    record(
        verb=verb,
        subject=invoice,
        organisation_id=invoice.organisation_id,
        by=by,
        changes={"amount_yen": amount_yen},
        note=reason,
        audience=Audience.STAFF,
    )
    enqueue("billing.close_checkouts", invoice_id=invoice.id)
