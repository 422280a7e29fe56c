"""Files for spreadsheets: what was typed stays text."""

from __future__ import annotations

import csv
import io
from datetime import UTC, date, datetime

import pytest
from openpyxl import load_workbook

from portal.core.exports import FileFormat, is_formula_like, table_file

HOSTILE = [
    "=1+1", "+81 3", "-1", "@SUM(A1)", "\t=1", "\r=1", "\n=1", " =1+1", "\u3000=1", "＝1+1", "＋1", "－1", "＠x", "−1",
]  # fmt: skip
HARMLESS = ["架空製薬株式会社", "a=1", "2026年度", "", "A会員", "T-1"]


def as_rows(content: bytes) -> list[list[str]]:
    return list(csv.reader(io.StringIO(content.decode("utf-8-sig"), newline="")))


@pytest.mark.parametrize("text", HOSTILE)
def test_what_a_spreadsheet_takes_for_a_formula_gets_an_apostrophe_in_csv(text: str) -> None:
    made = table_file(FileFormat.CSV, title="x", head=["a"], rows=[[text]])
    assert as_rows(made)[1] == [f"'{text}"]


@pytest.mark.parametrize("text", HOSTILE)
def test_no_text_becomes_a_formula_in_xlsx(text: str) -> None:
    made = table_file(FileFormat.XLSX, title="x", head=["a"], rows=[[text]])
    cell = load_workbook(io.BytesIO(made)).active["A2"]
    assert cell.data_type == "s"
    assert cell.quotePrefix


@pytest.mark.parametrize("text", HARMLESS)
def test_other_text_stays_as_it_is(text: str) -> None:
    assert not is_formula_like(text)
    made = table_file(FileFormat.CSV, title="x", head=["a", "b"], rows=[[text, 1]])
    assert as_rows(made)[1] == [text, "1"]


def test_numbers_and_days_keep_their_type() -> None:
    moment = datetime(2026, 4, 1, 0, 30, tzinfo=UTC)
    row = ["x", -5, date(2026, 4, 1), moment, None]
    made = table_file(FileFormat.XLSX, title="a/b[c]", head=list("abcde"), rows=[row])
    sheet = load_workbook(io.BytesIO(made)).active
    found = [cell.value for cell in sheet[2]]
    assert found == ["x", -5, datetime(2026, 4, 1), datetime(2026, 4, 1, 9, 30), None]  # noqa: DTZ001
    assert as_rows(table_file(FileFormat.CSV, title="x", head=list("abcde"), rows=[row]))[1] == [
        "x", "-5", "2026-04-01", "2026-04-01 09:30", "",
    ]  # fmt: skip


def test_excel_reads_the_japanese_of_a_csv() -> None:
    made = table_file(FileFormat.CSV, title="x", head=["会社"], rows=[["白鷺"]])
    assert made.startswith(b"\xef\xbb\xbf")
    assert made.endswith("白鷺\r\n".encode())


def test_what_no_file_can_hold_is_left_out() -> None:
    for kind in FileFormat:
        assert table_file(kind, title="x", head=["a"], rows=[["a\x00b\ud800c" + "d" * 40_000]])
