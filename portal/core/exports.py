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
    from openpyxl import Workbook  # loaded where it is needed: it costs every worker memory
    from openpyxl.styles import Font
    from openpyxl.utils import get_column_letter

    book = Workbook()
    sheet = book.active
    sheet.title = re.sub(r"[\[\]:*?/\\]", " ", title)[:31] or "1"
    widths = [NARROWEST] * len(head)
    for place, row in enumerate([head, *rows], start=1):
        for column, value in enumerate(row, start=1):
            cell = sheet.cell(place, column)
            _fill(cell, value)
            if place == 1:
                cell.font = Font(bold=True)
            widths[column - 1] = max(widths[column - 1], _width(value))
    for column, width in enumerate(widths, start=1):
        sheet.column_dimensions[get_column_letter(column)].width = min(width + 2, WIDEST)
    sheet.freeze_panes = "A2"
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def _fill(cell: object, value: Cell) -> None:
    """Text is marked as text after it is set: setting alone would make a formula of `=1+1`."""
    if isinstance(value, str):
        text = _text(value)
        if not text:
            return
        cell.value = text  # type: ignore[attr-defined]
        cell.data_type = "s"  # type: ignore[attr-defined]
        if is_formula_like(text):
            cell.quotePrefix = True  # type: ignore[attr-defined]
    elif isinstance(value, datetime):
        cell.value = value.astimezone(OFFICE_ZONE).replace(tzinfo=None)  # type: ignore[attr-defined]
    elif value is not None:
        cell.value = value  # type: ignore[attr-defined]


def _text(value: str | date) -> str:
    if isinstance(value, datetime):
        return f"{value.astimezone(OFFICE_ZONE):%Y-%m-%d %H:%M}"
    text = value.isoformat() if isinstance(value, date) else value
    return _UNWRITABLE.sub("", text)[:LONGEST_CELL]


def _width(value: Cell) -> int:
    """Columns that the text takes; Japanese letters take two."""
    text = "" if value is None else str(value)
    return sum(2 if unicodedata.east_asian_width(c) in "WF" else 1 for c in text[:WIDEST])
