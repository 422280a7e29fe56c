"""English throughout: the language is changed at once, and pages, mails, payment and papers stay in it."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import expect

from tests.journeys import chapters
from tests.journeys.companies import Company
from tests.journeys.conftest import Cast
from tests.journeys.papers import read_invoice, read_receipt
from tests.journeys.story import Story
from tests.journeys.watch import JAPANESE

pytestmark = [pytest.mark.browser, pytest.mark.timeout(240)]
ROBIN = Company(
    8, "こまどり物語株式会社", "コマドリモノガタリ", "KomadoriStory", person="Robin Story", person_kana="ロビン ストーリー",
    tier="B", employees=12, founded_on="2024-06-01", english=True,
    more={
        "company": {"address": "8 Story Street, Mihon City"},
        "profile": {"head_title": "President", "head_name": "Robin Story"},
        "representative": {"department": "Research", "title": "Head of research"},
        "tier": {"learners_wanted": "1"},
        "learners": {"name_1": "Wren Story", "kana_1": "レン ストーリー", "department_1": "Research"},
    },
)  # fmt: skip
# 株式会社 stands in a hint, as an example
TYPED = (ROBIN.name, ROBIN.kana, ROBIN.person_kana, "レン ストーリー", "株式会社")


def in_english(text: str) -> list[str]:
    """Lines with Japanese letters that nobody typed."""
    for words in TYPED:
        text = text.replace(words, "")
    return [line for line in text.splitlines() if JAPANESE.search(line)]


def read_mail(reader: Story, subject: str) -> str:
    text = reader.open_mail(subject, to=ROBIN.email)
    assert in_english(text) == []
    return text


def test_a_company_joins_in_english(someone: Cast, office: Story, committee: Story) -> None:
    applicant = someone()
    applicant.open("/membership/tiers")
    applicant.switch_language()
    chapters.knock(applicant, ROBIN)
    for page, values in list(ROBIN.answers().items())[:-1]:
        assert chapters.step_of(applicant) == page
        applicant.fill_step(values)
        assert in_english(applicant.main.inner_text()) == []
        applicant.press("Save and continue")
    chapters.fill_pages(applicant, ROBIN.answers())
    applicant.sees("¥1,100,000")
    assert in_english(applicant.main.inner_text()) == []
    receipt = chapters.send_in(applicant)
    read_mail(applicant, receipt)
    chapters.approve(office, committee, receipt)
    assert receipt in read_mail(applicant, "pproved")

    read_mail(applicant, "nvoice")
    chapters.open_invoice(applicant, ROBIN.email)
    number = read_invoice(
        applicant, "Invoice", ROBIN.name_en, "Robin Story", "¥1,100,000", "Registration no."
    )
    chapters.to_payment_page(applicant, "card")
    assert in_english(applicant.main.inner_text()) == []
    chapters.choose(applicant, "card_accept")
    expect(applicant.main).to_contain_text("The payment has arrived")
    applicant.follow("See the invoice and the receipt")
    read_receipt(applicant, "Receipt", ROBIN.name_en, number, "¥1,100,000")
    assert number in read_mail(applicant, "eceipt")
    chapters.is_member(applicant, ROBIN)
    assert in_english(re.sub("日本語", "", applicant.page.locator("body").inner_text())) == []
