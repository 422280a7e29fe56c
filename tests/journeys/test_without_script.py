"""A browser that runs no script: applying, correcting a mistake and sending in work all the same."""

from __future__ import annotations

import pytest
from playwright.sync_api import expect

from tests.journeys import chapters
from tests.journeys.companies import Company
from tests.journeys.conftest import Cast

pytestmark = [pytest.mark.browser, pytest.mark.timeout(240)]
LARK = Company(10, "ひばり物語株式会社", "ヒバリモノガタリ", "HibariStory", tier="C")


def test_a_company_applies_without_script(someone: Cast) -> None:
    applicant = someone(scripted=False)
    chapters.knock(applicant, LARK)
    wrong = LARK.answers()["company"] | {"corporate_number": "1234567890123"}
    applicant.fill_step(wrong)
    with applicant.refused(422):
        applicant.press(applicant.words("Save and continue"))
    expect(applicant.page.locator("#corporate_number-error")).to_be_visible()
    expect(applicant.page.locator('[name="name_ja"]')).to_have_value(LARK.name)
    chapters.fill_pages(applicant, LARK.answers(), until="attachments")
    chapters.attach(applicant)
    chapters.fill_pages(applicant, LARK.answers())
    receipt = chapters.send_in(applicant)
    assert receipt in applicant.open_mail(receipt, to=LARK.email)
