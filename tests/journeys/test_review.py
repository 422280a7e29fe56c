"""What can become of an application on its way: sent back once, declined, or a tier that is closed to the company."""

from __future__ import annotations

from dataclasses import replace

import pytest
from playwright.sync_api import expect

from tests.journeys import chapters
from tests.journeys.companies import Company
from tests.journeys.conftest import Cast
from tests.journeys.story import Story

pytestmark = [pytest.mark.browser, pytest.mark.timeout(240)]
WAGTAIL = Company(4, "せきれい物語株式会社", "セキレイモノガタリ", "SekireiStory", tier="C")
OWL = Company(5, "ふくろう物語株式会社", "フクロウモノガタリ", "FukurouStory", tier="C")
OLD = Company(
    6,
    "からす物語株式会社",
    "カラスモノガタリ",
    "KarasuStory",
    employees=18,
    founded_on="2015-06-01",
    tier="B",
)
NOTE, ASK_PLAN, ASK_HEAD = (
    "あと二点だけ確認をお願いします。",
    "どのデータを使うかをお書きください。",
    "役職名が登記と異なるようです。",
)
BETTER = "提携病院の検査値と処方の匿名加工情報を使い、再入院の予兆を見つけます。"


def test_an_application_comes_back_once_and_the_changes_are_seen(someone: Cast, office: Story) -> None:
    applicant = someone()
    receipt = chapters.apply(applicant, WAGTAIL)
    chapters.return_with(office, receipt, NOTE, {"plan.summary": ASK_PLAN, "profile.head_title": ASK_HEAD})

    assert ASK_PLAN not in applicant.open_mail(receipt, to=WAGTAIL.email)
    applicant.follow_mail()
    applicant.sees(NOTE, ASK_PLAN, ASK_HEAD)
    applicant.follow(applicant.words("Correct the application"))
    assert chapters.step_of(applicant) == "profile"
    applicant.sees(NOTE, ASK_HEAD)
    answers = replace(
        WAGTAIL, more={"profile": {"head_title": "代表取締役"}, "plan": {"summary": BETTER}}
    ).answers()
    chapters.fill_pages(applicant, answers, until="plan")
    applicant.sees(ASK_PLAN)
    chapters.fill_pages(applicant, answers)
    assert chapters.send_in(applicant) == receipt

    chapters.find_application(office, receipt)
    changes = office.page.locator("#changes")
    for words in (ASK_PLAN, ASK_HEAD, BETTER, "代表取締役社長", "代表取締役"):
        expect(changes).to_contain_text(words)
    expect(changes.get_by_text(office.words("Changed"), exact=True)).to_have_count(2)
    chapters.check(office, receipt)


def test_a_declined_company_reads_why_and_may_come_again(
    someone: Cast, office: Story, committee: Story
) -> None:
    applicant = someone()
    receipt = chapters.apply(applicant, OWL)
    chapters.check(office, receipt)
    office.follow(office.words("Applications"))
    chapters.decide(
        committee, receipt, "decline", note="今年度は計画の範囲が対象と異なるため、見送りとなりました。"
    )

    text = applicant.open_mail(receipt, to=OWL.email)
    assert "見送り" in text
    applicant.follow_mail()
    expect(applicant.main.locator(".state-declined").first).to_be_visible()
    applicant.sees("今年度は計画の範囲が対象と異なるため、見送りとなりました。")
    applicant.sees(
        applicant.words("If you have questions, please write to the secretariat. You can apply again.")
    )
    applicant.open("/membership/start")
    applicant.press(applicant.words("Begin the application"))
    assert chapters.step_of(applicant) == "company"


def test_a_venture_that_is_too_old_reads_the_reason_and_takes_another_tier(someone: Cast) -> None:
    applicant = someone()
    chapters.knock(applicant, OLD)
    chapters.fill_pages(applicant, OLD.answers(), until="tier")
    applicant.fill_step(OLD.answers()["tier"])
    with applicant.refused(422):
        applicant.press(applicant.words("Save and continue"))
    why = applicant.words(
        "Founded on %(founded_on)s: the %(years_max)s years ended on %(last_day)s.",
        founded_on="2015年6月1日（月）", years_max=5, last_day="2020年6月1日（月）",
    )  # fmt: skip
    expect(applicant.page.locator("#tier-error")).to_contain_text(why)
    expect(applicant.page.locator("[data-error-summary]")).to_be_focused()
    expect(applicant.page.locator('[name="tier"][value="B"]')).to_be_checked()
    other = replace(OLD, tier="C").answers()
    chapters.fill_pages(applicant, other)
    applicant.sees("¥550,000")
    chapters.send_in(applicant)
