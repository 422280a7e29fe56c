"""Reconcile day: the bank's file is looked at and imported, each deposit decided with a click, and what was wrong undone."""

from __future__ import annotations

import pytest
from playwright.sync_api import FilePayload, expect

from portal.core import clock
from portal.domain.zengin import BankFile, FileForm, FileKind, Statement, write
from tests.journeys import chapters
from tests.journeys.companies import Company
from tests.journeys.conftest import Cast
from tests.journeys.papers import read_invoice
from tests.journeys.story import Story
from tests.support.bank import header, transfer

pytestmark = [pytest.mark.browser, pytest.mark.timeout(240)]
SNIPE = Company(
    41, "しぎ物語分析株式会社", "シギモノガタリブンセキ", "ShigiStory", tier="C", way="bank_transfer"
)


def statement_of_today() -> FilePayload:
    """The payer kept back 660 yen; somebody else sent money that nobody expects."""
    entries = (
        transfer(549_340, "カ)シギモノガタリブンセキ", reference="000001"),
        transfer(12_345, "ドコノダレカ", reference="000002"),
    )
    ours = header(bank_code="9999", branch_code="999", number="0000001")
    content = write(BankFile(FileKind.NOTICES, FileForm.FIXED, (Statement(ours, entries),)))
    return FilePayload(name=f"furikomi-{clock.today():%m%d}.txt", mimeType="text/plain", buffer=content)


def bring_file(office: Story) -> None:
    office.open("/staff/billing/deposits")
    office.follow(office.words("Import a bank file"))
    office.page.locator("main input[type=file]").set_input_files(statement_of_today())
    office.press(office.words("See what this does"))


def test_a_day_is_reconciled(someone: Cast, office: Story, committee: Story) -> None:
    applicant = someone()
    chapters.approve(office, committee, chapters.apply(applicant, SNIPE))
    chapters.open_invoice(applicant, SNIPE.email)
    number = read_invoice(applicant, SNIPE.name, "¥550,000")

    bring_file(office)
    office.sees("¥561,685", "ドコノダレカ")
    office.press(office.words("Import"), exact=True)
    office.sees(number, "¥549,340")

    office.follow("シギモノガタリブンセキ")
    office.sees(
        office.words("The amount lacks only what a bank takes for a transfer."),
        office.words("The name on the statement is the company's name."),
        "¥660",
    )
    office.press(office.words("Apply it so"), exact=True)
    expect(office.main.locator(".state-applied").first).to_be_visible()
    assert number in applicant.open_mail("領収", to=SNIPE.email)
    chapters.is_member(applicant, SNIPE)

    office.page.locator('#undo [name="reason"]').fill("別の会社の入金でした")
    office.press(office.words("Undo this"))
    expect(office.main.locator(".state-undecided").first).to_be_visible()
    office.press(office.words("Apply it so"), exact=True)
    expect(office.main.locator(".state-applied").first).to_be_visible()

    office.open("/staff/billing/deposits")
    office.follow("ドコノダレカ")
    office.sees(
        office.words(
            "No open invoice fits this deposit. You can share it out by hand, or park it until you know whose it is."
        )
    )
    with office.refused(422):
        office.press(office.words("Park it"))
    office.page.locator('#park [name="note"]').fill("銀行に照会中")
    office.press(office.words("Park it"))
    expect(office.main.locator(".state-parked").first).to_be_visible()

    bring_file(office)
    office.sees(office.last_words("This very file was imported at %(moment)s, so there is nothing to do."))
    office.open("/staff/billing/payer-names")
    office.sees(SNIPE.name)
    office.open("/staff/books")
    office.sees(
        office.words("Debit and credit are equal, and the books fit invoices, payments and receipts.")
    )
