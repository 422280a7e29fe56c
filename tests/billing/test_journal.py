"""The journal export: each entry once, or again on wish; sums that agree; nothing goes out that is not mapped or cannot be read."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator
from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import pytest
from flask import Flask
from openpyxl import load_workbook
from sqlalchemy import delete, func, select, update
from sqlalchemy.exc import DBAPIError

from portal.accounts.enums import Role
from portal.audit.models import AuditEntry
from portal.billing.models import Invoice, JournalEntry, JournalRun, JournalRunEntry, LedgerTransfer
from portal.billing.services.journal import (
    Asked,
    export_journal,
    exporting,
    plan_journal,
    planning,
    set_layout,
)
from portal.core import clock
from portal.core.db import db
from portal.core.errors import OutOfDate, Refused
from portal.core.exports import FileFormat
from portal.core.i18n import in_language
from portal.core.transaction import rollback, transaction
from portal.domain.journal import Preset, Strangers, preset_layout
from portal.domain.ledger import Account
from portal.domain.tax import TaxCategory
from portal.files.models import StoredFile
from tests.support.billing import bill, fee
from tests.support.people import browser_of, company, staff
from tests.support.sql import count_sql

ALWAYS = Asked(date(2020, 1, 1), date(2099, 12, 31))
HOME = "/staff/books/journal"
DAYS = "since=2020-01-01&until=2099-12-31&format=csv"


def set_up(preset: Preset = Preset.SIDE_BY_SIDE, **changes: Any) -> None:
    with transaction():
        set_layout(layout=replace(preset_layout(preset), **changes), by=None)


def take_out(asked: Asked = ALWAYS) -> JournalRun:
    with transaction():
        return export_journal(asked, by=None)


def rows_of(run: JournalRun, letters: str = "utf-8-sig") -> list[list[str]]:
    content = db.session.get_one(StoredFile, run.file_id).content
    return list(csv.reader(io.StringIO(content.decode(letters))))


@pytest.fixture
def two(app: Flask) -> list[Invoice]:
    set_up()
    body = company("架空製薬株式会社")
    return [
        bill(body, fee(1_000_000)),
        bill(body, fee(500_000), fee(30_000, category=TaxCategory.OUT_OF_SCOPE)),
    ]


@pytest.mark.database
def test_each_entry_goes_out_once_and_again_on_wish(two: list[Invoice]) -> None:
    first = take_out()
    assert (first.entries, first.debit_yen, first.credit_yen) == (2, 1_680_000, 1_680_000)
    with pytest.raises(Refused):
        take_out()
    third = bill(company(), fee(100_000))
    second = take_out()
    assert (second.entries, second.debit_yen) == (1, third.total_yen)
    again = take_out(replace(ALWAYS, repeats=True))
    assert (again.entries, again.repeats) == (3, True)
    firsts = select(JournalRunEntry.run_id, func.count(JournalRunEntry.first_entry_id)).group_by(
        JournalRunEntry.run_id
    )
    assert dict(db.session.execute(firsts).all()) == {first.id: 2, second.id: 1, again.id: 0}


def test_rows_say_whose_tax_it_is(two: list[Invoice]) -> None:
    rows = rows_of(take_out())
    assert rows[0][:3] == ["取引No", "取引日", "借方勘定科目"]
    told = [(row[0], row[2], row[3], row[6], row[7], row[10], row[11], row[14]) for row in rows[1:]]
    assert told == [
        ("1", "未収金", "架空製薬株式会社", "1000000", "会費収入", "課税売上10%", "1000000", two[0].number),
        ("1", "未収金", "架空製薬株式会社", "100000", "仮受消費税", "対象外", "100000", two[0].number),
        ("2", "未収金", "架空製薬株式会社", "500000", "会費収入", "課税売上10%", "500000", two[1].number),
        ("2", "未収金", "架空製薬株式会社", "30000", "会費収入", "対象外", "30000", two[1].number),
        ("2", "未収金", "架空製薬株式会社", "50000", "仮受消費税", "対象外", "50000", two[1].number),
    ]


def test_the_file_adds_up_to_the_books(two: list[Invoice]) -> None:
    booked = db.session.scalar(select(func.sum(LedgerTransfer.amount_yen)))
    run = take_out()
    rows = rows_of(run)[1:]
    assert sum(int(row[6]) for row in rows) == sum(int(row[11]) for row in rows) == booked == run.debit_yen
    entries = set(db.session.scalars(select(JournalEntry.id)))
    assert set(db.session.scalars(select(JournalRunEntry.entry_id))) == entries


def test_days_limit_what_goes_out(two: list[Invoice]) -> None:
    tomorrow = clock.today() + timedelta(days=1)
    with pytest.raises(Refused):
        take_out(Asked(tomorrow, tomorrow))
    assert take_out(Asked(clock.today(), tomorrow)).entries == 2


def test_accounts_that_are_not_mapped_keep_everything_back(two: list[Invoice]) -> None:
    known = preset_layout(Preset.CODED).accounts
    set_up(accounts={account: code for account, code in known.items() if account is not Account.FEE_REVENUE})
    plan = plan_journal(ALWAYS)
    assert (plan.unmapped, plan.is_fit) == ((Account.FEE_REVENUE,), False)
    rollback()
    with pytest.raises(Refused):
        take_out()
    assert db.session.scalar(select(func.count()).select_from(JournalRun)) == 0


def test_letters_that_the_file_lacks_are_named_or_replaced(app: Flask) -> None:
    set_up(Preset.CODED)
    strange = bill(company("𠮷野é製薬"), fee(100_000))
    assert plan_journal(ALWAYS).strange == {"𠮷": strange.number, "é": strange.number}
    assert plan_journal(replace(ALWAYS, kind=FileFormat.XLSX)).strange == {}
    rollback()
    set_up(Preset.CODED, strangers=Strangers.REPLACE)
    assert "〓野〓製薬" in {cell for row in rows_of(take_out(), "cp932") for cell in row}


def test_formulas_stay_text(app: Flask) -> None:
    set_up()
    bill(company('=HYPERLINK("http://evil.example")'), fee(100_000))
    cells = {cell for row in rows_of(take_out()) for cell in row if "HYPERLINK" in cell}
    assert {cell[0] for cell in cells} == {"'"}


@pytest.mark.parametrize("dash", ["\u2010", "\u2011", "\uff0d", "\u2212", "-"])
def test_a_dash_that_becomes_a_minus_begins_no_formula(app: Flask, dash: str) -> None:
    set_up(Preset.CODED)
    bill(company(f"{dash}2+3+cmd|' /C calc'!A0"), fee(100_000))
    cells = {cell for row in rows_of(take_out(), "cp932") for cell in row if "calc" in cell}
    assert {cell[0] for cell in cells} == {"'"}


def test_excel_holds_the_same(two: list[Invoice]) -> None:
    run = take_out(replace(ALWAYS, kind=FileFormat.XLSX))
    sheet = load_workbook(io.BytesIO(db.session.get_one(StoredFile, run.file_id).content)).active
    found = list(sheet.iter_rows(values_only=True))
    assert found[0][0] == "取引No"
    assert sum(row[6] for row in found[1:]) == run.debit_yen


@pytest.mark.database
def test_what_went_out_is_frozen_and_nothing_goes_out_first_twice(two: list[Invoice]) -> None:
    run = take_out()
    for deed in (update(JournalRun).values(entries=0), delete(JournalRunEntry), delete(JournalRun)):
        with pytest.raises(DBAPIError, match="never changed or deleted"), transaction() as session:
            session.execute(deed)
    entry = db.session.scalars(select(JournalRunEntry.entry_id)).first()
    with pytest.raises(DBAPIError), transaction() as session:
        session.add(JournalRunEntry(run_id=run.id, entry_id=entry, first_entry_id=entry))
        session.flush()


@pytest.mark.database
def test_two_clerks_at_once_take_each_entry_out_once(
    two: list[Invoice], monkeypatch: pytest.MonkeyPatch
) -> None:
    """The slower one planned before the faster one wrote."""
    plan = plan_journal(ALWAYS)
    rollback()
    take_out()
    monkeypatch.setattr(exporting, "plan_journal", lambda asked: plan)
    monkeypatch.setattr(exporting, "told_before", lambda ids: set())
    with pytest.raises(OutOfDate):
        take_out()
    assert db.session.scalar(select(func.count()).select_from(JournalRun)) == 1


def test_a_run_that_is_too_long_is_refused(two: list[Invoice], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(planning, "MOST_ENTRIES", 1)
    with (
        in_language("en"),
        pytest.raises(Refused, match="2 entries fall into this time; one file holds at most 1"),
    ):
        plan_journal(ALWAYS)


@pytest.fixture
def browser(app: Flask) -> Iterator[Any]:
    app.config["WTF_CSRF_ENABLED"] = False
    yield browser_of(app, staff(Role.SECRETARIAT))
    app.config["WTF_CSRF_ENABLED"] = True


def test_the_office_sets_it_up_looks_and_takes_it_out(browser: Any) -> None:
    assert browser.get(HOME).status_code == 200
    assert browser.get(f"{HOME}/preview?{DAYS}").status_code == 422
    page = browser.get(f"{HOME}/layout?preset=coded").text
    assert "借方科目コード" in page
    typed = {"shape": "pair", "day_format": "yyyymmdd", "letters": "cp932", "strangers": "refuse"}
    accounts = {f"{account.value}_code": str(100 + n) for n, account in enumerate(Account)}
    bad = browser.post(f"{HOME}/layout", data=typed | accounts | {"columns": "日付 = day\n金額 = なぞ"})
    assert (bad.status_code, "なぞ" in bad.text) == (422, True)
    columns = 'フラグ = "1"\n日付 = day\n借 = debit_code\n額 = debit_amount\n貸 = credit_code\n貸額 = credit_amount\n摘要 = memo'
    assert browser.post(f"{HOME}/layout", data=typed | accounts | {"columns": columns}).status_code == 303
    paper = bill(company("架空製薬株式会社"), fee(100_000))
    shown = browser.get(f"{HOME}/preview?{DAYS}")
    assert (shown.status_code, paper.number in shown.text) == (200, True)
    answer = browser.post(f"{HOME}/export", data=dict(pair.split("=") for pair in DAYS.split("&")))
    assert answer.status_code == 303
    run = answer.headers["Location"]
    assert paper.number in browser.get(run).text
    first, second = (browser.post(f"{run}/download").data for _ in range(2))
    assert first == second
    assert first.decode("cp932").splitlines()[0].startswith("1,")
    assert "¥110,000" in browser.get(HOME).text
    rollback()
    verbs = select(AuditEntry.verb).where(AuditEntry.verb.like("journal.%"))
    assert sorted(db.session.scalars(verbs)) == [
        "journal.exported",
        "journal.mapped",
        "journal.opened",
        "journal.opened",
    ]


def test_what_stands_in_the_way_is_shown_with_422(browser: Any, two: list[Invoice]) -> None:
    set_up(accounts={})
    shown = browser.get(f"{HOME}/preview?{DAYS}")
    assert (shown.status_code, "未収金" in shown.text) == (422, True)
    data = dict(pair.split("=") for pair in DAYS.split("&"))
    assert browser.post(f"{HOME}/export", data=data).status_code == 422
    assert browser.get(f"{HOME}/preview?since=2026-02-30&until=2026-01-01&format=csv").status_code == 422
    assert browser.get(f"{HOME}/preview?since=2026-02-03&until=2026-01-01&format=csv").status_code == 422


@pytest.mark.parametrize("address", [HOME, f"{HOME}/preview?{DAYS}&repeats=y"])
def test_a_longer_list_asks_no_more(browser: Any, two: list[Invoice], address: str) -> None:
    def more() -> int:
        bill(company(), fee(100_000))
        take_out()
        browser.get(address)
        with count_sql() as asked:
            assert browser.get(address).status_code == 200
        return len(asked)

    assert more() == more()
