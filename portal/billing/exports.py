"""The secretariat's lists as rows of a file."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any

from portal.billing.deposits import GRADE_LABELS, DepositState
from portal.core.exports import Cell
from portal.core.formats import full_width
from portal.core.i18n import _, current_language
from portal.domain.reconciliation import Grade


def invoice_rows(invoices: Iterable[Any]) -> tuple[list[str], Iterator[list[Cell]]]:
    """Heads and rows: the columns of the list, amounts as numbers, days as days."""
    heads = [
        _("Number"),
        _("Company"),
        _("Subject"),
        _("Fiscal year"),
        _("Issued on"),
        _("Due on"),
        _("Net (yen)"),
        _("Tax (yen)"),
        _("Total (yen)"),
        _("Still open (yen)"),
        _("Paid too much (yen)"),
        _("State"),
        _("Settled on"),
        _("Purchase order number"),
    ]
    return heads, (_row(each, current_language()) for each in invoices)


def _row(each: Any, language: str) -> list[Cell]:
    english = language == "en"
    return [
        each.number,
        each.name_en if english and each.name_en else each.name_ja,
        each.subject_en if english else each.subject_ja,
        each.fiscal_year,
        each.issued_on,
        each.due_on,
        each.net_yen,
        each.tax_yen,
        each.total_yen,
        each.outstanding_yen,
        each.excess_yen,
        str(each.state.label),
        each.settled_on,
        each.purchase_order,
    ]


def deposit_rows(deposits: Iterable[Any]) -> tuple[list[str], list[list[Cell]]]:
    """Heads and rows: the columns of the list, each fact in a cell of its own; money that the bank took back is negative."""
    heads = [
        _("Day"), _("Payer on the statement"), _("Amount"), _("Invoice"), _("Number of invoices"), _("Company"),
        _("State"), _("Proposal"),
    ]  # fmt: skip
    states = {state.value: str(state.label) for state in DepositState}
    grades = {grade.value: str(label) for grade, label in GRADE_LABELS.items() if grade is not Grade.NONE}
    return heads, [
        [
            day, full_width(payer), -amount if cancels else amount, number, invoices, company, states[state],
            grades.get(grade, "") if state == DepositState.OPEN.value else "",
        ]
        for _id, day, payer, amount, state, grade, number, company, invoices, cancels in deposits
    ]  # fmt: skip
