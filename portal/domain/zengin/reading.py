"""Read a bank's file: header, movements, trailer for each account, then the end. Whole, or not at all."""

from collections.abc import Iterator, Sequence
from datetime import date

from portal.domain.zengin import movements, notices
from portal.domain.zengin.fields import END, Days, Reader, cut, without_unused
from portal.domain.zengin.framing import records_of
from portal.domain.zengin.headers import read_header
from portal.domain.zengin.layouts import END_01, END_03, HEADER_01, HEADER_03
from portal.domain.zengin.problems import BadBankFile, Problem
from portal.domain.zengin.records import BankFile, FileForm, FileKind, Statement

Record = str | list[str]
_HEADER, _DATA, _TRAILER = "1", "2", "8"
_HEADERS = {FileKind.NOTICES: HEADER_01, FileKind.MOVEMENTS: HEADER_03}
_RULES = {FileKind.NOTICES: notices.RULES, FileKind.MOVEMENTS: movements.RULES}


def parse(content: bytes, *, today: date) -> BankFile:
    """The file as values; `today` tells which era a two-digit year means. Raises BadBankFile."""
    form, records = records_of(content)
    kind = _kind_of(records[0], form)
    if form is FileForm.CSV:
        records = list(without_unused(records, _HEADERS[kind]))
    days = Days(today)
    statements: list[Statement] = []
    counted = 0
    for statement, at in _statements(records, form, kind, days):
        statements.append(statement)
        counted += len(statement.entries)
        if at < len(records) and _type(records[at]) == END:
            _check_end(records, at, form, kind, days, counted, len(statements))
            return BankFile(kind, form, tuple(statements))
    raise BadBankFile(Problem.ENDS_EARLY, len(records), expected=END)


def _type(record: Record) -> str:
    return record[0].strip() if record else ""


def _kind_of(record: Record, form: FileForm) -> FileKind:
    """What the first record says that the file is."""
    if _type(record) != _HEADER:
        raise BadBankFile(Problem.NOT_A_BANK_FILE, 1)
    if isinstance(record, str):
        kind, code = record[1:3], record[3]
    else:
        kind, code = (record[1].strip().zfill(2), record[2].strip()) if len(record) > 3 else ("", "")
    at = (2, 4) if form is FileForm.FIXED else (2, 3)
    if kind not in set(FileKind):
        raise BadBankFile(Problem.UNSUPPORTED_KIND, 1, at[0], found=kind, expected="01 03")
    if code == "1":
        raise BadBankFile(Problem.EBCDIC, 1, at[1], found=code, expected="0")
    return FileKind(kind)


def _statements(
    records: Sequence[Record], form: FileForm, kind: FileKind, days: Days
) -> Iterator[tuple[Statement, int]]:
    """Each account's part, with the place of the record after it."""
    at = 0
    layout = _HEADERS[kind]
    rules = _RULES[kind]
    while at < len(records):
        _expect(records, at, _HEADER)
        header = read_header(Reader(cut(records[at], layout, at + 1), layout, at + 1, form, days), kind)
        first = at + 1
        at = first
        while at < len(records) and _type(records[at]) == _DATA:
            at += 1
        _expect(records, at, _TRAILER)
        data = records[first:at]
        is_wide = rules.is_wide(data)
        within = days.within(header.from_on, header.to_on)
        entries = rules.read(data, first + 1, is_wide, form, within)
        trailer = Reader(cut(records[at], rules.trailer, at + 1), rules.trailer, at + 1, form, days)
        balance = rules.check(trailer, entries)
        at += 1
        yield Statement(header, entries, is_wide, balance), at


def _expect(records: Sequence[Record], at: int, wanted: str) -> None:
    if at >= len(records):
        raise BadBankFile(Problem.ENDS_EARLY, len(records), expected=wanted)
    found = _type(records[at])
    if found == wanted:
        return
    known = found in (_HEADER, _DATA, _TRAILER, END)
    problem = Problem.OUT_OF_ORDER if known else Problem.UNKNOWN_RECORD
    raise BadBankFile(problem, at + 1, found=found, expected=wanted)


def _check_end(
    records: Sequence[Record],
    at: int,
    form: FileForm,
    kind: FileKind,
    days: Days,
    counted: int,
    accounts: int,
) -> None:
    if at + 1 < len(records):
        raise BadBankFile(Problem.OUT_OF_ORDER, at + 2, found=_type(records[at + 1]))
    if kind is FileKind.NOTICES:
        cut(records[at], END_01, at + 1)
        return
    end = Reader(cut(records[at], END_03, at + 1), END_03, at + 1, form, days)
    said = end.number("records", optional=True)
    # banks differ in whether headers, trailers and the end are counted
    if end.text("records") and said not in (counted, at, at + 1):
        raise end.refuse(Problem.COUNT_DIFFERS, "records", found=str(said), expected=str(counted))
    if end.text("accounts") and end.number("accounts") != accounts:
        raise end.refuse(
            Problem.COUNT_DIFFERS, "accounts", found=end.text("accounts"), expected=str(accounts)
        )
