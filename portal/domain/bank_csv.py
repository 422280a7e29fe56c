"""A bank's own CSV, read by a mapping: which column is the day, the amount, the payer. Whole, or refused with its place."""

import csv
import io
import re
import unicodedata
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from portal.domain.bank_days import ShortYears, read_bank_day
from portal.domain.ledger import FIRST_DAY
from portal.domain.money import NotYen, parse_yen
from portal.domain.zengin.framing import MOST_BYTES
from portal.domain.zengin.problems import BadBankFile, Problem
from portal.domain.zengin.records import Direction, Entry

MOST_COLUMNS = 100


class Encoding(StrEnum):
    """How letters are coded; AUTO is UTF-8 where it fits and the bank's cp932 otherwise."""

    AUTO = "auto"
    UTF_8 = "utf-8"
    CP932 = "cp932"


@dataclass(frozen=True, kw_only=True)
class Columns:
    """Where things stand. A column is its name in the head line, or its number from 1 as digits; empty: not there.

    With `paid_out` empty, amounts below nothing in `paid_in` went out, or `direction` says so: a row whose direction is
    not one of `in_words` went out. Lines before `head_line` (0: no head) and the last `foot_lines` are left out, as is
    everything from a line on that begins with `foot_word`.
    """

    day: str
    paid_in: str
    paid_out: str = ""
    direction: str = ""
    in_words: tuple[str, ...] = ("入金", "入", "1")
    payer: str = ""
    reference: str = ""
    remarks: str = ""
    edi: str = ""
    head_line: int = 1
    foot_lines: int = 0
    foot_word: str = ""
    delimiter: str = ","
    encoding: Encoding = Encoding.AUTO
    short_years: ShortYears = ShortYears.ERA


def parse_bank_csv(content: bytes, columns: Columns, *, today: date) -> tuple[Entry, ...]:
    """The movements in the order of the file, money in and out. Raises BadBankFile with line and column."""
    if len(content) > MOST_BYTES:
        raise BadBankFile(Problem.TOO_LARGE, 1)
    rows = list(_rows(_text(content, columns.encoding), columns.delimiter))
    head, body = _split(rows, columns)
    if not body:
        raise BadBankFile(Problem.EMPTY, columns.head_line + 1)
    places = _places(columns, head)
    _check_lengths(body, head, least=max(places.values()) + 1)
    return tuple(_entry(fields, line, places, columns, today) for line, fields in body)


_Row = tuple[int, list[str]]
_NAMES = ("day", "paid_in", "paid_out", "direction", "payer", "reference", "remarks", "edi")
_UNSEEN = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f]")
_NOTHING = {"", "-", "ー", "−", "－", "*", "＊"}


def _text(content: bytes, encoding: Encoding) -> str:
    bare = content.removeprefix(b"\xef\xbb\xbf").rstrip(b"\x1a")
    tried = ("utf-8", "cp932") if encoding is Encoding.AUTO else (encoding.value,)
    for index, name in enumerate(tried, 1):
        try:
            return bare.decode(name)
        except UnicodeDecodeError as error:
            if index == len(tried):
                line = bare[: error.start].count(b"\n") + 1
                column = bare[: error.start].rpartition(b"\n")[2].count(b",") + 1
                raise BadBankFile(Problem.BAD_CHARACTER, line, column) from error
    raise AssertionError("one encoding is always tried")


def _rows(text: str, delimiter: str) -> Iterator[_Row]:
    """Each line that is not blank, with its number."""
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True)
    while True:
        line = reader.line_num + 1
        try:
            fields = next(reader)
        except StopIteration:
            return
        except csv.Error as error:
            raise BadBankFile(Problem.BAD_QUOTES, line) from error
        if len(fields) > MOST_COLUMNS:
            raise BadBankFile(Problem.WRONG_FIELD_COUNT, line, MOST_COLUMNS + 1)
        for column, field in enumerate(fields, 1):
            if _UNSEEN.search(field):
                raise BadBankFile(Problem.BAD_CHARACTER, line, column)
        if any(field.strip() for field in fields):
            yield line, [field.strip() for field in fields]


def _split(rows: Sequence[_Row], columns: Columns) -> tuple[list[str], Sequence[_Row]]:
    """The head, and the rows between head and foot."""
    if not rows:
        raise BadBankFile(Problem.EMPTY, 1)
    head = next((fields for line, fields in rows if line == columns.head_line), [])
    if columns.head_line and not head:
        raise BadBankFile(Problem.MISSING_COLUMN, columns.head_line, expected=columns.day)
    body = [row for row in rows if row[0] > columns.head_line]
    if columns.foot_lines:
        body = body[: -columns.foot_lines]
    if columns.foot_word:
        ends = (at for at, (_, fields) in enumerate(body) if fields[0].startswith(columns.foot_word))
        body = body[: next(ends, len(body))]
    return head, body


def _places(columns: Columns, head: Sequence[str]) -> dict[str, int]:
    """Where each mapped column stands, counted from 0."""
    named = {unicodedata.normalize("NFKC", name): at for at, name in reversed(list(enumerate(head)))}
    places = {}
    for name in _NAMES:
        wanted = unicodedata.normalize("NFKC", getattr(columns, name)).strip()
        if not wanted:
            continue
        if wanted in named:
            places[name] = named[wanted]
        elif wanted.isascii() and wanted.isdigit() and 0 < int(wanted) <= MOST_COLUMNS:
            places[name] = int(wanted) - 1
        else:
            raise BadBankFile(Problem.MISSING_COLUMN, columns.head_line or 1, expected=wanted)
    return places


def _check_lengths(body: Sequence[_Row], head: Sequence[str], *, least: int) -> None:
    """Every row has as many fields as the head, since `1,100,000` without quotes is three.

    A line with fewer than the `least` that the mapping names is no head: then the first row is the measure.
    """
    wanted = len(head) if len(head) >= least else max(len(body[0][1]), least)
    for line, fields in body:
        if len(fields) != wanted:
            column = min(len(fields), wanted + 1)
            raise BadBankFile(
                Problem.WRONG_FIELD_COUNT, line, column, found=str(len(fields)), expected=str(wanted)
            )


def _entry(fields: list[str], line: int, places: dict[str, int], columns: Columns, today: date) -> Entry:
    def field(name: str) -> str:
        at = places.get(name)
        return "" if at is None else fields[at]

    day = read_bank_day(field("day"), today, columns.short_years)
    if day is None:
        raise BadBankFile(Problem.BAD_DATE, line, places["day"] + 1, found=field("day"))
    if not FIRST_DAY <= day <= today:
        problem, bound = (Problem.FUTURE_DATE, today) if day > today else (Problem.PAST_DATE, FIRST_DAY)
        raise BadBankFile(problem, line, places["day"] + 1, found=day.isoformat(), expected=bound.isoformat())
    paid_in = _yen(field("paid_in"), line, places["paid_in"])
    paid_out = _yen(field("paid_out"), line, places.get("paid_out", 0))
    if "direction" in places and field("direction") not in columns.in_words:
        paid_in, paid_out = 0, paid_in
    if paid_in < 0:
        paid_in, paid_out = 0, -paid_in
    if (paid_in == 0) == (paid_out == 0) or paid_out < 0:
        raise BadBankFile(Problem.NO_AMOUNT, line, places["paid_in"] + 1, found=field("paid_in"))
    return Entry(
        booked_on=day,
        amount_yen=paid_in or paid_out,
        payer_name=field("payer"),
        reference=field("reference"),
        direction=Direction.IN if paid_in else Direction.OUT,
        remarks=field("remarks"),
        edi=field("edi"),
        line=line,
    )


def _yen(text: str, line: int, place: int) -> int:
    if text in _NOTHING:
        return 0
    try:
        return parse_yen(text.removeprefix("+"))
    except NotYen as error:
        raise BadBankFile(Problem.BAD_NUMBER, line, place + 1, found=text) from error
