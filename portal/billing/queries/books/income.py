"""Fees as income: by month of their periods, beside what the books say, and by the fiscal year that they are for.

The books count a fee as income on the day on which its period begins; until then it stands in the account of deferred income.
By month a fee is spread over its period. Both agree at the end of the year in which all periods end.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import and_, case, func, literal_column, not_, or_, select

from portal.accounts.models import Organisation
from portal.accounts.queries import name_column
from portal.billing.models import Invoice
from portal.billing.queries.books.parts import (
    BOOKED,
    NOTHING,
    debit_of,
    entries,
    touches,
    transfers,
    whole,
    year_and_month,
)
from portal.core.db import db, written
from portal.core.errors import Refused
from portal.core.i18n import _l
from portal.domain.deferral import Month, Share, months_of
from portal.domain.ledger import Account
from portal.domain.terms import FiscalYear

FEES = (Account.FEE_DEFERRED, Account.FEE_REVENUE)
MOST_EXPORTED = 50_000
_bills, _bodies = Invoice.__table__.c, Organisation.__table__.c
_WITH_BILL: Any = BOOKED.outerjoin(Invoice.__table__, _bills.id == entries.invoice_id)
# An entry that only turns deferred income into income moves no fee.
_MOVES_A_FEE = and_(
    touches(*FEES), not_(and_(transfers.debit.in_(written(*FEES)), transfers.credit.in_(written(*FEES))))
)


@dataclass(frozen=True, slots=True)
class IncomeMonth:
    """A month: fees booked and given back in it, what belongs to it, what is left at its end, and what the books say.

    `waiting_yen` of fees whose period has not begun, `running_yen` of those whose period runs, `booked_yen` income in the books.
    A month that has not begun says what the fees known today bring; the books say nothing of it yet.
    """

    month: Month
    charged_yen: int
    returned_yen: int
    earned_yen: int
    waiting_yen: int
    running_yen: int
    deferred_in_books_yen: int
    booked_yen: int
    is_ahead: bool

    @property
    def left_yen(self) -> int:
        """Left for later months."""
        return self.waiting_yen + self.running_yen

    @property
    def fits(self) -> bool:
        """Whether what has not begun is what the books hold as deferred income."""
        return self.is_ahead or self.waiting_yen == self.deferred_in_books_yen


def income_by_month(year: FiscalYear, today: date) -> tuple[IncomeMonth, ...]:
    """The twelve months of a fiscal year; two statements."""
    shares, books = _shares(year), _books_by_month(year)
    return tuple(_month(month, shares, books[month], today) for month in months_of(year))


def _month(month: Month, shares: Sequence[Share], books: tuple[int, int], today: date) -> IncomeMonth:
    booked = [each for each in shares if each.booked == month]
    is_ahead = month.first_day > today
    end = month.last_day if is_ahead else min(month.last_day, today)
    return IncomeMonth(
        month=month,
        charged_yen=sum(each.net_yen * each.count for each in booked if each.net_yen > 0),
        returned_yen=-sum(each.net_yen * each.count for each in booked if each.net_yen < 0),
        earned_yen=sum(each.earned_in(month) for each in shares),
        waiting_yen=sum(each.left_yen(month) for each in shares if not each.has_begun(end)),
        running_yen=sum(each.left_yen(month) for each in shares if each.has_begun(end)),
        deferred_in_books_yen=books[0],
        booked_yen=books[1],
        is_ahead=is_ahead,
    )


def _shares(year: FiscalYear) -> list[Share]:
    """Fees and returns that matter in a year, equal ones together; what has no invoice belongs to its month."""
    net = -debit_of(*FEES)
    columns = (*year_and_month(entries.booked_on), _bills.period_from, _bills.period_to, net, _in_income())
    rows = (
        select(*columns, func.count())
        .select_from(_WITH_BILL)
        .where(
            _MOVES_A_FEE,
            entries.booked_on <= year.ends_on,
            or_(_bills.period_to >= year.starts_on, entries.booked_on >= year.starts_on),
        )
        .group_by(*columns)
    )
    return [_share(*row) for row in db.session.execute(rows)]


def _in_income() -> Any:
    """1 where an entry moved income itself: a fee kept back on a day before the period, written down after it began."""
    moved = or_(*(side == written(Account.FEE_REVENUE)[0] for side in (transfers.debit, transfers.credit)))
    return case((moved, literal_column("1")), else_=NOTHING)


def _share(
    year: int, month: int, first: date | None, last: date | None, net: int, in_income: int, count: int = 1
) -> Share:
    booked = Month(year, month)
    return Share(
        booked, first or booked.first_day, last or booked.last_day, int(net), count, in_income=bool(in_income)
    )


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
        func.sum(case((and_(_MOVES_A_FEE, net > 0), net), else_=0)),
        func.sum(case((and_(_MOVES_A_FEE, net < 0), -net), else_=0)),
        func.sum(-debit_of(Account.FEE_REVENUE)),
        func.sum(-debit_of(Account.FEE_DEFERRED)),
    )
    rows = (
        select(_bills.fiscal_year, *sums)
        .select_from(BOOKED.join(Invoice.__table__, _bills.id == entries.invoice_id))
        .where(touches(*FEES), entries.booked_on <= on)
        .group_by(_bills.fiscal_year)
        .order_by(_bills.fiscal_year.desc())
    )
    return [IncomeYear(row[0], *whole(row[1:])) for row in db.session.execute(rows)]


@dataclass(frozen=True, slots=True)
class FeeByMonth:
    """An invoice's fee over the months of a fiscal year."""

    number: str
    company: str
    period_from: date
    period_to: date
    net_yen: int
    months: tuple[int, ...]
    left_yen: int


def fees_by_month(year: FiscalYear, language: str) -> Iterator[FeeByMonth]:
    """Every invoice with a part in a year, as of its end, by number; one statement. Raises Refused when there are too many."""
    net = -debit_of(*FEES)
    when = year_and_month(entries.booked_on)
    bill = (_bills.id, _bills.number, name_column(language), _bills.period_from, _bills.period_to)
    rows = (
        select(*bill, *when, net)
        .select_from(
            BOOKED.join(Invoice.__table__, _bills.id == entries.invoice_id).join(
                Organisation.__table__, _bodies.id == _bills.organisation_id
            )
        )
        .where(
            _MOVES_A_FEE,
            entries.booked_on <= year.ends_on,
            or_(_bills.period_to >= year.starts_on, entries.booked_on >= year.starts_on),
        )
        .order_by(_bills.id, transfers.id)
    )
    found: dict[int, tuple[Any, list[Share]]] = defaultdict(lambda: (None, []))
    read = db.session.execute(rows.limit(MOST_EXPORTED + 1)).all()
    if len(read) > MOST_EXPORTED:
        raise Refused(
            _l("This list has more than %(most)s rows. Please narrow it first.", most=f"{MOST_EXPORTED:,}")
        )
    for row in read:
        share = _share(row[5], row[6], row[3], row[4], row[7], 0)
        found[row[0]] = (row, [*found[row[0]][1], share])
    for row, shares in found.values():
        yield _fee(row, shares, year)


def _fee(row: Any, shares: Sequence[Share], year: FiscalYear) -> FeeByMonth:
    months = months_of(year)
    return FeeByMonth(
        number=row[1],
        company=row[2],
        period_from=row[3],
        period_to=row[4],
        net_yen=sum(each.net_yen for each in shares),
        months=tuple(sum(each.earned_in(month) for each in shares) for month in months),
        left_yen=sum(each.left_yen(months[-1]) for each in shares),
    )
