"""What a run would take out, and what stands in its way."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from portal.billing.models import JournalMapping
from portal.billing.queries import journal as queries
from portal.core.errors import Refused
from portal.core.exports import FileFormat
from portal.core.i18n import _l, in_language
from portal.domain.journal import (
    Cell,
    Entry,
    Field,
    Layout,
    Strangers,
    rows_of,
    strangers_in,
    unmapped,
)
from portal.domain.ledger import Account

MOST_ENTRIES = 50_000
MOST_NAMED = 30


@dataclass(frozen=True, slots=True)
class Asked:
    """Which entries, and as what. `repeats`: those too that went out before."""

    since: date
    until: date
    kind: FileFormat = FileFormat.CSV
    repeats: bool = False


@dataclass(frozen=True, slots=True)
class Plan:
    """Rows ready to be written. `unmapped` and `strange` (character, document) keep it from going out."""

    mapping: JournalMapping
    layout: Layout
    entries: Sequence[Entry]
    rows: Sequence[list[Cell]]
    debit_yen: int
    credit_yen: int
    unmapped: Sequence[Account]
    strange: dict[str, str]

    @property
    def is_fit(self) -> bool:
        """Whether it may go out."""
        return (
            not (self.unmapped or self.strange) and self.debit_yen == self.credit_yen and bool(self.entries)
        )


def plan_journal(asked: Asked) -> Plan:
    """Look at what would go out. Raises Refused when nothing is set up, or a run would be too long."""
    mapping = queries.latest_mapping()
    if mapping is None:
        raise Refused(_l("Please set up the journal export first."))
    found = queries.count_entries(asked.since, asked.until, repeats=asked.repeats)
    if found > MOST_ENTRIES:
        raise Refused(
            _l(
                "%(found)s entries fall into this time; one file holds at most %(most)s. Please choose a shorter time.",
                found=f"{found:,}",
                most=f"{MOST_ENTRIES:,}",
            ),
            field="until",
        )
    layout = queries.layout_of(mapping)
    with in_language("ja"):  # what the other program reads
        entries = queries.entries_of(asked.since, asked.until, repeats=asked.repeats)
    rows = list(rows_of(entries, layout))
    debit, credit = (_sum(rows, layout, side) for side in (Field.DEBIT_AMOUNT, Field.CREDIT_AMOUNT))
    _require_balance(rows, layout)
    return Plan(
        mapping,
        layout,
        entries,
        rows,
        debit,
        credit,
        unmapped(entries, layout),
        _strange(entries, layout, asked.kind),
    )


def _sum(rows: Sequence[list[Cell]], layout: Layout, side: Field) -> int:
    place = _place(layout, side)
    return sum(int(row[place] or 0) for row in rows)


def _place(layout: Layout, wanted: Field) -> int:
    return next(at for at, column in enumerate(layout.columns) if column.field is wanted)


def _require_balance(rows: Sequence[list[Cell]], layout: Layout) -> None:
    """Debit and credit are equal entry by entry: a row of a pair in itself, the sides of a leg one after the other."""
    debit, credit = _place(layout, Field.DEBIT_AMOUNT), _place(layout, Field.CREDIT_AMOUNT)
    open_yen = 0
    for row in rows:
        open_yen += int(row[debit] or 0) - int(row[credit] or 0)
        if row[credit] and open_yen:
            raise Refused(_l("Debit and credit of an entry are not equal. Please tell the administrator."))


def _strange(entries: Sequence[Entry], layout: Layout, kind: FileFormat) -> dict[str, str]:
    """Characters that the file cannot hold, with the document where each stands first."""
    if kind is not FileFormat.CSV or layout.strangers is Strangers.REPLACE:
        return {}
    texts: Any = (
        (f"{entry.document or entry.id}", text)
        for entry in entries
        for text in (entry.memo, entry.partner, entry.event, entry.document)
    )
    found = strangers_in(texts, layout.letters)
    codes = [column.title for column in layout.columns]
    for code in layout.accounts.values():
        codes += [code.code, code.name, code.sub, code.department, code.tax]
    return strangers_in((("", text) for text in codes), layout.letters) | found
