"""Lists as CSV and XLSX. What somebody typed stays text: no cell ever becomes a formula of whoever opens the file.

A spreadsheet takes cells that begin with = + - @, a tab or a return for formulas, also after blanks and in full width.
CSV has no types, so such cells get an apostrophe in front; XLSX cells are marked as text.
"""

from __future__ import annotations

import csv
import io
import re
import unicodedata
from collections.abc import Iterable, Sequence
from datetime import date, datetime
from enum import StrEnum

from flask import Response, request, send_file

from portal.core.clock import OFFICE_ZONE

Cell = str | int | date | None
_UNWRITABLE = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ud800-\udfff\ufffe\uffff]")
LONGEST_CELL = 32_000  # a cell of a spreadsheet holds 32,767 characters
WIDEST, NARROWEST = 48, 8


class FileFormat(StrEnum):
    """What a list can be saved as."""

    CSV = "csv"
    XLSX = "xlsx"


def wanted_format() -> FileFormat:
    """What the pressed button asks for."""
    return FileFormat.XLSX if request.form.get("format") == FileFormat.XLSX.value else FileFormat.CSV


MEDIA_TYPES = {
    FileFormat.CSV: "text/csv",
    FileFormat.XLSX: "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
}


def is_formula_like(text: str) -> bool:
    """Whether a spreadsheet may take the text for a formula."""
    if text[:1] in ("\t", "\r", "\n", " ", "\u3000", "\u00a0"):
        return True
    return unicodedata.normalize("NFKC", text[:1]) in ("=", "+", "-", "@", "−")


def table_file(kind: FileFormat, *, title: str, head: Sequence[str], rows: Iterable[Sequence[Cell]]) -> bytes:
    """The list as a file: one head, one row each. Days and numbers keep their type, as far as the format has types."""
    return _csv(head, rows) if kind is FileFormat.CSV else _xlsx(title, head, rows)


def send_table(
    kind: FileFormat, *, name: str, title: str, head: Sequence[str], rows: Iterable[Sequence[Cell]]
) -> Response:
    """The list as an answer to be saved under `name` (without ending)."""
    content = table_file(kind, title=title, head=head, rows=rows)
    # send_file writes a Japanese name the way that servers and browsers accept (RFC 6266)
    return send_file(
        io.BytesIO(content),
        mimetype=MEDIA_TYPES[kind],
        as_attachment=True,
        download_name=f"{name}.{kind.value}",
    )


def _csv(head: Sequence[str], rows: Iterable[Sequence[Cell]]) -> bytes:
    """UTF-8 with a byte order mark, so that Excel reads Japanese; lines end as RFC 4180 says."""
    out = io.StringIO(newline="")
    writer = csv.writer(out, lineterminator="\r\n")
    for row in (head, *rows):
        writer.writerow([csv_cell(cell) for cell in row])
    return out.getvalue().encode("utf-8-sig")


def csv_cell(cell: Cell) -> str | int:
    """A value as it stands in a CSV: numbers stay numbers, what looks like a formula gets an apostrophe."""
    if cell is None:
        return ""
    if isinstance(cell, int):
        return cell
    text = _text(cell)
    return f"'{text}" if is_formula_like(text) else text


def _xlsx(title: str, head: Sequence[str], rows: Iterable[Sequence[Cell]]) -> bytes:
    """Row by row into the file: openpyxl keeps none of them, so a long list takes half the memory."""
    from openpyxl import Workbook  # loaded where it is needed: it costs every worker memory
    from openpyxl.utils import get_column_letter

    table = [head, *rows]
    book = Workbook(write_only=True)
    sheet = book.create_sheet(re.sub(r"[\[\]:*?/\\]", " ", title)[:31] or "1")
    for column, width in enumerate(_widths(table), start=1):
        sheet.column_dimensions[get_column_letter(column)].width = min(width + 2, WIDEST)
    sheet.freeze_panes = "A2"
    for row in table:
        sheet.append([_xlsx_cell(sheet, value, is_head=row is head) for value in row])
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def _xlsx_cell(sheet: object, value: Cell, *, is_head: bool) -> object:
    """A value as openpyxl takes it. Text that it, or a spreadsheet, may take for something else is marked as text."""
    if isinstance(value, datetime):
        return value.astimezone(OFFICE_ZONE).replace(tzinfo=None)
    if not isinstance(value, str):
        return value
    text = _text(value)
    is_odd = bool(text) and (is_formula_like(text) or text[0] == "#")
    if not (is_odd or is_head):
        return text or None
    from openpyxl.cell import WriteOnlyCell
    from openpyxl.styles import Font

    cell = WriteOnlyCell(sheet, value=text)
    cell.data_type = "s"  # set after the value, which would make a formula of `=1+1`
    if is_odd:
        cell.quotePrefix = True
    if is_head:
        cell.font = Font(bold=True)
    return cell


def _widths(table: Sequence[Sequence[Cell]]) -> list[int]:
    """Columns of the widest value of each; 2,000 rows say enough."""
    widths = [NARROWEST] * len(table[0])
    for row in table[:2000]:
        for column, value in enumerate(row):
            widths[column] = max(widths[column], _width(value))
    return widths


def _text(value: str | date) -> str:
    if isinstance(value, datetime):
        return f"{value.astimezone(OFFICE_ZONE):%Y-%m-%d %H:%M}"
    text = value.isoformat() if isinstance(value, date) else value
    return _UNWRITABLE.sub("", text)[:LONGEST_CELL]


def _width(value: Cell) -> int:
    """Columns that the text takes; Japanese letters take two."""
    text = "" if value is None else str(value)
    return sum(2 if unicodedata.east_asian_width(c) in "WF" else 1 for c in text[:WIDEST])
