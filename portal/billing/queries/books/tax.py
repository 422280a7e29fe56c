"""Consumption tax by rate: what invoices asked for and what was given back, each as its paper says, by the day of the paper.

Equal papers are read once with their number: the amounts by rate stand on the paper as data (消費税法 第57条の4), and fees are list
prices, so a year's ten thousand invoices are a handful of different ones.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from typing import Any

from sqlalchemy import func, select

from portal.billing.models import CreditNote, DecisionReversal, FeeReturn, Invoice
from portal.billing.queries.books.parts import BOOKED, debit_of, entries, touches
from portal.core.clock import OFFICE_ZONE
from portal.core.db import db
from portal.domain.ledger import Account
from portal.domain.tax import TaxCategory


@dataclass(frozen=True, slots=True)
class TaxKey:
    """How a paper's amount is taxed, and whether its issuer was registered (適格請求書発行事業者) when it was issued."""

    category: TaxCategory
    rate: Decimal
    is_registered: bool

    @property
    def order(self) -> tuple[int, Decimal, bool]:
        return list(TaxCategory).index(self.category), -self.rate, not self.is_registered


@dataclass(slots=True)
class TaxRow:
    """Everything at one rate. Returns are positive amounts; `…_papers` count documents, fees kept back among the returns."""

    key: TaxKey
    papers: int = 0
    sales_net_yen: int = 0
    sales_tax_yen: int = 0
    return_papers: int = 0
    return_net_yen: int = 0
    return_tax_yen: int = 0

    @property
    def net_yen(self) -> int:
        return self.sales_net_yen - self.return_net_yen

    @property
    def tax_yen(self) -> int:
        return self.sales_tax_yen - self.return_tax_yen

    def add_sales(self, net_yen: int, tax_yen: int, count: int) -> None:
        """`count` papers with these amounts altogether."""
        self.papers += count
        self.sales_net_yen += net_yen
        self.sales_tax_yen += tax_yen

    def add_returns(self, net_yen: int, tax_yen: int, count: int) -> None:
        """As `add_sales`; what is negative takes returns back."""
        self.return_papers += count
        self.return_net_yen += net_yen
        self.return_tax_yen += tax_yen


@dataclass(slots=True)
class TaxSummary:
    """The rows of a span of days, and the tax that the books say of it."""

    books_yen: int
    by_key: dict[TaxKey, TaxRow] = field(default_factory=dict)

    @property
    def rows(self) -> list[TaxRow]:
        """In the order of the categories."""
        return [self.by_key[key] for key in sorted(self.by_key, key=lambda key: key.order)]

    @property
    def tax_yen(self) -> int:
        return sum(row.tax_yen for row in self.by_key.values())

    @property
    def fits(self) -> bool:
        """Whether the papers say what the books say."""
        return self.tax_yen == self.books_yen

    def row(self, key: TaxKey) -> TaxRow:
        """The row of a rate, made where there is none yet."""
        return self.by_key.setdefault(key, TaxRow(key))


def tax_summary(since: date, until: date) -> TaxSummary:
    """What was invoiced and given back from `since` to `until`, both counted; five statements."""
    found = TaxSummary(_tax_in_books(since, until))
    for key, net, tax, count in _papers(Invoice, since, until):
        found.row(key).add_sales(net, tax, count)
    for key, net, tax, count in _papers(CreditNote, since, until):
        found.row(key).add_returns(net, tax, count)
    for key, net, tax, count in _fees_kept_back(since, until):
        found.row(key).add_returns(net, tax, count)
    return found


def _papers(model: Any, since: date, until: date) -> Iterator[tuple[TaxKey, int, int, int]]:
    number = model.issuer["party"]["registration_number"].as_string()
    papers = (
        select(model.tax_rows, number, func.count())
        .where(model.issued_on >= since, model.issued_on <= until)
        .group_by(model.tax_rows, number)
        .subquery()
    )
    for by_rate, registration, count in db.session.execute(select(papers)):
        for row in by_rate:
            key = TaxKey(TaxCategory(row["category"]), Decimal(row["rate"]), bool(registration))
            yield key, row["net_yen"] * count, row["tax_yen"] * count, count


def _fees_kept_back(since: date, until: date) -> Iterator[tuple[TaxKey, int, int, int]]:
    """Transfer fees taken over in the span, and those no longer taken over since: each counts on the day of its entry."""
    kept = (FeeReturn.returned_on >= since, FeeReturn.returned_on <= until)
    undone_at = DecisionReversal.reversed_at
    undone = (undone_at >= _start_of(since), undone_at < _start_of(until + timedelta(days=1)))
    of_undone = select(DecisionReversal.decision_id).where(*undone)
    for sign, which in ((1, kept), (-1, (FeeReturn.decision_id.in_(of_undone),))):
        for category, rate, registration, count, net, tax in db.session.execute(_fees(*which)):
            key = TaxKey(category, Decimal(rate), bool(registration))
            yield key, sign * int(net), sign * int(tax), sign * count


def _fees(*which: Any) -> Any:
    number = Invoice.issuer["party"]["registration_number"].as_string().label("registration")
    each = (
        select(FeeReturn.category, FeeReturn.rate, number, FeeReturn.net_yen, FeeReturn.tax_yen)
        .join(Invoice, Invoice.id == FeeReturn.invoice_id)
        .where(*which)
        .subquery()
    )
    by = (each.c.category, each.c.rate, each.c.registration)
    return select(*by, func.count(), func.sum(each.c.net_yen), func.sum(each.c.tax_yen)).group_by(*by)


def _tax_in_books(since: date, until: date) -> int:
    moved = select(func.coalesce(func.sum(-debit_of(Account.TAX_PAYABLE)), 0)).select_from(BOOKED)
    within = (entries.booked_on >= since, entries.booked_on <= until)
    return int(db.session.scalar(moved.where(touches(Account.TAX_PAYABLE), *within)) or 0)


def _start_of(day: date) -> datetime:
    return datetime.combine(day, time(), OFFICE_ZONE)
