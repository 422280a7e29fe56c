"""The office's home: what waits for whom, by age, and where the consortium stands."""

from __future__ import annotations

from datetime import timedelta

import pytest
from flask import Flask

from portal.accounts.enums import Role
from portal.billing.models import PayerBalance
from portal.core import clock
from portal.core.i18n import in_language
from portal.core.transaction import rollback, transaction
from portal.home.figures import finding, member_table
from portal.home.queries.office import longest_overdue, money_waiting, windows_with_places
from portal.jobs.enums import JobState
from portal.jobs.models import Job
from tests.support import billing
from tests.support.demo import human
from tests.support.people import browser_of, company, staff
from tests.support.reader import Page, Reader
from tests.support.sql import count_sql

MOST = 8


def office_of(app: Flask, address: str) -> Page:
    return Reader(browser_of(app, human(address))).get("/staff")


def matters_on(page: Page) -> list[str]:
    found = [e for e in page.root.walk() if e["class"] == "matter"]
    return [" ".join(p.text for p in e.all("p")).strip() for e in found]


def test_the_secretariats_work_stands_by_age(demo: Flask) -> None:
    page = office_of(demo, "mihon@renkei.example")
    assert matters_on(page) == [
        "支払期限を過ぎた請求書 3件 82日経過",
        "失効後の請求書または入金の扱いを決める更新 1件 20日経過",
        "確認待ちの申込 2件 8日経過",
        "決定待ちの申込 1件 4日経過",
        "会員種別の変更のお申し出1件の確認 4日経過",
        "企業で修正中の申込 1件 2日経過",
        "未処理の入金 2件（¥597,340） 1日経過",
        "銀行振込の記録（未入金の請求書 6件）",
    ]
    assert page.link("見る").startswith("/staff/billing/invoices?show=overdue")
    assert page.link("確認する") == "/staff/membership/applications?state=submitted"


def test_the_committee_sees_what_it_decides_and_no_money(demo: Flask) -> None:
    page = office_of(demo, "unei@renkei.example")
    assert matters_on(page) == ["決定待ちの申込 1件 4日経過", "企業で修正中の申込 1件 2日経過"]
    assert "未入金" not in page.text
    assert "デモ保険株式会社" in page.text
    assert "架空化学工業" not in page.text


def test_others_of_the_office_see_figures_alone(demo: Flask) -> None:
    page = office_of(demo, "kyoten@renkei.example")
    assert matters_on(page) == []
    assert "対応待ちのものはありません。" in page.text
    assert "2026年度の会員は7社（前年度より1社多い）" in page.text


def test_career_support_reads_which_postings_wait_and_which_rounds_run(demo: Flask) -> None:
    page = office_of(demo, "career@renkei.example")
    assert "第3回募集：インターンシップの募集1件の確認 6日経過" in matters_on(page)
    to = [
        link["href"]
        for link in page.links
        if "第3回募集" in link.text or "募集1件の確認" in link["aria-label"]
    ]
    assert any(where.endswith("?state=submitted") for where in to)
    card = next(e for e in page.root.walk() if e["id"] == "rounds")
    assert [row.all("th")[0].text.strip() for row in card.all("tr")[1:]] == [
        "追加募集",
        "第2回募集",
        "第3回募集",
        "第1回募集",
    ]
    assert all("2026年" in row.text or "2027年" in row.text for row in card.all("tr")[1:])


def test_members_stand_in_a_table_with_the_finding_as_title(demo: Flask) -> None:
    page = office_of(demo, "mihon@renkei.example")
    figure = page.root.all("figure")[0]
    rows = [[c.text for c in row.all("th", "td")] for row in figure.all("tr")]
    assert rows == [
        ["年度", "A", "B", "C", "合計"],
        ["2024年度", "1", "0", "1", "2"],
        ["2025年度", "2", "0", "4", "6"],
        ["2026年度", "3", "1", "3", "7"],
    ]
    picture = next(e for e in figure.walk() if e["role"] == "img")
    assert "2026年度の会員は7社" in picture["aria-label"]
    assert figure["data-unit"] == "社"


def test_windows_say_how_many_places_are_left(demo: Flask) -> None:
    found = windows_with_places()
    assert [(w.fiscal_year, w.places.left) for w in found] == [(2027, 34), (2026, 25), (2025, 34)]
    text = office_of(demo, "mihon@renkei.example").text
    assert "募集枠40社のうち残り25社" in text
    assert "募集枠40社のうち残り34社 契約2件、更新の回答待ち4件、手続き中の申込0件" in text


def test_debts_are_told_by_their_age(app: Flask) -> None:
    billing.issuer()
    body = company("遅延株式会社")
    start = clock.now()
    for days in (0, 70, 110, 200):
        with clock.frozen(start - timedelta(days=days)):
            billing.bill(body)
    with clock.frozen(start):
        debts, _ = money_waiting()
        assert sum(debt.count for debt in debts) == 4
        assert sum(debt.yen for debt in debts) == 4 * 1_100_000
        assert [debt.late_from for debt in debts] == [None, 1, 31, 61]
        assert debts[0].count == 1
        assert debts[3].count >= 1
        late = longest_overdue()
        assert [due_on for _, _, _, due_on, _ in late] == sorted(due_on for _, _, _, due_on, _ in late)
        assert len(late) == 3


def test_failed_mails_and_jobs_wait_for_the_administrator_alone(app: Flask) -> None:
    with transaction() as session:
        for name in ("notifications.deliver", "billing.close_checkouts"):
            past = clock.now() - timedelta(days=3)
            session.add(Job(name=name, arguments={}, state=JobState.FAILED, run_after=past, created_at=past))
    page = Reader(browser_of(app, staff(Role.ADMINISTRATOR))).get("/staff")
    assert matters_on(page) == ["送信できなかったメール 1件 3日経過", "失敗した処理 1件 3日経過"]
    assert matters_on(Reader(browser_of(app, staff(Role.SECRETARIAT))).get("/staff")) == []


def test_money_of_payers_at_the_provider_waits_for_the_books(app: Flask) -> None:
    body = company()
    with transaction() as session:
        for name, held_yen in (("cus_a", 500), ("cus_b", 0)):
            session.add(
                PayerBalance(
                    customer=name, organisation_id=body.id, balance_yen=held_yen, seen_at=clock.now()
                )
            )
    page = Reader(browser_of(app, staff(Role.SECRETARIAT))).get("/staff")
    assert matters_on(page) == ["決済サービスの預り残高がある企業 1社"]
    assert page.link("見る") == "/staff/billing/provider"


def test_an_empty_house_says_so(app: Flask) -> None:
    for role in (Role.SECRETARIAT, Role.ADMINISTRATOR, Role.STEERING_COMMITTEE, Role.HUB_COORDINATOR):
        page = Reader(browser_of(app, staff(role))).get("/staff")
        assert "会員はまだいません" in page.text
    page = Reader(browser_of(app, staff(Role.SECRETARIAT, language="en"))).get("/staff")
    assert "Everything is paid" in page.text


def test_it_costs_eight_statements_whatever_there_is(demo: Flask) -> None:
    browser = browser_of(demo, human("mihon@renkei.example"))
    rollback()
    with count_sql() as sql:
        assert browser.get("/staff").status_code == 200
    assert len(sql) <= MOST, str(sql)


@pytest.mark.parametrize(
    ("counts", "ja", "en"),
    [
        ([], "2026年度の会員は0社", "FY2026 has 0 members"),
        ([(2026, "A", 1)], "2026年度の会員は1社", "FY2026 has 1 member"),
        ([(2025, "A", 1), (2026, "A", 3)], "2026年度の会員は3社（前年度より2社多い）", "FY2026 has 3 members, 2 more than the year before"),
        ([(2025, "A", 4), (2026, "C", 3)], "2026年度の会員は3社（前年度より1社少ない）", "FY2026 has 3 members, 1 fewer than the year before"),
    ],
)  # fmt: skip
def test_the_finding_is_a_sentence(app: Flask, counts: list[tuple[int, str, int]], ja: str, en: str) -> None:
    table = member_table(counts, last=2026)
    for language, words in (("ja", ja), ("en", en)):
        with in_language(language):
            assert finding(table, 2026) == words
