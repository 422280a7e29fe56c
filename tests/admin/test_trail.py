"""The audit trail: found by who, what, where and when; taken along as CSV without a formula, and that stands in it too."""

from __future__ import annotations

import csv
import io

import pytest
from flask import Flask
from sqlalchemy import func, select

from portal.accounts.enums import Role
from portal.admin.matters import is_known
from portal.admin.values import VALUES
from portal.audit.labels import VERBS
from portal.audit.models import AuditEntry
from portal.audit.services import record
from portal.core.db import db
from portal.core.transaction import rollback, transaction
from tests.support.demo import human
from tests.support.people import browser_of, company, staff
from tests.support.reader import Page, Reader
from tests.support.sql import count_sql

URL = "/staff/audit"
MOST = 8


def rows(page: Page) -> list[list[str]]:
    return [[c.text for c in row.all("td")] for row in page.root.all("tr") if row.all("td")]


def reader_of(app: Flask) -> Reader:
    return Reader(browser_of(app, human("kanri@renkei.example")))


@pytest.mark.parametrize("role", [Role.SECRETARIAT, Role.STEERING_COMMITTEE, Role.HUB_COORDINATOR])
def test_it_is_the_administrators_alone(app: Flask, role: Role) -> None:
    assert browser_of(app, staff(role)).get(URL).status_code == 403


def test_all_entries_stand_newest_first_and_go_on(demo: Flask) -> None:
    reader = reader_of(demo)
    page, count = reader.get(URL), 0
    while True:
        count += len(rows(page))
        following = [link["href"] for link in page.links if link["rel"] == "next"]
        if not following:
            break
        page = reader.get(following[0])
    assert count == db.session.scalar(select(func.count(AuditEntry.id)))


def test_every_deed_has_its_matter(app: Flask) -> None:
    assert [verb for verb in VERBS if not is_known(verb)] == []


def test_every_value_that_a_deed_notes_has_a_name(demo: Flask) -> None:
    noted = {name for entry in db.session.scalars(select(AuditEntry)) for name in entry.changes}
    assert sorted(noted - set(VALUES)) == []


def test_things_and_deeds_are_named_in_words(demo: Flask) -> None:
    """No table of the database shows; deeds stand under their matter."""
    page = reader_of(demo).get(URL)
    shown = " ".join(row[4] for row in rows(page))
    assert not [name for name in db.metadata.tables if "_" in name and name in shown]
    groups = [group["label"] for group in page.root.all("optgroup")]
    assert groups == [
        "入会申込", "契約", "更新", "見積・請求・入金", "銀行と入金", "帳簿と書類", "インターンシップ",
        "学生のキャリア支援", "利用者とサインイン", "所属と役割", "設定", "運用",
    ]  # fmt: skip
    values = [option["value"] for option in page.root.all("option")]
    assert len(values) == len(set(values)) > 50


def test_by_person_by_company_by_deed_and_by_day(demo: Flask) -> None:
    reader = reader_of(demo)
    by_committee = rows(reader.get(f"{URL}?who=運営&verb=application.approved"))
    approvals = select(func.count(AuditEntry.id)).where(AuditEntry.verb == "application.approved")
    assert len(by_committee) == db.session.scalar(approvals) > 10
    assert {row[1] for row in by_committee} == {"運営 三郎"}
    of_one = rows(reader.get(f"{URL}?organisation=架空創薬"))
    assert {row[3] for row in of_one} == {"架空創薬株式会社"}
    by_number = rows(reader.get(f"{URL}?organisation=99990000000"))
    assert by_number
    on_a_day = rows(reader.get(f"{URL}?since=2026-11-19&until=2026-11-19"))
    assert [row[0] for row in on_a_day] == ["2026年11月19日（木）11:11"]


def test_nobody_of_that_name_finds_nothing(demo: Flask) -> None:
    page = reader_of(demo).get(f"{URL}?who=存在しない人")
    assert rows(page) == []
    assert "期間を長くするか、条件を減らしてください。" in page.text


def test_nonsense_is_told_at_its_field(demo: Flask) -> None:
    page = reader_of(demo).get(f"{URL}?since=never&verb=no.such.deed", status=422)
    assert len(page.errors) == 2
    assert reader_of(demo).client.get(f"{URL}?after=nonsense").status_code == 404


@pytest.mark.parametrize("count", [1, 3])
def test_a_page_costs_few_statements(app: Flask, count: int) -> None:
    browser = browser_of(app, staff(Role.ADMINISTRATOR))
    for _ in range(count):
        body = company()
        with transaction():
            record(verb="organisation.registered", subject=body, organisation_id=body.id, by=None)
    rollback()
    with count_sql() as sql:
        assert browser.get(f"{URL}?who=事務&organisation=試験").status_code == 200
    assert len(sql) <= MOST, str(sql)


def test_the_export_holds_what_was_found_and_no_formula_and_is_noted(demo: Flask) -> None:
    reader, body = reader_of(demo), company("＝悪意株式会社")
    with transaction():
        record(
            verb="organisation.updated",
            subject=body,
            organisation_id=body.id,
            by=None,
            note='=HYPERLINK("x")',
        )
    page = reader.get(f"{URL}?organisation=悪意")
    answer = reader.client.post(page.form("/export").action, data=page.form("/export").values())
    assert answer.mimetype == "text/csv"
    table = list(csv.reader(io.StringIO(answer.data.decode("utf-8-sig"))))
    assert len(table) == 2
    assert table[1][6] == "'＝悪意株式会社"
    assert table[1][9] == '\'=HYPERLINK("x")'
    noted = db.session.scalars(select(AuditEntry).where(AuditEntry.verb == "trail.exported")).one()
    assert noted.changes == {"organisation": "悪意", "rows": 1}
    assert noted.actor_id == human("kanri@renkei.example").id


def test_reading_in_english(demo: Flask) -> None:
    page = Reader(browser_of(demo, staff(Role.ADMINISTRATOR, language="en"))).get(f"{URL}?who=unei@")
    assert page.h1 == "Audit trail"
