"""Fees as income: by month of their periods, beside what the books say, and by the fiscal year that they are for.

The books count a fee as income on the day on which its period begins; until then it stands in the account of deferred income.
By month a fee is spread over its period. Both agree at the end of the year in which all periods end.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import and_, case, func, or_, select

from portal.billing.models import Invoice, JournalEntry, LedgerTransfer
from portal.billing.queries.books.parts import (
    BOOKED,
    debit_of,
    entries,
    touches,
    transfers,
    whole,
    year_and_month,
)
from portal.billing.queries.books.shares import (
    FEES,
    MOVES_A_FEE,
    PERIOD,
    WITH_BILL,
    bills,
    in_income,
    is_return,
    share,
)
from portal.core.db import db
from portal.domain.deferral import Month, Share, months_of
from portal.domain.ledger import Account
from portal.domain.terms import FiscalYear


@dataclass(frozen=True, slots=True)
class IncomeMonth:
    """A month: fees booked and given back in it, what belongs to it, what is left at its end, and what the books say.

    `left_yen` is left for later months, `waiting_yen` of it of fees whose period has not begun, `booked_yen` income in the books.
    `expected_yen`: what the books should hold as deferred: fees that have not begun, whole, and those that begin today until the
    job of the day has taken them in.
    A month that has not begun says what the fees known today bring; the books say nothing of it yet.
    """

    month: Month
    charged_yen: int
    returned_yen: int
    earned_yen: int
    left_yen: int
    waiting_yen: int
    expected_yen: int
    deferred_in_books_yen: int
    booked_yen: int
    is_ahead: bool

    @property
    def fits(self) -> bool:
        """Whether the books hold what they should."""
        return self.is_ahead or self.expected_yen == self.deferred_in_books_yen


def income_by_month(year: FiscalYear, today: date) -> tuple[IncomeMonth, ...]:
    """The twelve months of a fiscal year; three statements."""
    shares, books = _shares(year), _books_by_month(year)
    morning = {Month.of(today): _of_this_morning(today)}
    return tuple(
        _month(month, shares, books[month], morning.get(month, 0), today) for month in months_of(year)
    )


def _of_this_morning(today: date) -> int:
    """What the books still hold as deferred of fees whose period begins today."""
    held = select(func.coalesce(func.sum(-debit_of(Account.FEE_DEFERRED)), 0)).select_from(
        Invoice.__table__.join(JournalEntry.__table__, entries.invoice_id == bills.id).join(
            LedgerTransfer.__table__, transfers.entry_id == entries.id
        )
    )
    return int(db.session.scalar(held.where(bills.period_from == today, entries.booked_on <= today)) or 0)


def _month(
    month: Month, shares: Sequence[Share], books: tuple[int, int], morning_yen: int, today: date
) -> IncomeMonth:
    booked = [each for each in shares if each.booked == month]
    is_ahead = month.first_day > today
    end = month.last_day if is_ahead else min(month.last_day, today)
    waiting = [each for each in shares if not each.has_begun(end)]
    return IncomeMonth(
        month=month,
        charged_yen=sum(each.net_yen * each.count for each in booked if not each.is_return),
        returned_yen=-sum(each.net_yen * each.count for each in booked if each.is_return),
        earned_yen=sum(each.earned_in(month) for each in shares),
        left_yen=sum(each.left_yen(month) for each in shares),
        waiting_yen=sum(each.left_yen(month) for each in waiting),
        expected_yen=sum(each.whole_yen(month) for each in waiting) + morning_yen,
        deferred_in_books_yen=books[0],
        booked_yen=books[1],
        is_ahead=is_ahead,
    )


def _shares(year: FiscalYear) -> list[Share]:
    """Fees and returns that matter in a year, equal ones together; what has no invoice belongs to its month."""
    net = -debit_of(*FEES)
    columns = (*year_and_month(entries.booked_on), *PERIOD, net, in_income(), is_return())
    rows = (
        select(*columns, func.count())
        .select_from(WITH_BILL)
        .where(
            MOVES_A_FEE,
            entries.booked_on <= year.ends_on,
            or_(bills.period_to >= year.starts_on, entries.booked_on >= year.starts_on),
        )
        .group_by(*columns)
    )
    found: Any = db.session.execute(rows)
    return [share(*row) for row in found]


def _books_by_month(year: FiscalYear) -> dict[Month, tuple[int, int]]:
    """Deferred income at the end of each month, and income booked in it."""
    when = year_and_month(entries.booked_on)
    sums = (func.sum(-debit_of(Account.FEE_DEFERRED)), func.sum(-debit_of(Account.FEE_REVENUE)))
    rows = (
        select(*when, *sums)
        .select_from(BOOKED)
        .where(touches(*FEES), entries.booked_on <= year.ends_on)
        .group_by(*when)
    )
    moved = {Month(row[0], row[1]): whole(row[2:]) for row in db.session.execute(rows)}
    standing = sum(sums[0] for month, sums in moved.items() if month < months_of(year)[0])
    found = {}
    for month in months_of(year):
        deferred, booked = moved.get(month, [0, 0])
        standing += deferred
        found[month] = (standing, booked)
    return found


@dataclass(frozen=True, slots=True)
class IncomeYear:
    """A fiscal year that fees are for: charged, given back, and of the rest income and deferred income in the books."""

    fiscal_year: int
    charged_yen: int
    returned_yen: int
    booked_yen: int
    deferred_yen: int

    @property
    def net_yen(self) -> int:
        return self.charged_yen - self.returned_yen


def income_by_year(on: date) -> list[IncomeYear]:
    """Every fiscal year for which something was charged, as of a day, the latest first; one statement."""
    net = -debit_of(*FEES)
    sums = (
        func.sum(case((and_(MOVES_A_FEE, is_return() == 0), net), else_=0)),
        func.sum(case((and_(MOVES_A_FEE, is_return() == 1), -net), else_=0)),
        func.sum(-debit_of(Account.FEE_REVENUE)),
        func.sum(-debit_of(Account.FEE_DEFERRED)),
    )
    rows = (
        select(bills.fiscal_year, *sums)
        .select_from(BOOKED.join(Invoice.__table__, bills.id == entries.invoice_id))
        .where(touches(*FEES), entries.booked_on <= on)
        .group_by(bills.fiscal_year)
        .order_by(bills.fiscal_year.desc())
    )
    return [IncomeYear(row[0], *whole(row[1:])) for row in db.session.execute(rows)]
