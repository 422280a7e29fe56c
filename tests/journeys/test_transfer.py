"""A company pays by bank transfer: to its account at the payment service in two parts, or to the consortium's own."""

from __future__ import annotations

import pytest
from playwright.sync_api import expect

from tests.journeys import chapters
from tests.journeys.companies import Company
from tests.journeys.conftest import Cast
from tests.journeys.papers import read_invoice, read_receipt
from tests.journeys.story import Story

pytestmark = [pytest.mark.browser, pytest.mark.timeout(240)]
CRANE = Company(2, "つる物語機器株式会社", "ツルモノガタリキキ", "TsuruStory", tier="C", way="bank_transfer")
SWALLOW = Company(
    3, "つばめ物語検査株式会社", "ツバメモノガタリケンサ", "TsubameStory", tier="C", way="bank_transfer"
)


def test_a_transfer_of_too_little_is_shown_and_the_rest_makes_the_member(
    someone: Cast, office: Story, committee: Story
) -> None:
    applicant = someone()
    chapters.approve(office, committee, chapters.apply(applicant, CRANE))
    chapters.open_invoice(applicant, CRANE.email)
    number = read_invoice(applicant, CRANE.name, "¥550,000")
    chapters.to_payment_page(applicant, "bank_transfer")
    payment_page = applicant.page.url
    chapters.choose(applicant, "transfer")
    with applicant.refused(422):
        applicant.page.fill("#amount", "まんえん")
        chapters.choose(applicant, "part")
    applicant.page.fill("#amount", "549,340")
    chapters.choose(applicant, "part")
    expect(applicant.main).to_contain_text("¥660")

    chapters.open_invoice(applicant, CRANE.email)
    expect(applicant.main.locator(".state-partly_paid").first).to_be_visible()
    applicant.sees("¥660")
    applicant.open("/home")
    expect(applicant.page.locator("#membership .state-awaiting_payment")).to_be_visible()

    applicant.open(payment_page)
    chapters.choose(applicant, "full")
    applicant.look_again(applicant.words("The payment has arrived"))
    applicant.follow(applicant.words("See the invoice and the receipt"))
    read_receipt(applicant, "領収", CRANE.name, number)
    chapters.is_member(applicant, CRANE)


def test_the_secretariat_records_a_plain_transfer(someone: Cast, office: Story, committee: Story) -> None:
    applicant = someone()
    chapters.approve(office, committee, chapters.apply(applicant, SWALLOW))
    chapters.open_invoice(applicant, SWALLOW.email)
    applicant.sees(applicant.words("Or transfer to our bank account"), "架空銀行")
    number = read_invoice(applicant, SWALLOW.name, "架空銀行")

    office.follow(office.words("Invoices"))
    office.follow(number)
    office.fill(
        {"amount_yen": "５５０，０００", "payer_name": "ツバメモノガタリケンサ（カ"}, form="#record form"
    )
    office.press(office.words("See what this does"))
    office.sees(
        "¥550,000",
        office.words("The invoice is paid in full, and what waits for that goes ahead."),
    )
    office.press(office.words("Record the transfer"))
    expect(office.main.locator(".state-paid").first).to_be_visible()
    read_receipt(office, "領収", SWALLOW.name, number, "¥550,000")

    assert number in applicant.open_mail("領収", to=SWALLOW.email)
    chapters.is_member(applicant, SWALLOW)
