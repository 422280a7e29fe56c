"""Fees become income when the period that they are for begins."""

from __future__ import annotations

from sqlalchemy import exists, select

from portal.billing.enums import ReceivableState
from portal.billing.models import Invoice, JournalEntry, LedgerTransfer, Receivable
from portal.billing.queries.ledger import deferred_yen
from portal.billing.services import ledger
from portal.core import clock
from portal.core.db import db
from portal.domain import ledger as books
from portal.domain.ledger import Account, EntryKind


def earn_fees(most: int = 1000) -> int:
    """Book every deferred fee whose period has begun; gives how many. Each posts once."""
    today = clock.today()
    earned = exists().where(JournalEntry.invoice_id == Invoice.id, JournalEntry.kind == EntryKind.FEE_EARNED)
    deferred = exists().where(
        JournalEntry.source == "invoice:" + Invoice.id.cast(JournalEntry.source.type),
        LedgerTransfer.entry_id == JournalEntry.id,
        LedgerTransfer.credit == Account.FEE_DEFERRED,
    )
    due = (
        select(Invoice)
        .join(Receivable, Receivable.invoice_id == Invoice.id)
        .where(
            Invoice.period_from <= today,
            Invoice.issued_on < Invoice.period_from,
            Receivable.state != ReceivableState.CANCELLED,
            deferred,
            ~earned,
        )
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
