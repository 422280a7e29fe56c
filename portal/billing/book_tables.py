"""The reports of the books as rows of a file: amounts are whole yen, days are days, words in the reader's language."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from portal.billing.enums import ACCOUNT_LABELS, METHOD_LABELS, TAX_LABELS
from portal.billing.queries.books.balances import Turnover
from portal.billing.queries.books.cash import CashMonth
from portal.billing.queries.books.fees import FeeByMonth
from portal.billing.queries.books.income import IncomeMonth
from portal.billing.queries.books.tax import TaxSummary
from portal.core.exports import Cell
from portal.core.formats import fiscal_year, month
from portal.core.i18n import _, _l
from portal.domain.ageing import Band
from portal.domain.deferral import months_of
from portal.domain.terms import FiscalYear

BAND_LABELS = {
    Band.NOT_DUE: _l("Not due yet"),
    Band.DAYS_1_30: _l("1 to 30 days late"),
    Band.DAYS_31_60: _l("31 to 60 days late"),
    Band.DAYS_61_90: _l("61 to 90 days late"),
    Band.OVER_90: _l("Over 90 days late"),
}


@dataclass(frozen=True, slots=True)
class Table:
    """What a file holds; `title` names it and its sheet."""

    title: str
    head: list[str]
    rows: list[list[Cell]]


def balance_table(balances: Sequence[Turnover]) -> Table:
    """The trial balance; balances count debit as positive."""
    head = [
        _("Account"),
        _("Opening balance (yen)"),
        _("Debit (yen)"),
        _("Credit (yen)"),
        _("Closing balance (yen)"),
    ]
    rows: list[list[Cell]] = [
        [
            str(ACCOUNT_LABELS[each.account]),
            each.opening_yen,
            each.debit_yen,
            each.credit_yen,
            each.closing_yen,
        ]
        for each in balances
    ]
    return Table(_("Trial balance"), head, rows)


def ages_table(rows: Iterable[Sequence[Any]]) -> Table:
    """What companies owe by age: rows of id, name, bands, total."""
    bands = [_in_yen(BAND_LABELS[band]) for band in Band]
    head = [_("Company"), *bands, _("Total (yen)")]
    return Table(_("Receivables by age"), head, [list(row[1:]) for row in rows])


def income_table(months: Sequence[IncomeMonth]) -> Table:
    """Income by month; what the books do not say yet stays empty."""
    head = [
        _("Month"), _("Fees charged (yen)"), _("Given back (yen)"), _("Belongs to the month (yen)"),
        _("Left for later months (yen)"), _("Of it: period not begun (yen)"), _("Deferred fee income in the books (yen)"),
        _("Fee income in the books (yen)"),
    ]  # fmt: skip
    rows: list[list[Cell]] = [
        [
            month(each.month.first_day), each.charged_yen, each.returned_yen, each.earned_yen, each.left_yen, each.waiting_yen,
            None if each.is_ahead else each.deferred_in_books_yen, None if each.is_ahead else each.booked_yen,
        ]
        for each in months
    ]  # fmt: skip
    return Table(_("Income by month"), head, rows)


def fees_table(year: FiscalYear, fees: Iterable[FeeByMonth]) -> Table:
    """Each invoice's fee with its part in every month of a fiscal year."""
    months = [_in_yen(month(each.first_day)) for each in months_of(year)]
    head = [
        _("Number"), _("Company"), _("Period from"), _("Period to"), _("Net (yen)"), *months, _("Left for later years (yen)"),
    ]  # fmt: skip
    rows: list[list[Cell]] = [
        [fee.number, fee.company, fee.period_from, fee.period_to, fee.net_yen, *fee.months, fee.left_yen]
        for fee in fees
    ]
    return Table(_("Fees by month, %(year)s", year=fiscal_year(year.year)), head, rows)


def tax_table(summary: TaxSummary, since: date, until: date) -> Table:
    """Consumption tax by rate over a span of days."""
    head = [
        _("First day"), _("Last day"), _("Tax category"), _("Rate (%)"), _("Registered issuer"), _("Number of invoices"), _("Sales (yen)"),
        _("Tax on sales (yen)"), _("Returns"), _("Given back (yen)"), _("Tax given back (yen)"), _("Net (yen)"), _("Tax (yen)"),
    ]  # fmt: skip
    rows: list[list[Cell]] = [
        [
            since, until, str(TAX_LABELS[row.key.category]), int(row.key.rate * 100),
            _("Yes") if row.key.is_registered else _("No"), row.papers, row.sales_net_yen, row.sales_tax_yen,
            row.return_papers, row.return_net_yen, row.return_tax_yen, row.net_yen, row.tax_yen,
        ]
        for row in summary.rows
    ]  # fmt: skip
    return Table(_("Tax by rate"), head, rows)


def cash_table(months: Sequence[CashMonth]) -> Table:
    """Money received by month and method, and what else moved."""
    methods = [_in_yen(label) for label in METHOD_LABELS.values()]
    head = [
        _("Month"), *methods, _("Payments undone (yen)"), _("Received (yen)"), _("Paid back (yen)"), _("Unknown deposits (yen)"),
        _("Fees and other (yen)"), _("Money at the end of the month (yen)"),
    ]  # fmt: skip
    rows: list[list[Cell]] = [
        [
            month(each.month.first_day), *(each.by_method[method] for method in METHOD_LABELS), each.undone_yen,
            each.received_yen, each.paid_back_yen, each.parked_yen, each.other_yen, each.closing_yen,
        ]
        for each in months
    ]  # fmt: skip
    return Table(_("Money received"), head, rows)


def _in_yen(what: object) -> str:
    return _("%(what)s (yen)", what=what)
