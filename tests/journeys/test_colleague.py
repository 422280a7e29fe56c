"""A colleague finishes the draft: handed over by mail, a conflict on the way, and nothing that was typed is lost."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import expect

from tests.journeys import chapters
from tests.journeys.companies import Company
from tests.journeys.conftest import Cast

pytestmark = [pytest.mark.browser, pytest.mark.timeout(240)]
THRUSH = Company(7, "つぐみ物語株式会社", "ツグミモノガタリ", "TsugumiStory", tier="C")
COLLEAGUE = "douryou@tsugumistory.example"
MINE, THEIRS = "検査値による再入院の予測（申込者の案）", "検査値による転倒の予測（同僚の案）"


def test_a_colleague_finishes_the_draft(someone: Cast) -> None:
    first, second = someone(), someone()
    answers = THRUSH.answers()
    chapters.knock(first, THRUSH)
    chapters.fill_pages(first, answers, until="plan")
    plan = first.page.url
    first.follow(first.words("Share with a colleague"))
    first.fill({"email": COLLEAGUE})
    first.press(first.words("Send the link"))
    first.sees(COLLEAGUE)
    first.open(plan)

    assert THRUSH.person in second.open_mail("", to=COLLEAGUE)
    second.follow_mail()
    second.fill({"name": "同僚 太郎"})
    second.press(second.words("Open the application"))
    second.follow(second.words("Continue the application"))
    assert second.page.url == plan
    second.fill_step({"theme": THEIRS}, slowly=True)

    # the first page is older now; it does not fit the form yet either, but the other words come first
    status = first.page.locator("[data-autosave-status]")
    with first.refused(409):
        first.page.locator('[name="theme"]').press_sequentially(MINE, delay=10)
        expect(status).to_contain_text(first.words("This page was changed elsewhere in the meantime."))
        expect(status).to_contain_text("同僚 太郎")
        first.press(first.words("Compare the two"))
    first.sees(re.compile("同僚 太郎"))
    expect(first.page.locator("dl.diff")).to_contain_text(THEIRS)
    expect(first.page.locator("dl.diff")).to_contain_text(MINE)
    expect(first.page.locator('[name="theme"]')).to_have_value(MINE)
    first.press(first.words("Save and leave"))
    first.sees(first.words("Saved. You can continue here or on another device."))

    # the colleague's own page is the older one now, and tells so as well
    with second.refused(409):
        second.fill_step(answers["plan"] | {"theme": THEIRS})
        second.press(second.words("Save and continue"))
    expect(second.page.locator("dl.diff")).to_contain_text(MINE)
    second.press(second.words("Save mine and continue"))
    assert chapters.step_of(second) == "interests"
    chapters.fill_pages(second, answers)
    second.sees(THEIRS)
    receipt = chapters.send_in(second)
    for reader, email in ((first, THRUSH.email), (second, COLLEAGUE)):
        assert receipt in reader.open_mail(receipt, to=email)
    first.follow_mail()
    first.sees(THEIRS)
