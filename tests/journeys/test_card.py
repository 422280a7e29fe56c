"""A company joins and pays by card, from the first visit to a member's home page."""

from __future__ import annotations

import pytest
from playwright.sync_api import expect

from tests.journeys import chapters
from tests.journeys.companies import Company
from tests.journeys.conftest import Cast
from tests.journeys.papers import read_invoice, read_receipt
from tests.journeys.story import Story

pytestmark = [pytest.mark.browser, pytest.mark.timeout(240)]
OFFICE_MAIL = "mihon@renkei.example"
COMMITTEE_MAIL = "unei@renkei.example"
FALCON = Company(1, "はやぶさ物語製薬株式会社", "ハヤブサモノガタリセイヤク", "HayabusaStory")


def test_a_company_joins_by_card(someone: Cast, office: Story, committee: Story) -> None:
    applicant = someone()
    applicant.open("/")
    applicant.follow(applicant.words("How to join"))
    chapters.knock(applicant, FALCON)
    chapters.fill_pages(applicant, FALCON.answers(), until="attachments", slowly=("company", "plan"))
    chapters.attach(applicant, "会社案内.pdf")
    chapters.fill_pages(applicant, FALCON.answers())
    applicant.sees("会社案内.pdf", "¥2,200,000")
    receipt = chapters.send_in(applicant)
    assert receipt in applicant.open_mail(receipt, to=FALCON.email)

    assert FALCON.name in office.open_mail(receipt, to=OFFICE_MAIL)
    chapters.check(office, receipt)
    assert FALCON.name in committee.open_mail(receipt, to=COMMITTEE_MAIL)
    chapters.decide(committee, receipt, "approve", note="ご参加をお待ちしております。")

    applicant.open_mail("請求書", to=FALCON.email)
    chapters.open_invoice(applicant, FALCON.email)
    number = read_invoice(
        applicant, "請求書", FALCON.name, "物語 花子 様", "登録番号", "¥2,000,000", "10%", "¥2,200,000"
    )
    chapters.to_payment_page(applicant, "card")
    with applicant.refused(402):
        chapters.choose(applicant, "card_decline")
    expect(applicant.page.get_by_role("alert")).to_be_visible()
    chapters.choose(applicant, "card_accept")
    expect(applicant.main).to_contain_text(applicant.words("The payment has arrived"))
    applicant.check_page()
    applicant.follow(applicant.words("See the invoice and the receipt"))
    read_receipt(applicant, "領収", FALCON.name, number, "¥2,200,000")
    assert "¥2,200,000" in applicant.open_mail("領収", to=FALCON.email)

    chapters.is_member(applicant, FALCON)
    applicant.sees("ご参加をお待ちしております。")
    steps = applicant.page.locator("ol.history .history-what")
    told = [
        applicant.words(each)
        for each in (
            "Application begun", "Application sent in", "Checked by the secretariat", "Approved by the steering committee"
        )
    ]  # fmt: skip
    assert [each for each in steps.all_inner_texts() if each in told] in (told, told[::-1])
