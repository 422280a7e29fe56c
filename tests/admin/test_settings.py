"""Tiers, windows and rules: read by the office, changed by an administrator, with the effect shown before anything is done."""

from __future__ import annotations

from datetime import UTC, date, datetime

import pytest
from flask import Flask
from sqlalchemy import func, select

from portal.accounts.enums import Role
from portal.audit.models import AuditEntry
from portal.core.db import db
from portal.core.transaction import rollback
from portal.membership.enums import RulesKind
from portal.membership.models import Acceptance, ContractTerm, RulesVersion, Tier
from portal.membership.queries import current_rules, window_of
from tests.support.demo import human
from tests.support.people import browser_of, person, staff
from tests.support.reader import Page, Reader
from tests.support.sql import count_sql

MOST = 8
READ = ("/staff/settings", "/staff/settings/tiers", "/staff/settings/windows", "/staff/settings/rules")
CHANGE = (
    "/staff/settings/tiers/new",
    "/staff/settings/tiers/1",
    "/staff/settings/tiers/1/end",
    "/staff/settings/windows/new",
    "/staff/settings/windows/2026",
    "/staff/settings/rules/membership_rules/publish",
)


def admin_of(app: Flask) -> Reader:
    return Reader(browser_of(app, human("kanri@renkei.example")))


def tier(code: str) -> Tier:
    found = db.session.scalars(
        select(Tier).where(Tier.code == code).execution_options(populate_existing=True)
    ).one()
    rollback()
    return found


def effects(page: Page) -> str:
    return next(e.text for e in page.root.walk() if "effects" in e["class"].split())


@pytest.mark.parametrize("path", READ)
def test_the_secretariat_reads_and_cannot_change(demo: Flask, path: str) -> None:
    page = Reader(browser_of(demo, human("mihon@renkei.example"))).get(path)
    assert not [link for link in page.links if link["href"] in CHANGE]


@pytest.mark.parametrize("path", CHANGE)
@pytest.mark.parametrize("role", [Role.SECRETARIAT, Role.STEERING_COMMITTEE])
def test_only_an_administrator_changes(demo: Flask, role: Role, path: str) -> None:
    assert browser_of(demo, staff(role)).get(path).status_code == 403


@pytest.mark.parametrize("path", [*READ, *CHANGE])
def test_companies_have_no_business_here(demo: Flask, path: str) -> None:
    assert browser_of(demo, person()).get(path).status_code == 403


@pytest.mark.parametrize("language", ["ja", "en"])
@pytest.mark.parametrize(
    "path", [*READ, *CHANGE, "/staff/settings/rules/1", "/staff/settings/tiers?year=2017"]
)
def test_every_page_reads_well_in_both_languages(demo: Flask, path: str, language: str) -> None:
    Reader(browser_of(demo, staff(Role.ADMINISTRATOR, language=language))).get(path)


@pytest.mark.parametrize("path", READ)
def test_an_empty_house_says_what_is_missing(app: Flask, path: str) -> None:
    page = Reader(browser_of(app, staff(Role.ADMINISTRATOR))).get(path)
    assert "未公開" in page.text or "ありません" in page.text or "設定されていません" in page.text


@pytest.mark.parametrize("path", READ)
def test_lists_cost_few_statements(demo: Flask, path: str) -> None:
    browser = browser_of(demo, human("kanri@renkei.example"))
    rollback()
    with count_sql() as sql:
        assert browser.get(path).status_code == 200
    assert len(sql) <= MOST, str(sql)


def test_a_changed_fee_is_shown_first_and_touches_no_contract(demo: Flask) -> None:
    reader, before = admin_of(demo), tier("A")
    terms = db.session.scalars(select(ContractTerm.price).where(ContractTerm.tier_code == "A")).all()
    page = reader.get(f"/staff/settings/tiers/{before.id}")
    preview = reader.submit(page.form(), annual_fee_yen="２,２００,０００")
    assert "変更前： 2,000,000 変更後： 2,200,000" in preview.text.replace("変更前：2", "変更前： 2")
    assert f"契約{len(terms)}件は、成立時の条件のまま変わりません。" in effects(preview)
    assert tier("A").annual_fee_yen == 2_000_000
    done = reader.submit(preview.form(), button="step=make")
    assert "会員種別を変更しました。" in done.text
    assert tier("A").annual_fee_yen == 2_200_000
    assert db.session.scalars(select(ContractTerm.price).where(ContractTerm.tier_code == "A")).all() == terms
    assert db.session.scalars(select(AuditEntry.changes).where(AuditEntry.verb == "tier.changed")).one() == {
        "annual_fee_yen": [2_000_000, 2_200_000]
    }


def test_going_back_keeps_what_was_typed(demo: Flask) -> None:
    reader = admin_of(demo)
    page = reader.get(f"/staff/settings/tiers/{tier('A').id}")
    preview = reader.submit(page.form(), note_ja="新しい備考", annual_fee_yen="1800000")
    back = reader.submit(preview.form(), button="step=type")
    values = back.form().values()
    assert (values["note_ja"], values["annual_fee_yen"]) == ("新しい備考", "1800000")
    assert tier("A").annual_fee_yen == 2_000_000


def test_a_tier_ends_and_a_new_version_takes_its_place(demo: Flask) -> None:
    reader, old = admin_of(demo), tier("C")
    page = reader.get(f"/staff/settings/tiers/{old.id}/end")
    reader.submit(reader.submit(page.form(), valid_to="2026").form(), button="step=make")
    assert tier("C").valid_to == 2026
    page = reader.get(f"/staff/settings/tiers/new?like={old.id}")
    preview = reader.submit(page.form(), annual_fee_yen="600000")
    reader.submit(preview.form(), button="step=make")
    rollback()
    versions = db.session.scalars(select(Tier).where(Tier.code == "C").order_by(Tier.valid_from)).all()
    assert [(t.valid_from, t.valid_to, t.annual_fee_yen) for t in versions] == [
        (2018, 2026, 500_000),
        (2027, None, 600_000),
    ]


def test_what_the_rules_refuse_stands_at_its_field(demo: Flask) -> None:
    reader = admin_of(demo)
    page = reader.get(f"/staff/settings/tiers/new?like={tier('A').id}")
    refused = reader.submit(page.form(), valid_from="2027", status=422)
    assert any("終了" in words or "版" in words or "重" in words for words in refused.errors), refused.errors
    wrong = reader.submit(page.form(), annual_fee_yen="いくら", code="a b", status=422)
    assert len(wrong.errors) == 2
    page = reader.get(f"/staff/settings/tiers/{tier('A').id}/end")
    assert reader.submit(page.form(), valid_to="2010", status=422).errors == [
        "エラー： 終了年度が開始年度より前になっています。"
    ]


def test_limits_for_ventures_count_where_a_tier_is_for_ventures_alone(demo: Flask) -> None:
    reader, other = admin_of(demo), tier("C")
    assert (other.employees_below, other.founding_years_max) == (None, None)
    page = reader.get(f"/staff/settings/tiers/{other.id}")
    preview = reader.submit(page.form(), employees_below="50", founding_years_max="5", note_en="A remark")
    assert "50" not in " ".join(change.text for change in preview.root.all("dd"))
    reader.submit(preview.form(), button="step=make")
    again = tier("C")
    assert (again.employees_below, again.note_en) == (None, "A remark")


def test_a_window_is_set_in_japanese_time_after_its_effect_was_shown(demo: Flask) -> None:
    reader = admin_of(demo)
    page = reader.get("/staff/settings/windows/2026")
    preview = reader.submit(page.form(), closes_on="2026-11-20", closes_at_time="12:00", places="9")
    assert "優先期間" not in preview.text
    said = effects(preview)
    assert "設定と同時に申込の受付が終わります。" in said
    assert "作成中の申込2件は提出できなくなります。" in said
    assert "募集枠が埋まった数を下回ります" in said
    reader.submit(preview.form(), button="step=make")
    window = window_of(2026)
    assert window is not None
    assert (window.closes_at, window.places) == (datetime(2026, 11, 20, 3, 0, tzinfo=UTC), 9)


def test_a_window_that_closes_before_it_opens_is_refused_at_its_field(demo: Flask) -> None:
    reader = admin_of(demo)
    page = reader.get("/staff/settings/windows/new")
    filled = {"fiscal_year": "2030", "opens_on": "2030-04-01", "closes_on": "2030-03-01"}
    refused = reader.submit(page.form(), **filled, status=422)
    assert refused.errors == ["エラー： 締切は受付開始より後に設定してください。"]
    assert window_of(2030) is None
    twice = reader.submit(page.form(), **filled | {"fiscal_year": "2026"}, status=422)
    assert twice.errors == ["エラー： この年度の受付期間はすでに設定されています。"]
    odd = reader.submit(page.form(), **filled | {"opens_at_time": "25:00"}, status=422)
    assert odd.errors == ["エラー： 17:00 のように時刻を入力してください。"]


@pytest.mark.parametrize("year", ["1", "1999", "2101", "2029", "99999999999999999999"])
def test_a_year_without_dates_is_not_found(demo: Flask, year: str) -> None:
    assert admin_of(demo).client.get(f"/staff/settings/windows/{year}").status_code == 404


def test_a_new_wording_leaves_past_acceptances(demo: Flask) -> None:
    reader, kind = admin_of(demo), RulesKind.PERSONAL_DATA
    accepted = db.session.scalar(select(func.count(Acceptance.id)))
    of_this_kind = db.session.scalar(
        select(func.count(Acceptance.id)).join(RulesVersion).where(RulesVersion.kind == kind)
    )
    rollback()
    page = reader.get(f"/staff/settings/rules/{kind.value}/publish")
    preview = reader.submit(
        page.form(),
        version="2026-11",
        effective_on="2026-11-21",
        text_ja="新しい文面\n二行目",
        text_en="New wording\nline two",
    )
    assert f"以前の文面への同意{of_this_kind}件はそのまま残ります。" in effects(preview)
    reader.submit(preview.form(), button="step=make")
    version = current_rules(date(2026, 11, 21))[kind]
    assert version.version == "2026-11"
    assert version.text_ja.replace("\r", "") == "新しい文面\n二行目"
    assert db.session.scalar(select(func.count(Acceptance.id))) == accepted
    rows = [[c.text for c in row.all("td")] for row in reader.get("/staff/settings/rules").root.all("tr")]
    assert ["2026-11", "2026年11月21日（土）", "適用中", "0回"] in rows
    assert db.session.scalar(select(func.count(RulesVersion.id)).where(RulesVersion.kind == kind)) == 2


def test_the_same_version_twice_is_refused(demo: Flask) -> None:
    reader = admin_of(demo)
    page = reader.get("/staff/settings/rules/membership_rules/publish")
    preview = reader.submit(page.form(), version="2026-1")
    refused = reader.submit(preview.form(), button="step=make", status=409)
    assert "版" in refused.text or "番号" in refused.text


@pytest.mark.parametrize(
    "path", ["/staff/settings/rules/nothing/publish", "/staff/settings/tiers/4000000001"]
)
def test_what_is_not_there_is_not_found(demo: Flask, path: str) -> None:
    assert admin_of(demo).client.get(path).status_code == 404
