"""What the reports share: transfers with their entries, amounts with the sign of an account, months."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from typing import Any

from sqlalchemy import ColumnElement, Integer, case, cast, extract, func, literal_column, or_, select

from portal.billing.models import JournalEntry, LedgerTransfer
from portal.core.db import db, written
from portal.domain.ledger import FIRST_DAY, Account
from portal.domain.terms import FiscalYear

entries: Any = JournalEntry.__table__.c
transfers: Any = LedgerTransfer.__table__.c
# Written into the statement, as constants of ours are: PostgreSQL groups by an expression only where it has no parameters.
NOTHING: Any = literal_column("0")
BOOKED: Any = LedgerTransfer.__table__.join(JournalEntry.__table__, entries.id == transfers.entry_id)


def debit_of(*accounts: Account) -> ColumnElement[int]:
    """The amount of a transfer as these accounts see it: debit counts up, credit down. May be grouped by."""
    into = case((transfers.debit.in_(written(*accounts)), transfers.amount_yen), else_=NOTHING)
    return into - case((transfers.credit.in_(written(*accounts)), transfers.amount_yen), else_=NOTHING)


def touches(*accounts: Account) -> ColumnElement[bool]:
    """Transfers that move any of these accounts."""
    return or_(transfers.debit.in_(written(*accounts)), transfers.credit.in_(written(*accounts)))


def year_and_month(day: Any) -> tuple[ColumnElement[int], ColumnElement[int]]:
    """The calendar month of a day, as two columns to group by."""
    return cast(extract("year", day), Integer), cast(extract("month", day), Integer)


def fiscal_years() -> list[int]:
    """Fiscal years from that of the first entry to that of the last; one statement, from the ends of an index.

    None before the books' first day, whatever an entry says.
    """
    edges = (select(edge(entries.booked_on)).scalar_subquery() for edge in (func.min, func.max))
    first, last = db.session.execute(select(*edges)).one()
    if first is None:
        return []
    return [*range(FiscalYear.of(max(first, FIRST_DAY)).year, FiscalYear.of(max(last, FIRST_DAY)).year + 1)]


def balance_on(on: date, *accounts: Account) -> int:
    """Debit less credit of these accounts up to and with a day."""
    total = select(func.coalesce(func.sum(debit_of(*accounts)), 0)).select_from(BOOKED)
    return int(db.session.scalar(total.where(touches(*accounts), entries.booked_on <= on)) or 0)


def whole(values: Iterable[Any]) -> list[int]:
    """Sums as whole numbers: a database may give decimals, or nothing."""
    return [int(value or 0) for value in values]
