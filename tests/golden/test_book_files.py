"""The reports of the books as files: every figure of a made-up year, as it was read by somebody once.

`GOLDEN=write` writes them anew; read the difference like code.
"""

from __future__ import annotations

import csv
import io
import os
from collections.abc import Iterator
from pathlib import Path

import pandas
import pytest
from flask import Flask
from openpyxl import load_workbook

from portal.accounts.enums import Role
from portal.audit.models import AuditEntry
from portal.core.db import db
from portal.core.transaction import rollback
from tests.support.billing import issuer
from tests.support.people import browser_of, staff
from tests.support.year_of_fees import HOSTILE, TODAY, on, year_of_fees

FOLDER = Path(__file__).parent / "books"
REPORTS = {
    "trial_balance": "",
    "receivables": "/receivables",
    "income": "/income",
    "fees": "/income/fees",
    "tax": "/tax",
    "cash": "/cash",
}


@pytest.fixture
def year(app: Flask) -> Iterator[Flask]:
    issuer()
    year_of_fees()
    app.config["WTF_CSRF_ENABLED"] = False
    yield app
    app.config["WTF_CSRF_ENABLED"] = True


def saved(app: Flask, report: str, kind: str, language: str = "ja") -> tuple[bytes, str]:
    """The file and its name."""
    with on(TODAY):
        office = browser_of(app, staff(Role.SECRETARIAT, language=language))
        answer = office.post(f"/staff/books{REPORTS[report]}/export", data={"format": kind})
    assert answer.status_code == 200, answer.get_data(as_text=True)
    return answer.get_data(), answer.headers["Content-Disposition"]


@pytest.mark.database
@pytest.mark.parametrize("report", REPORTS)
@pytest.mark.parametrize("language", ["ja", "en"])
def test_the_csv_says_what_it_said(year: Flask, report: str, language: str) -> None:
    content, name = saved(year, report, "csv", language)
    assert content.startswith(b"\xef\xbb\xbf")
    assert b"\n" not in content.replace(b"\r\n", b"")
    assert f"{TODAY:%Y-%m-%d}.csv" in name
    text = content.decode("utf-8-sig").replace("\r\n", "\n")
    kept = FOLDER / f"{report}_{language}.csv"
    if os.environ.get("GOLDEN") == "write":
        kept.write_text(text, encoding="utf-8")
    assert text == kept.read_text(encoding="utf-8")


@pytest.mark.parametrize("report", REPORTS)
def test_csv_and_xlsx_hold_the_same_figures_as_numbers(year: Flask, report: str) -> None:
    """As pandas reads them: amounts are whole numbers in both, words are words."""
    quoted, _name = saved(year, report, "csv")
    book, _name = saved(year, report, "xlsx")
    from_csv = pandas.read_csv(io.BytesIO(quoted))
    from_xlsx = pandas.read_excel(io.BytesIO(book))
    assert list(from_csv.columns) == list(from_xlsx.columns)
    amounts = [name for name in from_csv.columns if name.endswith(("（円）", "(円)"))]
    assert amounts
    for name in amounts:
        assert from_xlsx[name].dropna().map(lambda value: value == int(value)).all()
        assert from_csv[name].dropna().tolist() == from_xlsx[name].dropna().tolist()


def test_a_hostile_name_is_text_in_both(year: Flask) -> None:
    quoted, _name = saved(year, "receivables", "csv")
    cells = [row[0] for row in csv.reader(io.StringIO(quoted.decode("utf-8-sig")))]
    assert f"'{HOSTILE}" in cells
    book, _name = saved(year, "receivables", "xlsx")
    sheet = load_workbook(io.BytesIO(book)).active
    hostile = [cell for cell in sheet["A"] if cell.value == HOSTILE]
    assert [cell.data_type for cell in hostile] == ["s"]


def test_the_trail_says_who_took_which_report_of_which_days(year: Flask) -> None:
    saved(year, "tax", "xlsx")
    rollback()
    entry = db.session.query(AuditEntry).order_by(AuditEntry.id.desc()).first()
    assert entry is not None
    assert entry.verb == "list.exported"
    assert entry.changes["list"] == "tax"
    assert entry.changes["filters"] == {"since": "2026-04-01", "until": "2026-11-20"}
