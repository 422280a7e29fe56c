"""A write-off taken back by its opposite entry: by hand, or because money of the claim moves at the provider (償却債権取立).

No claim is written off and owed, or holds fresh money, at once: whatever would make it so takes the whole write-off back first.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from sqlalchemy import select

from portal.audit.enums import Audience
from portal.audit.services import record
from portal.billing import return_mail
from portal.billing.models import Invoice, WriteOff, WriteOffReversal
from portal.billing.services import ledger, settlement
from portal.billing.services.bills import person_id
from portal.core import clock
from portal.core.access import Actor
from portal.core.db import db
from portal.core.errors import Refused
from portal.core.i18n import _l
from portal.core.integrity import explain
from portal.domain import ledger as books
from portal.domain import settlement as rules
from portal.domain.ledger import EntryKind
from portal.jobs.services import enqueue

_UNDONE = _l("This write-off was undone already.")
explain("uq_write_off_reversals_write_off_id", _UNDONE)


def recover(invoice: Invoice, *, on: date, arrived_yen: int = 0) -> None:
    """Before money of the claim moves by itself: ask for all of it again, and tell the office. Nothing where nothing is written off.

    `on` is the day on which the money moved, `arrived_yen` what came; 0 when money went away.
    """
    settlement.lock(invoice.id)
    for row in _standing(invoice):
        take_back(row, invoice, reason="", by=None, on=on, verb="invoice.recovered")
        return_mail.tell_recovered(row, invoice, arrived_yen)


def take_back(
    row: WriteOff, invoice: Invoice, *, reason: str, by: Actor | int | None, on: date, verb: str
) -> WriteOffReversal:
    """The opposite entry, never before the write-off; the claim is owed again. Raises Refused a second time."""
    settlement.lock(invoice.id)
    if row not in _standing(invoice):
        raise Refused(_UNDONE)
    on = max(on, row.written_off_on)
    back = WriteOffReversal(
        write_off_id=row.id, reason=reason, reversed_on=on, reversed_by_id=person_id(by), created_at=clock.now()
    )  # fmt: skip
    db.session.add(back)
    db.session.flush()
    settlement.move(invoice.id, lambda debt: rules.take_write_off_back(debt, row.amount_yen), on=on)
    ledger.post(
        EntryKind.WRITE_OFF_UNDONE,
        source=f"write_off:{row.id}:undone",
        transfers=books.reversed_all(books.written_off(row.amount_yen)),
        booked_on=on,
        memo=invoice.number,
        invoice_id=invoice.id,
    )
    tell(verb, invoice, row.amount_yen, reason, by)
    return back


def tell(verb: str, invoice: Invoice, amount_yen: int, reason: str, by: Actor | int | None) -> None:
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


def _standing(invoice: Invoice) -> Sequence[WriteOff]:
    undone = select(WriteOffReversal.write_off_id)
    mine = select(WriteOff).where(WriteOff.invoice_id == invoice.id, WriteOff.id.not_in(undone))
    return db.session.scalars(mine.order_by(WriteOff.id)).all()
