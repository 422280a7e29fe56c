"""Fees become income when the period that they are for begins."""

from __future__ import annotations

from sqlalchemy import exists, select

from portal.billing.models import Invoice, JournalEntry
from portal.billing.queries.deferrals import deferred_of_invoice, deferred_yen
from portal.billing.services import ledger
from portal.core import clock
from portal.core.db import db
from portal.domain import ledger as books
from portal.domain.ledger import EntryKind

MOST = 1000  # in one transaction


def earn_fees(most: int = MOST) -> int:
    """Book deferred fees whose period has begun; gives how many, `most` at a time. Each posts once."""
    today = clock.today()
    earned = exists().where(JournalEntry.invoice_id == Invoice.id, JournalEntry.kind == EntryKind.FEE_EARNED)
    due = select(Invoice).where(
        Invoice.period_from <= today,
        Invoice.issued_on < Invoice.period_from,
        ~earned,
        deferred_of_invoice() > 0,
    )
    begun = db.session.scalars(due.order_by(Invoice.id).limit(most)).all()
    for invoice in begun:
        ledger.post(
            EntryKind.FEE_EARNED,
            source=f"earned:{invoice.id}",
            transfers=books.fee_earned(deferred_yen(invoice.id)),
            booked_on=invoice.period_from,
            memo=invoice.number,
            invoice_id=invoice.id,
        )
    return len(begun)
