"""Whatever happens to invoices, the reports of the books say what the books and the papers say, on every day.

Mutants that must fail here: ages that forget the entries of a payment undone, or those of the day itself; a tax summary that
forgets credit notes; money that forgets payments undone; a period that begins the day after; a fee that begins later in the
month of its invoice and waits with less than all of it.
"""

from __future__ import annotations

import os
from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from flask import Flask
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from sqlalchemy import func, select

from portal.accounts.enums import Role
from portal.accounts.models import Organisation
from portal.billing.models import CreditNote, FeeReturn, Invoice, Receivable
from portal.billing.queries.book_rules import book_problems
from portal.billing.queries.books.ageing import ages, ages_by_company, open_invoices
from portal.billing.queries.books.balances import turnovers
from portal.billing.queries.books.cash import MONEY, cash_by_month
from portal.billing.queries.books.fees import fees_by_month
from portal.billing.queries.books.income import income_by_month, income_by_year
from portal.billing.queries.books.parts import balance_on
from portal.billing.queries.books.tax import tax_summary
from portal.billing.queries.invoices import any_invoice
from portal.billing.queries.ledger import trial_balance
from portal.billing.queries.returns import write_offs_of
from portal.billing.services.advances import move_advance
from portal.billing.services.allocations import standing_payments
from portal.billing.services.credits import issue_credit_note
from portal.billing.services.payments import record_bank_payment
from portal.billing.services.refunds import record_refund
from portal.billing.services.returns.writeoffs import undo_write_off, write_off
from portal.billing.services.revenue import earn_fees
from portal.billing.services.reversals import reverse_payment
from portal.core import clock
from portal.core.access import Actor
from portal.core.db import db
from portal.core.errors import Refused
from portal.core.transaction import rollback, transaction
from portal.domain.ageing import Band, band_of
from portal.domain.deferral import Month, Share, months_of
from portal.domain.documents import Period
from portal.domain.ledger import Account
from portal.domain.tax import TaxCategory
from portal.domain.terms import FiscalYear
from tests.support.billing import bill, fee, issuer
from tests.support.databases import Database
from tests.support.people import actor_of, company, staff

BEGIN = date(2026, 2, 10)
END = date(2028, 3, 31)
EXAMPLES = int(os.environ.get("HYPOTHESIS_EXAMPLES", "12"))
keys = iter(range(1, 1_000_000))

step = st.tuples(
    st.sampled_from(
        (
            "issue",
            "pay",
            "pay",
            "credit",
            "refund",
            "move",
            "reverse",
            "write_off",
            "write_off",
            "undo",
            "wait",
        )
    ),
    st.integers(min_value=0, max_value=10**6),
)


class Story:
    """Deeds on invoices, each with one number that decides what is not given."""

    def __init__(self, clerk: Actor, bodies: list[Organisation]) -> None:
        self.clerk, self.bodies, self.day = clerk, bodies, BEGIN
        self.invoices: list[int] = []

    def now(self) -> datetime:
        return datetime(self.day.year, self.day.month, self.day.day, 3, tzinfo=UTC)

    def do(self, deed: str, dice: int) -> None:
        with clock.frozen(self.now()):
            with transaction():
                earn_fees()
            if deed in ("issue", "wait") or not self.invoices:
                {"issue": self.issue, "wait": self.wait}.get(deed, self.issue)(dice)
                return
            try:
                with transaction():
                    invoice = any_invoice(self.invoices[dice % len(self.invoices)])
                    getattr(self, deed)(invoice, dice)
            except Refused:
                rollback()

    def wait(self, dice: int) -> None:
        self.day = min(self.day + timedelta(days=dice % 70), END)

    def issue(self, dice: int) -> None:
        lines = [fee(dice % 999_983 + 1), fee(dice % 7919 + 1, category=list(TaxCategory)[dice % 4])]
        year = FiscalYear.of(self.day)
        year = year.next if dice % 3 == 0 else year
        soon = self.day + timedelta(days=dice % 25 if dice % 7 == 0 else 0)  # often later in the same month
        first = (
            min(max(year.starts_on, soon), year.ends_on) if dice % 35 in (0, 5, 7, 14, 21) else year.starts_on
        )
        made = bill(
            self.bodies[dice % len(self.bodies)], *lines[: 1 + dice % 2], period=Period(first, year.ends_on),
            fiscal_year=year.year,
        )  # fmt: skip
        self.invoices.append(made.id)

    def pay(self, invoice: Invoice, dice: int) -> None:
        owed = invoice.receivable.outstanding_yen or 1
        amount = (owed, owed // 2 + 1, owed + dice % 5000 + 1)[dice % 3]
        on = self.day - timedelta(days=dice % 40)
        record_bank_payment(
            invoice=invoice, amount_yen=amount, received_on=on, payer_name="", by=self.clerk, once=f"{next(keys):032}"
        )  # fmt: skip

    def credit(self, invoice: Invoice, dice: int) -> None:
        line = invoice.lines[dice % len(invoice.lines)]
        amounts = {line.id: (dice % line.amount_yen) + 1}
        issue_credit_note(
            invoice=invoice, amounts=amounts, reason="r", by=self.clerk, source_key=f"c:{next(keys)}"
        )

    def refund(self, invoice: Invoice, dice: int) -> None:
        amount = dice % max(invoice.receivable.excess_yen, 1) + 1
        record_refund(
            invoice=invoice, amount_yen=amount, paid_on=self.day, note="", by=self.clerk, once=f"{next(keys):032}"
        )  # fmt: skip

    def move(self, invoice: Invoice, dice: int) -> None:
        others = [any_invoice(each) for each in self.invoices if each != invoice.id]
        for other in (each for each in others if each.organisation_id == invoice.organisation_id):
            amount = dice % max(invoice.receivable.excess_yen, 1) + 1
            move_advance(
                source=invoice, target=other, amount_yen=amount, reason="r", by=self.clerk, source_key=f"m:{next(keys)}"
            )  # fmt: skip
            return

    def write_off(self, invoice: Invoice, dice: int) -> None:
        amount = invoice.receivable.outstanding_yen
        write_off(invoice=invoice, owed_yen=amount, reason="r", by=self.clerk, source=f"w:{next(keys)}")

    def undo(self, invoice: Invoice, dice: int) -> None:
        for row in (each for each in write_offs_of(invoice) if each.reversal is None):
            undo_write_off(row=row, invoice=invoice, reason="r", by=self.clerk)
            return

    def reverse(self, invoice: Invoice, dice: int) -> None:
        for payment in standing_payments(invoice)[:1]:
            reverse_payment(payment=payment, invoice=invoice, reason="r", by=self.clerk)


@pytest.fixture
def begin(app: Flask, database: Database) -> Callable[[], Story]:
    """Each story begins in an empty house."""

    def first_page() -> Story:
        rollback()
        db.session.remove()
        database.restore(app)
        issuer()
        clerk = actor_of(staff(Role.SECRETARIAT))
        return Story(clerk, [company(f"架空{n}株式会社") for n in range(3)])

    return first_page


@settings(
    max_examples=EXAMPLES, deadline=None, derandomize=True, database=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture], phases=[Phase.explicit, Phase.generate],
)  # fmt: skip
@given(deeds=st.lists(step, min_size=4, max_size=14), back=st.integers(min_value=0, max_value=400))
@pytest.mark.database
def test_reports_are_the_books(begin: Callable[[], Story], deeds: list[Any], back: int) -> None:
    story = begin()
    for deed, dice in deeds:
        story.do(deed, dice)
    with clock.frozen(story.now()):
        with transaction():
            earn_fees()
        rollback()
        assert [str(p.rule) for p in book_problems()] == []
        for on in (story.day, story.day - timedelta(days=back), END):
            check_ageing(on)
        check_ages_of_today()
        check_income()
        check_tax(story.day - timedelta(days=back), story.day)
        check_tax(date(2020, 1, 1), date(2030, 1, 1))
        check_cash()
        check_balances(story.day - timedelta(days=back), story.day)


def check_ageing(on: date) -> None:
    """The bands add up to the account, and so do companies and invoices."""
    found = ages(on)
    assert found.total_yen == balance_on(on, Account.RECEIVABLE)
    rows = ages_by_company(on, size=1000).items
    by_company = {row[0]: dict(zip(Band, row[2:-1], strict=True)) for row in rows}
    assert {band: sum(each[band] for each in by_company.values()) for band in Band} == found.yen
    assert all(row[-1] == sum(row[2:-1]) for row in rows)
    invoices = {body: open_invoices(on, body) for body in by_company}
    for body, bands in by_company.items():
        summed = dict.fromkeys(Band, 0)
        for invoice in invoices[body]:
            summed[band_of(invoice[3], on)] += invoice[5]
        assert summed == bands
    assert sum(found.invoices.values()) == sum(len(each) for each in invoices.values())


def check_ages_of_today() -> None:
    """Today's are the claims as they stand."""
    today, summed = clock.today(), dict.fromkeys(Band, 0)
    owed = db.session.execute(select(Receivable.due_on, Receivable.outstanding_yen))
    for due_on, yen in owed:
        summed[band_of(due_on, today)] += yen
    assert ages(today).yen == summed


def check_income() -> None:
    for year in (FiscalYear(2025), FiscalYear(2026), FiscalYear(2027)):
        months, detail = income_by_month(year, clock.today()), list(fees_by_month(year, "ja"))
        for each in months:
            assert each.fits, (clock.today(), each)
            books = -balance_on(each.month.last_day, Account.FEE_DEFERRED)
            assert each.deferred_in_books_yen == books
        earned = [sum(row.months[n] for row in detail) for n in range(12)]
        assert earned == [each.earned_yen for each in months]
        assert sum(row.left_yen for row in detail) == months[-1].left_yen
        total = -balance_on(year.ends_on, Account.FEE_DEFERRED, Account.FEE_REVENUE)
        before = -balance_on(year.previous.ends_on, Account.FEE_DEFERRED, Account.FEE_REVENUE)
        assert sum(each.charged_yen - each.returned_yen for each in months) == total - before
    for row in income_by_year(END):
        assert row.net_yen == row.booked_yen + row.deferred_yen
    assert sum(row.net_yen for row in income_by_year(END)) == -balance_on(
        END, Account.FEE_DEFERRED, Account.FEE_REVENUE
    )


def check_tax(since: date, until: date) -> None:
    """As the papers of the span say, read one by one."""
    found, wanted = tax_summary(since, until), {}
    for model, sign in ((Invoice, 1), (CreditNote, -1)):
        for paper in db.session.scalars(select(model).where(model.issued_on.between(since, until))):
            for row in paper.subtotals:
                net, tax = wanted.get((row.category, row.rate), (0, 0))
                wanted[row.category, row.rate] = (net + sign * row.net_yen, tax + sign * row.tax_yen)
    assert {(row.key.category, row.key.rate): (row.net_yen, row.tax_yen) for row in found.rows} == wanted
    assert found.fits


def check_cash() -> None:
    for year in (FiscalYear(2025), FiscalYear(2026), FiscalYear(2027)):
        for each in cash_by_month(year):
            assert each.fits, each
            assert each.closing_yen == balance_on(each.month.last_day, *MONEY)


def check_balances(since: date, until: date) -> None:
    before, after = (
        {each.account: each.net_yen for each in trial_balance(day)}
        for day in (since - timedelta(days=1), until)
    )
    for each in turnovers(since, until):
        assert (each.opening_yen, each.closing_yen) == (before[each.account], after[each.account])
    assert sum(each.debit_yen - each.credit_yen for each in turnovers(since, until)) == 0


def test_a_share_is_what_the_rule_says(begin: Callable[[], Story]) -> None:
    story = begin()
    with clock.frozen(story.now()):
        bill(
            story.bodies[0],
            fee(1_200_000),
            period=Period(date(2026, 4, 1), date(2027, 3, 31)),
            fiscal_year=2026,
        )
    whole = Share(Month(2026, 2), date(2026, 4, 1), date(2027, 3, 31), 1_200_000)
    for year in (FiscalYear(2025), FiscalYear(2026)):
        for each in income_by_month(year, BEGIN):
            assert each.earned_yen == whole.earned_in(each.month)
            assert each.left_yen == whole.left_yen(each.month)
    assert [each.month for each in income_by_month(FiscalYear(2026), BEGIN)] == list(
        months_of(FiscalYear(2026))
    )


def test_nothing_adds_up_to_nothing(app: Flask) -> None:
    today = clock.today()
    assert ages(today).total_yen == 0
    assert ages_by_company(today).items == []
    assert [each.moved_yen for each in cash_by_month(FiscalYear(2026))] == [0] * 12
    assert all(each.fits and each.left_yen == 0 for each in income_by_month(FiscalYear(2026), today))
    summary = tax_summary(date(2026, 4, 1), today)
    assert (summary.rows, summary.tax_yen, summary.fits) == ([], 0, True)
    assert db.session.scalar(select(func.count()).select_from(FeeReturn)) == 0
