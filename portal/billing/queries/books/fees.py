"""Every invoice's fee over the months of a fiscal year."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import or_, select

from portal.accounts.models import Organisation
from portal.accounts.queries import name_column
from portal.billing.queries.books.parts import debit_of, entries, transfers, year_and_month
from portal.billing.queries.books.shares import FEES, MOVES_A_FEE, PERIOD, WITH_BILL, bills, share
from portal.core.db import db
from portal.core.errors import Refused
from portal.core.i18n import _l
from portal.domain.deferral import Share, months_of
from portal.domain.terms import FiscalYear

MOST_EXPORTED = 50_000
_bodies = Organisation.__table__.c


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
    when = (*year_and_month(entries.booked_on), *PERIOD)
    bill = (bills.id, bills.number, name_column(language), bills.period_from, bills.period_to)
    rows = (
        select(*bill, *when, net)
        .select_from(WITH_BILL.join(Organisation.__table__, _bodies.id == bills.organisation_id))
        .where(
            MOVES_A_FEE,
            entries.booked_on <= year.ends_on,
            or_(bills.period_to >= year.starts_on, entries.booked_on >= year.starts_on),
        )
        .order_by(bills.id, transfers.id)
    )
    found: dict[int, tuple[Any, list[Share]]] = defaultdict(lambda: (None, []))
    read = db.session.execute(rows.limit(MOST_EXPORTED + 1)).all()
    if len(read) > MOST_EXPORTED:
        raise Refused(
            _l("This list has more than %(most)s rows. Please narrow it first.", most=f"{MOST_EXPORTED:,}")
        )
    for row in read:
        part = share(*row[5:10])
        found[row[0]] = (row, [*found[row[0]][1], part])
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
