"""The books in a browser: every report, a picture that is drawn, and the table that is there without a script."""

from __future__ import annotations

import pytest
from playwright.sync_api import expect

from portal.accounts.enums import Role
from tests.journeys import chapters
from tests.journeys.companies import Company
from tests.journeys.conftest import Cast
from tests.journeys.papers import read_invoice
from tests.journeys.story import Story

pytestmark = [pytest.mark.browser, pytest.mark.timeout(240)]
PLOVER = Company(
    43, "かもめ物語解析株式会社", "カモメモノガタリカイセキ", "KamomeStory", tier="C", way="bank_transfer"
)
REPORTS = ("Receivables by age", "Income by month", "Tax by rate", "Money received")


def test_what_a_company_owes_stands_in_every_report(someone: Cast, office: Story, committee: Story) -> None:
    applicant = someone()
    chapters.approve(office, committee, chapters.apply(applicant, PLOVER))
    chapters.open_invoice(applicant, PLOVER.email)
    number = read_invoice(applicant, PLOVER.name, "¥550,000")

    office.open("/staff/books")
    office.sees(
        office.words("Debit and credit are equal, and the books fit invoices, payments and receipts.")
    )
    for report in REPORTS:
        office.follow(office.words(report), where=office.page.locator(".tabs"))
        expect(office.main.locator(".notice-good")).to_be_visible()
    office.open("/staff/books/receivables")
    office.follow(PLOVER.name)
    office.sees(number, "¥550,000")

    office.open("/staff/books/pictures")
    expect(office.main.locator("#ages canvas")).to_be_visible()
    expect(office.main.locator("#cash canvas")).to_be_visible()
    office.sees(office.words("Not due yet"), where=office.main.locator("#ages table"))
    name, picture = office.download(office.main.locator("#ages [data-chart-save]"))
    assert name == "receivables.png"
    assert picture.startswith(b"\x89PNG")


def test_without_a_script_the_tables_stand_there(someone: Cast) -> None:
    clerk = someone(scripted=False)
    clerk.sign_in_as(Role.SECRETARIAT)
    clerk.open("/staff/books/pictures")
    expect(clerk.main.locator("#cash table")).to_be_visible()
    expect(clerk.main.locator(".drawing-place").first).to_be_hidden()
