"""Entries become rows."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date

from portal.domain.journal.layouts import AccountCode, DayFormat, Field, Layout, Shape
from portal.domain.ledger import Account
from portal.domain.tax import TaxCategory
from portal.domain.zengin.eras import write_era_date

Cell = str | int
INCOME = Account.FEE_REVENUE
NOTHING = AccountCode()
REIWA = date(2019, 5, 1)


@dataclass(frozen=True, slots=True)
class Leg:
    """An amount from `credit` to `debit`; `category` where the tax of the fee in it is known."""

    debit: Account
    credit: Account
    amount_yen: int
    category: TaxCategory | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """An entry of the books in words."""

    id: int
    booked_on: date
    event: str
    memo: str
    partner: str
    document: str
    legs: tuple[Leg, ...]


def unmapped(entries: Iterable[Entry], layout: Layout) -> tuple[Account, ...]:
    """Accounts that move in the entries and have neither code nor name in the layout, in the order of the chart."""
    mapped = {account for account, code in layout.accounts.items() if code.code or code.name}
    moved = {account for entry in entries for leg in entry.legs for account in (leg.debit, leg.credit)}
    return tuple(account for account in Account if account in moved - mapped)


def written_day(on: date, how: DayFormat) -> str:
    """`2026/05/01`, `2026-05-01`, `20260501` or `R8.05.01`."""
    if how is DayFormat.ERA:
        letter = "R" if on >= REIWA else "H"
        return f"{letter}{int(write_era_date(on)[:2])}.{on:%m.%d}"
    return on.strftime(
        {DayFormat.SLASHES: "%Y/%m/%d", DayFormat.HYPHENS: "%Y-%m-%d", DayFormat.DIGITS: "%Y%m%d"}[how]
    )


def rows_of(entries: Iterable[Entry], layout: Layout) -> Iterator[list[Cell]]:
    """The rows of all entries, in their order."""
    for slip, entry in enumerate(entries, start=1):
        shared: dict[Field, Cell] = {
            Field.SLIP: slip,
            Field.DAY: written_day(entry.booked_on, layout.day_format),
            Field.MEMO: entry.memo,
            Field.PARTNER: entry.partner,
            Field.DOCUMENT: entry.document,
            Field.EVENT: entry.event,
            Field.ENTRY: entry.id,
        }
        sides = _pairs if layout.shape is Shape.PAIR else _sides
        for place, own in enumerate(sides(entry, layout), start=1):
            held = shared | {Field.ROW: place} | own
            yield [held.get(c.field, "") if c.field else c.fixed for c in layout.columns]


def _pairs(entry: Entry, layout: Layout) -> Iterator[dict[Field, Cell]]:
    for leg in entry.legs:
        yield {
            **_side("debit", leg.debit, leg, entry, layout),
            **_side("credit", leg.credit, leg, entry, layout),
            Field.DEBIT_AMOUNT: leg.amount_yen,
            Field.CREDIT_AMOUNT: leg.amount_yen,
        }


def _sides(entry: Entry, layout: Layout) -> Iterator[dict[Field, Cell]]:
    for leg in entry.legs:
        yield {**_side("account", leg.debit, leg, entry, layout), Field.DEBIT_AMOUNT: leg.amount_yen}
        yield {**_side("account", leg.credit, leg, entry, layout), Field.CREDIT_AMOUNT: leg.amount_yen}


def _side(name: str, account: Account, leg: Leg, entry: Entry, layout: Layout) -> dict[Field, Cell]:
    code = layout.accounts.get(account, NOTHING)
    by_category = layout.taxes.get(leg.category, "") if leg.category and account is INCOME else ""
    return {
        Field(f"{name}_code"): code.code,
        Field(f"{name}_name"): code.name,
        Field(f"{name}_sub"): code.sub.replace("{company}", entry.partner),
        Field(f"{name}_department"): code.department,
        Field(f"{name}_tax"): by_category or code.tax,
    }
