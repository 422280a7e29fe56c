"""Fees that wait for their period: what the books hold of each, and which have waited too long."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from typing import Any

from sqlalchemy import ScalarSelect, Select, and_, case, func, or_, select

from portal.billing.models import Invoice, JournalEntry, LedgerTransfer
from portal.core.db import db
from portal.domain.ledger import Account, EntryKind

_NET = case(
    (LedgerTransfer.credit == Account.FEE_DEFERRED, LedgerTransfer.amount_yen),
    (LedgerTransfer.debit == Account.FEE_DEFERRED, -LedgerTransfer.amount_yen),
    else_=0,
)


def _moved() -> Select[Any]:
    return select(func.coalesce(func.sum(_NET), 0)).join(
        JournalEntry, JournalEntry.id == LedgerTransfer.entry_id
    )


def deferred_yen(invoice_id: int) -> int:
    """What of an invoice's fee is not income yet."""
    return int(db.session.scalar(_moved().where(JournalEntry.invoice_id == invoice_id)) or 0)


def deferred_of_invoice() -> ScalarSelect[int]:
    """The same for the `Invoice` of a statement: nothing of one that was credited, all of one that was only written off."""
    return _moved().where(JournalEntry.invoice_id == Invoice.id).correlate(Invoice).scalar_subquery()


def deferral_problems(as_of: date) -> Iterator[str]:
    """In plain words: fees still deferred after the first day of their period, and more taken out than was ever put in.

    Whether an invoice was paid, written off, credited or replaced makes no difference: the books alone say what waits. The
    job that books fees runs once a day, so the first day itself counts as waiting.
    """
    sums = (
        select(JournalEntry.invoice_id, func.sum(_NET).label("yen"))
        .join(LedgerTransfer, LedgerTransfer.entry_id == JournalEntry.id)
        .group_by(JournalEntry.invoice_id)
        .subquery()
    )
    statement = (
        select(Invoice.number, Invoice.period_from, sums.c.yen)
        .join(sums, sums.c.invoice_id == Invoice.id)
        .where(or_(sums.c.yen < 0, and_(sums.c.yen > 0, Invoice.period_from < as_of)))
        .order_by(Invoice.id)
    )
    for number, begins, yen in db.session.execute(statement):
        if yen < 0:
            yield f"{number}: {-yen} more were taken as income than had been deferred"
        else:
            yield f"{number}: {yen} are still deferred, its period began on {begins}"


def entries_without_transfers(*, earned: bool) -> Iterator[str]:
    """Entries that move nothing, by their source: those that take a fee in as income, or all others.

    An older version posted such an entry for a fee that had been given back whole before its period. It can be neither changed
    nor removed and moves no sum; all others are damage.
    """
    has_transfer = select(LedgerTransfer.id).where(LedgerTransfer.entry_id == JournalEntry.id).exists()
    is_kind = JournalEntry.kind == EntryKind.FEE_EARNED
    yield from db.session.scalars(
        select(JournalEntry.source)
        .where(~has_transfer, is_kind if earned else ~is_kind)
        .order_by(JournalEntry.id)
    )
