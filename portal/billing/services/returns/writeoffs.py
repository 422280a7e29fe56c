"""A claim that nobody will pay is written off whole, with a reason; the invoice stays as it was issued. Undone, it is owed again.

A write-off is the office's and the books' alone: the company's pages and mails say nothing of it, to them the invoice stays
unpaid, and no membership begins or ends by it, now or when it is undone. A part of a claim is lowered by a credit note.
"""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import select

from portal.billing.models import Invoice, WriteOff, WriteOffReversal
from portal.billing.queries.credits import left_to_return
from portal.billing.services import ledger, settlement
from portal.billing.services.bills import person_id
from portal.billing.services.recovering import take_back, tell
from portal.billing.services.reopening import pay_by_own_advance
from portal.core import clock
from portal.core.access import Actor
from portal.core.db import db
from portal.core.errors import OutOfDate, Refused
from portal.core.i18n import _l
from portal.domain import ledger as books
from portal.domain import settlement as rules
from portal.domain.ledger import EntryKind
from portal.domain.settlement import Debt, Settlement


@dataclass(frozen=True, slots=True)
class Loss:
    """What a write-off would do; `tax_yen` is the consumption tax in it, in proportion of the tax in what was not given back."""

    done: Settlement
    tax_yen: int

    @property
    def amount_yen(self) -> int:
        """The whole rest that is owed."""
        return self.done.before.outstanding_yen


def plan_write_off(invoice: Invoice) -> Loss:
    """What writing the rest off would do now; raises Refused where nothing is owed."""
    debt = settlement.debt_of(invoice.id)
    done = _written_off(debt, debt.outstanding_yen)
    left = left_to_return(invoice).values()
    tax, gross = sum(each.tax_yen for each in left), sum(each.gross_yen for each in left)
    return Loss(done, tax * debt.outstanding_yen // gross if gross else 0)


def write_off(
    *, invoice: Invoice, owed_yen: int, reason: str, by: Actor | int | None, source: str
) -> WriteOff:
    """Ask for the rest no more; the same `source` gives the first. `owed_yen` is the rest that was shown.

    Raises Refused without a reason and where nothing is owed, OutOfDate where another rest is owed by now.
    """
    standing = db.session.scalars(select(WriteOff).where(WriteOff.source == source)).one_or_none()
    if standing is not None:
        return standing
    if not reason.strip():
        raise Refused(_l("Please say why nobody will pay this."), field="reason")
    today = clock.today()
    settlement.move(invoice.id, lambda debt: _written_off(debt, owed_yen), on=today)
    row = WriteOff(
        source=source,
        invoice_id=invoice.id,
        amount_yen=owed_yen,
        reason=reason.strip()[:300],
        written_off_on=today,
        written_off_by_id=person_id(by),
        created_at=clock.now(),
    )
    db.session.add(row)
    db.session.flush()
    ledger.post(
        EntryKind.WRITTEN_OFF,
        source=f"write_off:{row.id}",
        transfers=books.written_off(owed_yen),
        booked_on=today,
        memo=invoice.number,
        invoice_id=invoice.id,
    )
    tell("invoice.written_off", invoice, owed_yen, row.reason, by)
    return row


def undo_write_off(
    *, row: WriteOff, invoice: Invoice, reason: str, by: Actor | int | None
) -> WriteOffReversal:
    """Ask for it again: the opposite entry; an advance on the invoice settles it. Raises Refused without a reason, and a
    second time.
    """
    if not reason.strip():
        raise Refused(_l("Please say why the write-off is undone."), field="reason")
    today, words = clock.today(), reason.strip()[:300]
    back = take_back(row, invoice, reason=words, by=by, on=today, verb="invoice.write_off_undone")
    pay_by_own_advance(invoice, reference=f"advance:write_off:{row.id}", by=by)
    return back


def _written_off(debt: Debt, owed_yen: int) -> Settlement:
    if not debt.outstanding_yen:
        raise Refused(_l("Nothing is owed on this invoice, so there is nothing to write off."))
    if debt.outstanding_yen != owed_yen:
        raise OutOfDate(_l("Another amount is owed by now. Please look at it again."))
    return rules.write_off(debt)
