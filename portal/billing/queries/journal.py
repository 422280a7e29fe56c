"""Entries of the books with the words that another program's journal wants, and the runs that took them out."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date
from itertools import groupby
from typing import Any

from sqlalchemy import Select, String, func, select, type_coerce

from portal.accounts.models import Organisation, Person
from portal.billing.enums import ENTRY_LABELS
from portal.billing.models import (
    CreditNote,
    FeeReturn,
    Invoice,
    JournalEntry,
    JournalMapping,
    JournalRun,
    JournalRunEntry,
    LedgerTransfer,
)
from portal.core.db import db
from portal.core.errors import NotFound
from portal.core.pages import Slice, keyset
from portal.domain.journal import Entry, Layout, Leg, Share, categorised
from portal.domain.ledger import Account, EntryKind
from portal.domain.tax import TaxCategory

_ENTRIES, _LEGS = JournalEntry.__table__, LedgerTransfer.__table__
_TOLD = select(JournalRunEntry.__table__.c.entry_id)


def latest_mapping() -> JournalMapping | None:
    """How entries are laid out at present; None when nobody has said so."""
    return db.session.scalars(select(JournalMapping).order_by(JournalMapping.id.desc()).limit(1)).first()


def layout_of(mapping: JournalMapping) -> Layout:
    """What a mapping says."""
    return Layout.from_data(mapping.layout)


def _wanted(columns: Select[Any], since: date, until: date, repeats: bool) -> Select[Any]:
    chosen = columns.where(_ENTRIES.c.booked_on.between(since, until))
    return chosen if repeats else chosen.where(_ENTRIES.c.id.not_in(_TOLD))


def count_entries(since: date, until: date, *, repeats: bool) -> int:
    """How many entries a run would take."""
    return int(
        db.session.scalar(_wanted(select(func.count()).select_from(_ENTRIES), since, until, repeats)) or 0
    )


def entries_of(since: date, until: date, *, repeats: bool) -> list[Entry]:
    """Entries of these days in their order; without `repeats` those that no run has taken yet."""
    rows = db.session.connection().execute(
        _wanted(
            select(
                _ENTRIES.c.id, _ENTRIES.c.booked_on, type_coerce(_ENTRIES.c.kind, String), _ENTRIES.c.source,
                _ENTRIES.c.memo, Invoice.__table__.c.number, Organisation.__table__.c.name_ja, Invoice.__table__.c.tax_rows,
            )
            .join_from(_ENTRIES, Invoice.__table__, Invoice.__table__.c.id == _ENTRIES.c.invoice_id, isouter=True)
            .join(Organisation.__table__, Organisation.__table__.c.id == Invoice.__table__.c.organisation_id, isouter=True),
            since, until, repeats,
        ).order_by(_ENTRIES.c.booked_on, _ENTRIES.c.id)
    ).all()  # fmt: skip
    legs = _legs(since, until, repeats)
    notes = _credit_notes(row.source for row in rows)
    fees = _fee_returns() if any(row[2].startswith("fee_return") for row in rows) else {}
    return [_entry(row, legs.get(row.id, ()), notes, fees) for row in rows]


def _legs(since: date, until: date, repeats: bool) -> dict[int, list[Leg]]:
    columns = select(_LEGS.c.entry_id, _LEGS.c.debit, _LEGS.c.credit, _LEGS.c.amount_yen)
    statement = columns.join_from(_LEGS, _ENTRIES, _ENTRIES.c.id == _LEGS.c.entry_id)
    found = db.session.connection().execute(
        _wanted(statement, since, until, repeats).order_by(_LEGS.c.entry_id, _LEGS.c.id)
    )
    return {
        entry_id: [Leg(Account(debit), Account(credit), yen) for _id, debit, credit, yen in of_it]
        for entry_id, of_it in groupby(found, key=lambda row: row[0])
    }


def _credit_notes(sources: Iterable[str]) -> dict[str, list[Any]]:
    """What credit notes state, by the source of their entry."""
    ids = [int(s.partition(":")[2]) for s in sources if s.startswith("credit_note:") and s[12:].isdigit()]
    found: dict[str, list[Any]] = {}
    for start in range(0, len(ids), 500):
        some = select(CreditNote.id, CreditNote.tax_rows).where(CreditNote.id.in_(ids[start : start + 500]))
        found |= {f"credit_note:{number}": rows for number, rows in db.session.execute(some)}
    return found


def _fee_returns() -> dict[str, set[TaxCategory]]:
    """Categories of the transfer fees that were taken over, by number of the invoice."""
    found: dict[str, set[TaxCategory]] = {}
    listed = select(Invoice.number, FeeReturn.category).join(Invoice, Invoice.id == FeeReturn.invoice_id)
    for number, category in db.session.execute(listed):
        found.setdefault(number, set()).add(category)
    return found


def _entry(
    row: Any, legs: Sequence[Leg], notes: dict[str, list[Any]], fees: dict[str, set[TaxCategory]]
) -> Entry:
    kind = EntryKind(row[2])
    stated = notes.get(row.source, row.tax_rows or [])
    shares = [Share(TaxCategory(each["category"]), each["net_yen"], each["tax_yen"]) for each in stated]
    if kind in (EntryKind.FEE_RETURNED, EntryKind.FEE_RETURN_UNDONE):
        shares = [share for share in shares if share.category in fees.get(row.number, set())]
    return Entry(
        id=row.id,
        booked_on=row.booked_on,
        event=str(ENTRY_LABELS[kind]),
        memo=f"{ENTRY_LABELS[kind]} {row.memo}".strip(),
        partner=row.name_ja or "",
        document=row.number or "",
        legs=tuple(part for leg in legs for part in categorised(leg, shares)),
    )


def list_runs(*, cursor: str | None) -> Slice[Any]:
    """Runs with the name of who asked, newest first."""
    statement: Any = select(JournalRun, Person.name).join(
        Person, Person.id == JournalRun.created_by_id, isouter=True
    )
    return keyset(statement, (JournalRun.id, True), cursor=cursor)


def find_run(run_id: int) -> JournalRun:
    """A run; NotFound when there is none."""
    found = db.session.get(JournalRun, run_id)
    if found is None:
        raise NotFound
    return found


def entries_of_run(run: JournalRun, *, cursor: str | None) -> Slice[Any]:
    """What went out with a run: entry, day, kind, memo, number of the invoice, whether for the first time."""
    told = JournalRunEntry
    statement: Any = (
        select(
            JournalEntry.id, JournalEntry.booked_on, JournalEntry.kind, JournalEntry.memo, Invoice.number,
            told.first_entry_id.is_not(None),
        )
        .join(told, told.entry_id == JournalEntry.id)
        .join(Invoice, Invoice.id == JournalEntry.invoice_id, isouter=True)
        .where(told.run_id == run.id)
    )  # fmt: skip
    return keyset(statement, (told.id, False), cursor=cursor)


def told_before(ids: Sequence[int]) -> set[int]:
    """Of these entries, those that a run has taken."""
    found: set[int] = set()
    for start in range(0, len(ids), 500):
        some = _TOLD.where(JournalRunEntry.__table__.c.entry_id.in_(ids[start : start + 500]))
        found |= set(db.session.scalars(some))
    return found


def oldest_untold() -> date | None:
    """The day of the oldest entry that no run has taken."""
    oldest: date | None = db.session.scalar(
        select(func.min(_ENTRIES.c.booked_on)).where(_ENTRIES.c.id.not_in(_TOLD))
    )
    return oldest
