"""The trial balance of a span of days: what stood before it, what moved, what stands at its end."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import case, func, select

from portal.billing.queries.books.parts import BOOKED, entries, transfers, whole
from portal.core.db import db
from portal.domain.ledger import Account


@dataclass(frozen=True, slots=True)
class Turnover:
    """An account over a span of days. `opening_yen` and `closing_yen` count debit as positive."""

    account: Account
    opening_yen: int
    debit_yen: int
    credit_yen: int

    @property
    def closing_yen(self) -> int:
        return self.opening_yen + self.debit_yen - self.credit_yen


def turnovers(since: date, until: date) -> tuple[Turnover, ...]:
    """Every account of the chart from `since` to `until`, both counted; two statements."""
    debits, credits = _side(transfers.debit, since, until), _side(transfers.credit, since, until)
    return tuple(
        Turnover(each, debits[each][0] - credits[each][0], debits[each][1], credits[each][1])
        for each in Account
    )


def _side(side: Any, since: date, until: date) -> dict[Account, list[int]]:
    """By account: before the span, and in it."""
    before = case((entries.booked_on < since, transfers.amount_yen), else_=0)
    within = case((entries.booked_on >= since, transfers.amount_yen), else_=0)
    statement = select(side, func.sum(before), func.sum(within)).select_from(BOOKED)
    found: dict[Account, list[int]] = defaultdict(lambda: [0, 0])
    for account, *sums in db.session.execute(statement.where(entries.booked_on <= until).group_by(side)):
        found[account] = whole(sums)
    return found
