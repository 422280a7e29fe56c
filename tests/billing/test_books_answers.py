"""The reports of the books, asked by a clerk: days that cannot be, long lists, what each page costs, what they say."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient

from portal.accounts.enums import Role
from portal.billing.models import BankDeposit
from portal.billing.queries.books.ageing import ages, ages_by_company, open_invoices
from portal.billing.queries.books.cash import cash_by_month, due_by_month
from portal.billing.queries.books.income import income_by_month
from portal.billing.queries.books.tax import tax_summary
from portal.billing.queries.invoices import any_invoice
from portal.billing.services.allocations import standing_payments
from portal.billing.services.bank.undoing import undo_deposit
from portal.billing.services.ledger import post
from portal.billing.services.refunds import record_refund
from portal.billing.services.revenue import earn_fees
from portal.billing.services.reversals import reverse_payment
from portal.core.db import db
from portal.core.pages import Slice
from portal.core.transaction import rollback, transaction
from portal.domain.ageing import Band
from portal.domain.deferral import Month
from portal.domain.ledger import EntryKind, deposit_parked
from portal.domain.tax import TaxCategory
from portal.domain.terms import FiscalYear
from tests.support.billing import bill, fee
from tests.support.people import actor_of, browser_of, company, staff
from tests.support.sql import count_sql
from tests.support.year_of_fees import HOSTILE, TODAY, YEAR, kept_back, on, pay, year_of_fees

BOOKS = "/staff/books"
MOST_STATEMENTS = {
    "": 50,  # the trial balance looks whether everything fits
    "/receivables": 6,
    "/income": 7,
    "/tax": 8,
    "/cash": 7,
    "/pictures": 13,
}


@pytest.fixture
def office(app: Flask) -> Iterator[FlaskClient]:
    with on(TODAY):
        app.config["WTF_CSRF_ENABLED"] = False
        yield browser_of(app, staff(Role.SECRETARIAT, language="en"))
        app.config["WTF_CSRF_ENABLED"] = True


def said(office: FlaskClient, path: str, status: int = 200) -> str:
    answer = office.get(BOOKS + path)
    assert answer.status_code == status
    return answer.get_data(as_text=True)


@pytest.mark.parametrize(
    "path",
    [
        "?since=2026-05-01&until=2026-04-30", "?since=yesterday&until=2026-04-30", "?since=2026-04-01&until=2027-04-01",
        "?since=&until=", "/tax?since=1999-01-01&until=2026-04-01", "/tax?since=2026-02-30&until=2026-04-01",
        "/receivables?on=2031-01-01", "/receivables?on=", "/receivables?on=%00", "/receivables?on=0001-01-01",
    ],
)  # fmt: skip
def test_a_day_that_cannot_be_is_named_at_its_field(office: FlaskClient, path: str) -> None:
    page = said(office, path, 422)
    assert "error-summary" in page
    assert "field-error" in page
    assert "The books do not fit" not in page
    target, _mark, query = path.partition("?")
    refused = office.post(f"{BOOKS}{target}/export?{query}", data={"format": "csv"})
    assert refused.status_code == 422


@pytest.mark.parametrize(
    "path", ["/income?year=9999", "/income?year=x", "/cash?year=1", "/pictures?year=2031"]
)
def test_a_year_that_cannot_be_is_this_one(office: FlaskClient, path: str) -> None:
    assert said(office, path)


@pytest.mark.parametrize("part", MOST_STATEMENTS)
def test_a_report_asks_as_little_for_many_companies_as_for_one(office: FlaskClient, part: str) -> None:
    asked, clerk = [], actor_of(staff(Role.SECRETARIAT))
    for _n in range(2):
        for _each in range(2):
            invoice = bill(company(), period=YEAR)
            with transaction():
                pay(invoice, 1000, clerk)
        said(office, part)
        rollback()
        with count_sql() as sql:
            said(office, part)
        asked.append(len(sql))
    assert asked[0] == asked[1], str(sql)
    assert asked[1] <= MOST_STATEMENTS[part], str(sql)


@pytest.mark.database
def test_an_entry_of_a_day_that_no_report_knows_takes_no_page_down(office: FlaskClient) -> None:
    """Refused when a file is read now; entries of earlier imports stay for ever."""
    with transaction():
        moved = deposit_parked(1_000)
        post(EntryKind.DEPOSIT_PARKED, source="old:1", transfers=moved, booked_on=date(1, 1, 1))
    for path in ("", "/cash", "/income", "/pictures", "/tax", "/receivables"):
        assert said(office, path)


def test_a_long_list_is_cut_by_key_and_whole_in_the_file(office: FlaskClient) -> None:
    for n in range(7):
        bill(company(f"会社{n}"), fee(1000 * (n // 2 + 1)), period=YEAR)
    seen: list[Any] = []
    found: Slice[Any] = ages_by_company(TODAY, size=3)
    while True:
        seen += found.items
        if found.next_cursor is None:
            break
        found = ages_by_company(TODAY, size=3, cursor=found.next_cursor)
    totals = [row[-1] for row in seen]
    assert totals == sorted(totals, reverse=True)
    assert len({row[0] for row in seen}) == 7
    assert sum(totals) == ages(TODAY).total_yen
    assert all(isinstance(yen, int) for row in seen for yen in row[2:])


@pytest.mark.database
def test_only_late_leaves_out_who_still_has_time(office: FlaskClient) -> None:
    with on(date(2026, 8, 3)):
        late = company("遅延株式会社", name_en="Chien K.K.")
        bill(late, period=YEAR)
    bill(company("猶予株式会社", name_en=""), period=YEAR)
    assert [row[0] for row in ages_by_company(TODAY, only_late=True).items] == [late.id]
    page = said(office, "/receivables?show=late")
    assert str(late.name_en) in page
    assert "猶予" not in page
    assert [row[5] for row in open_invoices(TODAY, late.id)] == [1_100_000]
    assert "1,100,000" in said(office, f"/receivables/{late.id}?on=2026-11-20")
    assert said(office, "/receivables/999999999", 404)


@pytest.mark.database
def test_a_fee_kept_back_counts_on_its_day_and_no_longer_once_undone(office: FlaskClient) -> None:
    clerk = actor_of(staff(Role.SECRETARIAT))
    invoice = bill(company(), period=YEAR)
    deposit = kept_back(invoice, 440, clerk)
    kept = tax_summary(TODAY, TODAY)
    (row,) = kept.rows
    assert (row.return_papers, row.return_net_yen, row.return_tax_yen, row.tax_yen) == (1, 400, 40, 99_960)
    assert kept.fits
    assert row.key.category is TaxCategory.STANDARD_10
    with on(TODAY + timedelta(days=1)):
        with transaction():
            undo_deposit(deposit=db.session.get_one(BankDeposit, deposit), reason="r", seen=1, by=clerk)
        after = tax_summary(TODAY + timedelta(days=1), TODAY + timedelta(days=1))
        (row,) = after.rows
        assert (row.return_papers, row.return_net_yen, row.tax_yen, after.fits) == (-1, -400, 40, True)
        assert tax_summary(TODAY, TODAY + timedelta(days=1)).tax_yen == 100_000
        assert ages(TODAY + timedelta(days=1)).yen[Band.NOT_DUE] == 1_100_000


@pytest.mark.database
def test_a_fee_kept_back_in_march_and_written_down_in_april_fits_both_months(office: FlaskClient) -> None:
    """The bank's file of the last days of March comes when the year has begun, and the fee is income already."""
    clerk = actor_of(staff(Role.SECRETARIAT))
    with on(date(2026, 3, 10)):
        invoice = bill(company(), period=YEAR, fiscal_year=2026)
    with on(date(2026, 4, 1)), transaction():
        earn_fees()
    with on(date(2026, 4, 2)):
        kept_back(invoice, 440, clerk, booked_on=date(2026, 3, 25))
        months = [
            *income_by_month(FiscalYear(2025), date(2026, 4, 2)),
            *income_by_month(FiscalYear(2026), date(2026, 4, 2)),
        ]
    assert [each.month for each in months if not each.fits] == []
    march, april = months[11], months[12]
    assert (march.waiting_yen, march.left_yen - march.waiting_yen, march.booked_yen) == (
        1_000_000,
        -400,
        -400,
    )
    assert (april.waiting_yen, april.booked_yen) == (0, 1_000_000)
    assert sum(each.earned_yen for each in months) == 999_600


@pytest.mark.database
def test_money_counts_in_the_month_in_which_it_moved(office: FlaskClient) -> None:
    clerk = actor_of(staff(Role.SECRETARIAT))
    with on(date(2026, 9, 15)):
        first, second = bill(company(), period=YEAR), bill(company(), period=YEAR)
        with transaction():
            pay(first, 1_200_000, clerk)
            pay(second, 500_000, clerk)
    with transaction():
        whole = any_invoice(second.id)
        reverse_payment(payment=standing_payments(whole)[0], invoice=whole, reason="r", by=clerk)
        record_refund(
            invoice=any_invoice(first.id), amount_yen=100_000, paid_on=TODAY, note="", by=clerk, once="r" * 32
        )
    months = {each.month: each for each in cash_by_month(FiscalYear(2026))}
    september, november = months[Month(2026, 9)], months[Month(2026, 11)]
    assert (september.received_yen, september.closing_yen) == (1_700_000, 1_700_000)
    assert (november.undone_yen, november.paid_back_yen, november.moved_yen) == (500_000, 100_000, -600_000)
    assert november.closing_yen == 1_100_000
    assert all(each.fits for each in months.values())
    assert due_by_month(FiscalYear(2026)) == {Month(2026, 11): 2_200_000}


def test_the_pages_say_that_they_fit_and_say_so_when_they_do_not(office: FlaskClient) -> None:
    year_of_fees()
    for part in MOST_STATEMENTS:
        page = said(office, part)
        assert "The books do not fit" not in page
        assert HOSTILE not in page
    assert "¥588,500" in said(office, "/receivables")
    assert [each.fits for each in income_by_month(FiscalYear(2026), TODAY)] == [True] * 12


def test_pictures_say_their_finding_and_hold_their_tables(office: FlaskClient) -> None:
    year_of_fees()
    page = said(office, "/pictures")
    assert "¥38,500 of ¥588,500 is late (7 %)" in page
    assert page.count('<figure class="drawing drawing-beside"') == 2  # no campaign has begun
    assert page.count("<table") == 2
    assert 'data-value="1480726"' in page
    assert "No renewals yet" in page
