"""A company's home: what to do now, in the right order, for the right person, in both languages."""

from __future__ import annotations

from datetime import date

import pytest
from flask import Flask

from portal.accounts.enums import Role
from portal.accounts.services import affiliate
from portal.cli.demo import firms
from portal.core.db import db
from portal.core.transaction import rollback, transaction
from portal.home.duties import Task, in_order
from portal.membership.queries import tier_for
from portal.membership.services import price_now, quote_tier
from tests.support import billing
from tests.support.demo import body_of, human
from tests.support.people import actor_of, browser_of, company, person, staff
from tests.support.reader import Page, Reader
from tests.support.sql import count_sql

MOST = 12  # four of them for internships: lists to rank, interviews, agreements, placements


def home_of(app: Flask, address: str, language: str = "ja", query: str = "") -> Page:
    who = human(address)
    with transaction():
        db.session.merge(who).language = language
    return Reader(browser_of(app, who)).get(f"/home{query}")


def tasks_on(page: Page) -> list[str]:
    return [e.text for e in page.root.walk() if e["class"] == "task-title"]


def test_an_invoice_to_pay_stands_with_its_days_and_one_button(demo: Flask) -> None:
    page = home_of(demo, "kiki@kakuu-shindan.example")
    assert tasks_on(page) == ["請求書 INV-2026-000007 のお支払い（¥2,200,000）"]
    assert "2027年1月4日（月）あと44日" in page.text
    assert "/billing/invoices/" in page.link("お支払いへ進む")
    assert "2026年度 A会員 入金待ち" in page.text


def test_what_is_late_is_said(demo: Flask) -> None:
    page = home_of(demo, "souta@kakuu-souyaku.example", "en")
    assert "19 days late" in page.text
    assert tasks_on(page)[0].startswith("Pay invoice INV-2026-000003: ¥550,000")


def test_what_came_back_stands_first(demo: Flask) -> None:
    page = home_of(demo, "utsuwa@mihon-device.example")
    assert tasks_on(page) == ["2026年度の入会申込の修正", "請求担当者の指定"]
    assert "修正依頼" in page.text or "差戻し" in page.text


def test_a_member_sees_term_papers_people_and_empty_meetings(demo: Flask) -> None:
    page = home_of(demo, "ichiro@demo-seiyaku1.example")
    interns = [task for task in tasks_on(page) if task.startswith("インターンシップ")]
    others = [task for task in tasks_on(page) if task not in interns]
    assert interns
    assert others == ["回答待ちの招待 1件", "2027年度の会員更新のご回答"]
    assert page.h1 == "株式会社デモ製薬第一"
    assert "2026年度 A会員" in page.text
    assert "RCT-2025-000001" in page.text
    assert "ほか2名" in page.text
    assert "予定されている会合はありません" in page.text


def test_the_billing_contact_reads_who_answers_the_renewal(demo: Flask) -> None:
    page = home_of(demo, "keiri@demo-seiyaku1.example")
    assert "2027年度の更新 ご案内中" in page.text
    assert "2026年12月31日（木）までに回答する方：試行 一郎、試行 代子" in page.text
    assert not [e for e in page.root.walk() if "/membership/renewals/" in e["href"]]


def test_a_draft_stands_with_the_last_day_of_its_window(demo: Flask) -> None:
    page = home_of(demo, "ara@demo-shinki.example")
    assert tasks_on(page) == ["2026年度の入会申込の続き", "請求担当者の指定"]
    assert "2027年1月31日（日）" in page.text


def test_a_quote_without_an_application_stands_until_its_last_day(demo: Flask) -> None:
    who = human("karina@shinki.example")
    asking = actor_of(who)
    with transaction():
        tier = tier_for("C", 2026)
        assert tier is not None
        quote_tier(
            tier=tier, fiscal_year=2026, price=price_now(tier, 2026).as_document(), buyer=billing.buyer(), organisation=None,
            language="ja", once="a quote", by=asking,
        )  # fmt: skip
    page = home_of(demo, who.email)
    assert tasks_on(page) == ["見積書 QUO-2026-000002 の有効期限"]
    assert "2026年12月21日（月）" in page.text


def test_somebody_without_a_company_can_begin(demo: Flask) -> None:
    page = home_of(demo, "karina@shinki.example")
    assert page.h1 == "仮名 九郎 様"
    assert page.link("入会申込を始める") == "/membership/start"
    english = home_of(demo, "karina@shinki.example", "en")
    assert "Applications are taken until Sun 31 Jan 2027 17:00" in english.text


def test_a_participant_sees_no_papers_and_no_tasks_of_others(demo: Flask) -> None:
    page = home_of(demo, "sanka@demo-seiyaku1.example")
    assert tasks_on(page) == []
    assert "INV-" not in page.text


@pytest.mark.parametrize("language", ["ja", "en"])
@pytest.mark.parametrize("firm", firms.FIRMS, ids=lambda firm: firm.domain)
def test_every_home_reads_well(demo: Flask, firm: firms.Firm, language: str) -> None:
    """The reader complains about what is untranslated, unlabelled or badly nested."""
    home_of(demo, firm.address(0), language)


def test_several_organisations_are_switched_in_the_address(demo: Flask) -> None:
    who, second = human("keiri@demo-seiyaku1.example"), body_of(firms.VENTURE)
    with transaction():
        affiliate(db.session.merge(who), db.session.merge(second), Role.BILLING)
    page = home_of(demo, who.email)
    assert page.h1 == "株式会社デモ製薬第一"
    assert page.link("株式会社ベンチャー見本") == f"/home?organisation={second.id}"
    other = home_of(demo, who.email, query=f"?organisation={second.id}")
    assert other.h1 == "株式会社ベンチャー見本"


@pytest.mark.parametrize("number", ["999999", "x", "9" * 30, "-1", "１"])
def test_somebody_elses_organisation_is_not_found(demo: Flask, number: str) -> None:
    who = human("ichiro@demo-seiyaku1.example")
    assert browser_of(demo, who).get(f"/home?organisation={number}").status_code == 404


def test_another_company_is_not_found(demo: Flask) -> None:
    other = body_of(firms.VENTURE).id
    who = human("ichiro@demo-seiyaku1.example")
    assert browser_of(demo, who).get(f"/home?organisation={other}").status_code == 404


def test_the_office_is_sent_to_its_own_home(app: Flask) -> None:
    answer = browser_of(app, staff(Role.SECRETARIAT)).get("/home")
    assert (answer.status_code, answer.location) == (302, "/staff")


def test_an_empty_house_has_a_home_too(app: Flask) -> None:
    page = Reader(browser_of(app, person())).get("/home")
    assert "ただいま申込は受け付けていません" in page.text
    alone = company("架空の会社")
    admin = person(at=alone, roles=(Role.COMPANY_ADMIN, Role.REPRESENTATIVE, Role.BILLING))
    page = Reader(browser_of(app, admin)).get("/home")
    assert "まだ会員ではありません" in page.text
    assert "請求書はまだありません" in page.text


@pytest.mark.parametrize("count", [1, 3])
def test_the_number_of_statements_does_not_grow(app: Flask, count: int) -> None:
    billing.issuer()
    bodies = [company() for _ in range(count)]
    who = person(at=bodies[0], roles=(Role.COMPANY_ADMIN, Role.REPRESENTATIVE, Role.BILLING))
    with transaction():
        for body in bodies[1:]:
            affiliate(db.session.merge(who), db.session.merge(body), Role.BILLING)
    for body in bodies:
        billing.bill(body)
        billing.bill(body)
        person(at=body, roles=(Role.PARTICIPANT,))
    browser = browser_of(app, who)
    rollback()
    with count_sql() as sql:
        assert browser.get("/home").status_code == 200
    assert len(sql) <= MOST, str(sql)


def test_tasks_stand_by_their_days_and_what_came_back_on_top() -> None:
    def task(title: str, due: date | None = None, first: bool = False) -> Task:
        return Task(title, "", "", due=due, is_first=first)

    told = [
        task("none"),
        task("later", date(2027, 1, 4)),
        task("late", date(2026, 11, 2)),
        task("back", first=True),
    ]
    assert [t.title for t in in_order(told)] == ["back", "late", "later", "none"]
