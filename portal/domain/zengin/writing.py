"""Write a bank's file, for tests, the demo and the bench: what `parse` reads gives the same values again."""

import csv
import io
from collections.abc import Iterator, Sequence
from datetime import date

from portal.domain.zengin.eras import write_era_date
from portal.domain.zengin.headers import OVERDRAWN
from portal.domain.zengin.layouts import (
    DATA_01_A,
    DATA_01_B,
    DATA_03,
    END_01,
    END_03,
    HEADER_01,
    HEADER_03,
    RECORD_BYTES,
    TRAILER_01,
    TRAILER_03,
    Kind,
    Layout,
)
from portal.domain.zengin.records import BankFile, Direction, Entry, FileForm, FileKind, Header, Statement

Values = dict[str, str | int | date | None]
_LONGEST_A = 9_999_999_999


def write(file: BankFile, *, line_ends: bytes = b"\r\n", end_mark: bool = False) -> bytes:
    """The bytes; `line_ends` may be empty in the fixed form. Raises ValueError for what does not fit its field."""
    rows = list(_rows(file))
    if file.form is FileForm.CSV:
        return b"".join(_csv_line(layout, values) for layout, values in rows)
    body = line_ends.join(_fixed_line(layout, values) for layout, values in rows) + line_ends
    return body + (b"\x1a" if end_mark else b"")


def _rows(file: BankFile) -> Iterator[tuple[Layout, Values]]:
    is_notice = file.kind is FileKind.NOTICES
    for statement in file.statements:
        yield HEADER_01 if is_notice else HEADER_03, _header(file.kind, statement.header)
        for entry in statement.entries:
            if is_notice:
                yield DATA_01_B if statement.is_wide else DATA_01_A, _notice(entry, statement.is_wide)
            else:
                yield DATA_03, _movement(entry)
        yield (TRAILER_01, _notice_totals(statement)) if is_notice else (TRAILER_03, _totals(statement))
    counted = sum(len(statement.entries) for statement in file.statements)
    end: Values = {"record": 9, "records": counted, "accounts": len(file.statements)}
    yield END_01 if is_notice else END_03, end


def _header(kind: FileKind, header: Header) -> Values:
    return {
        "record": 1,
        "kind": kind.value,
        "code": 0,
        "made_on": header.made_on,
        "from_on": header.from_on,
        "to_on": header.to_on,
        "bank_code": header.bank_code,
        "bank_name": header.bank_name,
        "branch_code": header.branch_code,
        "branch_name": header.branch_name,
        "filler": 0,
        "deposit_kind": header.deposit_kind,
        "number": header.number,
        "holder": header.holder,
        "passbook": header.passbook,
        **_balance(header.balance_yen),
    }


def _balance(amount_yen: int | None) -> Values:
    if amount_yen is None:
        return {"sign": "1", "balance": ""}
    return {"sign": OVERDRAWN if amount_yen < 0 else "1", "balance": abs(amount_yen)}


def _common(entry: Entry) -> Values:
    return {
        "record": 2,
        "reference": entry.reference,
        "booked_on": entry.booked_on,
        "value_on": entry.value_on,
        "amount": entry.amount_yen,
        "other_banks": entry.other_banks_yen,
        "payer_code": entry.payer_code,
        "payer_name": entry.payer_name,
        "bank": entry.bank,
        "branch": entry.branch,
        "edi": entry.edi,
    }


def _notice(entry: Entry, is_wide: bool) -> Values:
    values = _common(entry) | {"cancelled": int(entry.is_cancelled)}
    if not is_wide:
        return values
    if entry.amount_yen <= _LONGEST_A:
        return values | {"amount_2": 0, "other_banks_2": 0}
    long: Values = {"amount_2": entry.amount_yen, "other_banks_2": entry.other_banks_yen}
    return values | long | {"amount": 0, "other_banks": 0}


def _movement(entry: Entry) -> Values:
    return _common(entry) | {
        "direction": entry.direction.value,
        "category": entry.category,
        "presented_on": entry.presented_on,
        "returned_on": entry.returned_on,
        "bill_kind": entry.bill_kind,
        "bill_number": entry.bill_number,
        "bill_branch": entry.bill_branch,
        "remarks": entry.remarks,
    }


def _total(entries: Sequence[Entry]) -> tuple[int, int]:
    return len(entries), sum(entry.amount_yen for entry in entries)


def _notice_totals(statement: Statement) -> Values:
    count, total = _total([e for e in statement.entries if not e.is_cancelled])
    back_count, back = _total([e for e in statement.entries if e.is_cancelled])
    return {"record": 8, "count": count, "sum": total, "cancelled_count": back_count, "cancelled_sum": back}


def _totals(statement: Statement) -> Values:
    in_count, in_sum = _total([e for e in statement.entries if e.direction is Direction.IN])
    out_count, out_sum = _total([e for e in statement.entries if e.direction is Direction.OUT])
    counted: Values = {"record": 8, "in_count": in_count, "in_sum": in_sum, "out_count": out_count}
    return (
        counted | {"out_sum": out_sum, "data_count": len(statement.entries)} | _balance(statement.balance_yen)
    )


def _text(value: str | int | date | None) -> str:
    if isinstance(value, date):
        return write_era_date(value)
    return "" if value is None else str(value)


def _fixed_line(layout: Layout, values: Values) -> bytes:
    parts = []
    for field in layout.fields[:-1]:
        text = _text(values[field.name])
        # a number that the bank left out stays blank; a code of digits keeps the noughts that it has
        filled = text.rjust(field.width, "0") if field.kind is Kind.NUMBER and text else text
        parts.append(filled.encode("cp932").ljust(field.width))
        if len(parts[-1]) != field.width:
            raise ValueError(f"{field.name} is longer than {field.width} bytes: {text!r}")
    return b"".join(parts).ljust(RECORD_BYTES)


def _csv_line(layout: Layout, values: Values) -> bytes:
    line = io.StringIO(newline="")
    writer = csv.writer(line, quoting=csv.QUOTE_ALL, lineterminator="\r\n")
    writer.writerow([_text(values[field.name]) for field in layout.fields[:-1]])
    return line.getvalue().encode("cp932")
