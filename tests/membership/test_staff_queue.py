"""The secretariat's list of applications, and the file of exactly what it shows."""

from __future__ import annotations

import csv
import io
from datetime import timedelta

import pytest
from flask import Flask
from openpyxl import load_workbook
from sqlalchemy import select

from portal.accounts.enums import Role
from portal.audit.models import AuditEntry
from portal.core import clock
from portal.core.db import db
from portal.core.transaction import rollback
from portal.membership.queries.queue import QueueFilter, find_applications
from tests.support.people import actor_of, browser_of, staff
from tests.support.reader import Page, Reader
from tests.support.sent_in import SentIn, check, open_house, send_in
from tests.support.sql import count_sql

URL = "/staff/membership/applications"
MOST = 8


@pytest.fixture
def house(app: Flask) -> None:
    open_house()


def send_in_ago(days: int, name: str, **values: object) -> SentIn:
    with clock.frozen(clock.now() - timedelta(days=days)):
        return send_in(name, **values)


def office(app: Flask, **values: str) -> Reader:
    return Reader(browser_of(app, staff(Role.SECRETARIAT, **values)))


def companies(page: Page) -> list[str]:
    return [e.all("a")[0].text for e in page.root.all("th") if e["scope"] == "row"]


def cells(page: Page) -> list[list[str]]:
    """What the list shows, without the ticks."""
    return [[c.text for c in row.all("th", "td")][1:] for row in page.root.all("tr") if row.all("td")]


def test_the_longest_waiting_stand_first(app: Flask, house: None) -> None:
    for days, name in ((2, "乙製薬株式会社"), (9, "甲製薬株式会社"), (0, "丙製薬株式会社")):
        send_in_ago(days, name)
    page = office(app).get(URL)
    assert companies(page) == ["甲製薬株式会社", "乙製薬株式会社", "丙製薬株式会社"]
    assert [row[3] for row in cells(page)] == ["9", "2", "0"]
    assert companies(office(app).get(f"{URL}?sort=waiting&dir=down"))[0] == "丙製薬株式会社"


def test_an_empty_list_says_what_will_be_here(app: Flask, house: None) -> None:
    page = office(app).get(URL)
    assert "手続き中の申込はありません" in page.text
    assert "見つかりません" in office(app).get(f"{URL}?q=nobody").text or companies(page) == []


@pytest.mark.parametrize("typed", ["白鷺", "シラサギ", "しらさぎ", "ｼﾗｻｷﾞ", "shirasagi", "receipt", "number"])
def test_search_by_names_and_numbers(app: Flask, house: None, typed: str) -> None:
    sent = send_in("白鷺製薬株式会社", name_kana="シラサギセイヤク", name_en="Shirasagi Pharma K.K.")
    send_in("紅鶴株式会社")
    text = {"receipt": sent.application.receipt_number, "number": sent.firm.corporate_number}.get(
        typed, typed
    )
    assert companies(office(app).get(URL, query_string={"q": text})) == ["白鷺製薬株式会社"]


def test_wildcards_are_letters(app: Flask, house: None) -> None:
    send_in("白鷺製薬株式会社")
    assert companies(office(app).get(URL, query_string={"q": "%"})) == []
    assert companies(office(app).get(URL, query_string={"q": "_"})) == []


@pytest.mark.parametrize(
    "query",
    [
        "q=%00",
        "year=99999999999999999999",
        "year=２０２６",
        "state=nonsense",
        "sort=nonsense",
        "dir=x",
        "ids=1",
        "q=" + "長" * 500,
    ],
)
def test_nonsense_in_the_address_does_no_harm(app: Flask, house: None, query: str) -> None:
    send_in()
    office(app).get(f"{URL}?{query}")


def test_a_cursor_that_nobody_made_is_not_found(app: Flask, house: None) -> None:
    assert browser_of(app, staff()).get(f"{URL}?after=xyz").status_code == 404


def test_filters_by_state_year_priority_and_arrangement(app: Flask, house: None) -> None:
    send_in("既定株式会社")
    checked = send_in("確認済株式会社")
    check(checked, staff())
    send_in("調整株式会社", changes={"tier": {"learners_wanted": 3, "tier": "A"}})
    reader = office(app)
    assert companies(reader.get(f"{URL}?state=checked")) == ["確認済株式会社"]
    assert companies(reader.get(f"{URL}?state=declined")) == []
    assert len(companies(reader.get(f"{URL}?state=all"))) == 3
    assert companies(reader.get(f"{URL}?arrangement=1")) == ["調整株式会社"]
    assert companies(reader.get(f"{URL}?priority=1")) == []
    assert len(companies(reader.get(f"{URL}?year=2026"))) == 3
    assert companies(reader.get(f"{URL}?year=2031")) == []


def test_the_list_goes_on_by_key_in_every_order(app: Flask, house: None) -> None:
    for days in range(5):
        send_in_ago(days, f"順序{days}株式会社")
    person = actor_of(staff())
    for order in QueueFilter().order.__class__:
        for down in (False, True):
            wanted = QueueFilter(order=order, is_descending=down)
            whole = [row[0] for row in find_applications(person, wanted).items]
            found, cursor = [], None
            for _ in range(5):
                part = find_applications(person, wanted, cursor=cursor, size=1)
                found += [row[0] for row in part.items]
                cursor = part.next_cursor
            assert found == whole
            assert cursor is None
            assert sorted(whole) == sorted(set(whole))


@pytest.mark.parametrize("length", [1, 3])
def test_statements_do_not_grow_with_the_list(app: Flask, house: None, length: int) -> None:
    for _ in range(length):
        send_in()
    browser = browser_of(app, staff())
    browser.get(URL)
    rollback()
    with count_sql() as sql:
        assert browser.get(URL).status_code == 200
    assert len(sql) <= MOST, str(sql)
    assert not any("count(" in text.casefold() for text in sql.asked)


@pytest.mark.parametrize("kind", ["csv", "xlsx"])
@pytest.mark.parametrize("language", ["ja", "en"])
def test_the_file_holds_exactly_what_is_shown(app: Flask, house: None, kind: str, language: str) -> None:
    send_in_ago(3, "=1+1株式会社", name_en="=1+1 K.K.")
    send_in("白鷺製薬株式会社", changes={"tier": {"learners_wanted": 3, "tier": "A"}})
    check(send_in("外"), staff())
    reader = office(app, language=language)
    page = reader.get(f"{URL}?state=submitted&sort=company&dir=down")
    answer = _save(page, reader, kind)
    assert answer.headers["Content-Disposition"].startswith("attachment")
    head, *rows = _read(answer.data, kind)
    assert len(head) == len(rows[0]) == 8
    told = [
        [f"{row[0]} {row[1]}", f"{row[3]} {row[2]}", " ".join([row[4], *row[7].split()]), row[5]]
        for row in rows
    ]
    assert [[" ".join(cell.split()) for cell in row[:4]] for row in cells(page)] == [
        [" ".join(cell.split()) for cell in row] for row in told
    ]
    assert ["個別のご相談" in row[7] or "By arrangement" in row[7] for row in rows].count(True) == 1


def _save(page: Page, reader: Reader, kind: str, ids: tuple[int, ...] = ()) -> object:
    form = next(
        f for f in page.forms if f.action.split("?")[0].endswith("/export") and f.element["id"] != "chosen"
    )
    data = {"csrf_token": form.values()["csrf_token"], "format": kind, "ids": [str(i) for i in ids]}
    answer = reader.client.post(form.action, data=data)
    assert answer.status_code == 200
    return answer


def _read(content: bytes, kind: str) -> list[list[str]]:
    if kind == "csv":
        found = csv.reader(io.StringIO(content.decode("utf-8-sig"), newline=""))
        return [[cell.removeprefix("'") for cell in row] for row in found]
    sheet = load_workbook(io.BytesIO(content)).active
    assert {cell.data_type for row in sheet.iter_rows() for cell in row} <= {"s", "n", "d"}
    return [["" if cell.value is None else str(cell.value) for cell in row] for row in sheet.iter_rows()]


def test_ticked_rows_alone_are_saved_and_the_trail_says_so(app: Flask, house: None) -> None:
    first, second = send_in("甲株式会社"), send_in("乙株式会社")
    reader = office(app)
    answer = _save(reader.get(URL), reader, "csv", (second.id, 4_000_000_000))
    assert [row[0] for row in _read(answer.data, "csv")[1:]] == ["乙株式会社"]
    assert first.id != second.id
    rollback()
    entry = db.session.scalars(select(AuditEntry).where(AuditEntry.verb == "list.exported")).one()
    assert entry.changes == {"list": "applications", "format": "csv", "rows": 1}


def test_the_trail_says_how_the_list_was_filtered(app: Flask, house: None) -> None:
    send_in("甲株式会社")
    reader = office(app)
    _save(reader.get(f"{URL}?q=甲&state=submitted"), reader, "csv")
    rollback()
    entry = db.session.scalars(select(AuditEntry).where(AuditEntry.verb == "list.exported")).one()
    assert entry.changes["filters"] == {"state": "submitted", "q": "甲"}


@pytest.mark.parametrize("role", [Role.CAREER_SUPPORT, Role.HUB_COORDINATOR])
def test_other_offices_stay_outside(app: Flask, house: None, role: Role) -> None:
    browser = browser_of(app, staff(role))
    assert browser.get(URL).status_code == 403
    assert browser.get("/staff/membership/members").status_code == 403
