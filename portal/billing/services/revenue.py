"""Fees become income when the period that they are for begins."""

from __future__ import annotations

from sqlalchemy import ScalarSelect, case, exists, func, select

from portal.billing.models import Invoice, JournalEntry, LedgerTransfer
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
    due = select(Invoice).where(
        Invoice.period_from <= today, Invoice.issued_on < Invoice.period_from, ~earned, _deferred() > 0
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


def _deferred() -> ScalarSelect[int]:
    """What the books say is deferred of an invoice: nothing of one that was credited, but what was only written off."""
    net = case(
        (LedgerTransfer.credit == Account.FEE_DEFERRED, LedgerTransfer.amount_yen),
        (LedgerTransfer.debit == Account.FEE_DEFERRED, -LedgerTransfer.amount_yen),
        else_=0,
    )
    moved = select(func.coalesce(func.sum(net), 0)).join(
        JournalEntry, JournalEntry.id == LedgerTransfer.entry_id
    )
    return moved.where(JournalEntry.invoice_id == Invoice.id).correlate(Invoice).scalar_subquery()
