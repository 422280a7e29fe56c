"""A telephone's window: the applicant's part of the card story at 360 by 740, by its menus and cards."""

from __future__ import annotations

import pytest
from playwright.sync_api import expect

from tests.journeys import chapters
from tests.journeys.companies import Company
from tests.journeys.conftest import Cast
from tests.journeys.papers import read_invoice, read_receipt
from tests.journeys.story import Story
from tests.journeys.watch import NARROW

pytestmark = [pytest.mark.browser, pytest.mark.timeout(240)]
WREN = Company(9, "みそさざい物語株式会社", "ミソサザイモノガタリ", "MisosazaiStory", tier="C")


def test_a_company_joins_on_a_telephone(someone: Cast, office: Story, committee: Story) -> None:
    applicant = someone(narrow=True)
    applicant.open("/")
    applicant.page.get_by_role("button", name=applicant.words("Menu")).click()
    applicant.follow(applicant.words("Membership tiers"), where=applicant.page.locator("#navigation"))
    chapters.knock(applicant, WREN)
    chapters.fill_pages(applicant, WREN.answers(), until="attachments", slowly=("company",))
    chapters.attach(applicant, "会社案内.pdf")
    chapters.fill_pages(applicant, WREN.answers())
    receipt = chapters.send_in(applicant)
    chapters.approve(office, committee, receipt)
    chapters.open_invoice(applicant, WREN.email)
    number = read_invoice(applicant, WREN.name)
    chapters.to_payment_page(applicant, "card")
    chapters.choose(applicant, "card_accept")
    expect(applicant.main).to_contain_text(applicant.words("The payment has arrived"))
    applicant.follow(applicant.words("See the invoice and the receipt"))
    read_receipt(applicant, number)
    chapters.is_member(applicant, WREN)
    assert applicant.page.viewport_size == NARROW
