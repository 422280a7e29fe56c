"""Post business events to the books, each once."""

from __future__ import annotations

from datetime import date

from sqlalchemy import select

from portal.billing.models import JournalEntry, LedgerTransfer
from portal.core import clock
from portal.core.db import db
from portal.domain import ledger
from portal.domain.ledger import EntryKind, Transfers


def post(
    kind: EntryKind,
    *,
    source: str,
    transfers: Transfers,
    booked_on: date,
    memo: str = "",
    invoice_id: int | None = None,
) -> JournalEntry:
    """Write an entry with its transfers. `source` names the business event; posting it twice breaks a unique rule."""
    entry = JournalEntry(
        at=clock.now(), booked_on=booked_on, kind=kind, source=source, memo=memo[:300], invoice_id=invoice_id
    )
    db.session.add(entry)
    db.session.flush()
    for each in transfers:
        db.session.add(
            LedgerTransfer(
                entry_id=entry.id, debit=each.debit, credit=each.credit, amount_yen=each.amount_yen
            )
        )
    db.session.flush()
    return entry


def post_reversal(
    of_source: str, kind: EntryKind, *, source: str, booked_on: date, memo: str = ""
) -> JournalEntry:
    """Write the opposite of an entry; that one stays as it is. Raises NoResultFound when there is none."""
    entry = db.session.scalars(select(JournalEntry).where(JournalEntry.source == of_source)).one()
    lines = db.session.scalars(select(LedgerTransfer).where(LedgerTransfer.entry_id == entry.id)).all()
    opposite = ledger.reversed_all(line.as_transfer for line in lines)
    return post(
        kind, source=source, transfers=opposite, booked_on=booked_on, memo=memo, invoice_id=entry.invoice_id
    )
