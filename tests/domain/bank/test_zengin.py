"""Bank files: read whole and right, or refused whole with the place."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from portal.domain.zengin import (
    BadBankFile,
    BankFile,
    Direction,
    FileForm,
    FileKind,
    Problem,
    Statement,
    parse,
    transmitted,
    write,
)
from portal.domain.zengin.eras import era_day, read_era_date, write_era_date
from portal.domain.zengin.framing import records_of
from portal.domain.zengin.layouts import (
    DATA_01_A,
    DATA_01_B,
    DATA_03,
    END_03,
    HEADER_01,
    HEADER_03,
    TRAILER_01,
    TRAILER_03,
)
from tests.domain.bank.made import HEADER, TODAY, entry, files, movements, notices, without_lines

# Where the bankers' document puts each field: (first, last) counted from 1.
PLACES = [
    (HEADER_01, {"made_on": (5, 10), "bank_code": (23, 26), "bank_name": (27, 41), "deposit_kind": (60, 60), "number": (61, 67), "holder": (68, 107)}),
    (DATA_01_A, {"reference": (2, 7), "booked_on": (8, 13), "value_on": (14, 19), "amount": (20, 29), "other_banks": (30, 39), "payer_code": (40, 49), "payer_name": (50, 97), "bank": (98, 112), "branch": (113, 127), "cancelled": (128, 128), "edi": (129, 148)}),
    (DATA_01_B, {"cancelled": (128, 128), "amount_2": (129, 140), "other_banks_2": (141, 152), "edi": (153, 172)}),
    (TRAILER_01, {"count": (2, 7), "sum": (8, 19), "cancelled_count": (20, 25), "cancelled_sum": (26, 37)}),
    (HEADER_03, {"filler": (60, 62), "deposit_kind": (63, 63), "number": (64, 73), "holder": (74, 113), "sign": (114, 114), "passbook": (115, 115), "balance": (116, 129)}),
    (DATA_03, {"reference": (2, 9), "booked_on": (10, 15), "value_on": (16, 21), "direction": (22, 22), "category": (23, 24), "amount": (25, 36), "other_banks": (37, 48), "presented_on": (49, 54), "returned_on": (55, 60), "bill_kind": (61, 61), "bill_number": (62, 68), "bill_branch": (69, 71), "payer_code": (72, 81), "payer_name": (82, 129), "bank": (130, 144), "branch": (145, 159), "remarks": (160, 179), "edi": (180, 199)}),
    (TRAILER_03, {"in_count": (2, 7), "in_sum": (8, 20), "out_count": (21, 26), "out_sum": (27, 39), "sign": (40, 40), "balance": (41, 54), "data_count": (55, 61)}),
    (END_03, {"records": (2, 11), "accounts": (12, 16)}),
]  # fmt: skip


@pytest.mark.parametrize(("layout", "places"), PLACES)
def test_fields_stand_where_the_document_says(layout, places) -> None:
    assert {f.name: (f.first, f.last) for f in layout.fields if f.name in places} == places
    assert layout.fields[0].first == 1
    assert layout.fields[-1].last == 200
    assert all(a.last + 1 == b.first for a, b in zip(layout.fields, layout.fields[1:], strict=False))


@given(file=files(), line_ends=st.sampled_from([b"\r\n", b"\n", b""]), end_mark=st.booleans())
def test_reading_what_was_written_gives_the_same(file, line_ends, end_mark) -> None:
    content = write(file, line_ends=line_ends, end_mark=end_mark)
    assert without_lines(parse(content, today=TODAY)) == file


@given(file=files())
def test_both_forms_say_the_same(file) -> None:
    if any(c in "\\" for s in file.statements for e in s.entries for c in e.payer_name):
        return
    fixed = parse(write(type(file)(file.kind, FileForm.FIXED, file.statements)), today=TODAY)
    quoted = parse(write(type(file)(file.kind, FileForm.CSV, file.statements)), today=TODAY)
    assert without_lines(fixed).statements == without_lines(quoted).statements


@given(content=st.binary(max_size=900))
def test_any_bytes_are_read_or_refused(content) -> None:
    try:
        parse(content, today=TODAY)
    except BadBankFile as bad:
        assert bad.line >= 1
        assert bad.column >= 1


@given(file=files(), at=st.integers(0, 10**6), byte=st.integers(0, 255))
def test_one_changed_byte_is_read_or_refused_with_its_place(file, at, byte) -> None:
    content = bytearray(write(file))
    content[at % len(content)] = byte
    try:
        parse(bytes(content), today=TODAY)
    except BadBankFile as bad:
        assert bad.line >= 1


def test_a_record_takes_two_hundred_bytes_and_is_cut_without_line_ends() -> None:
    content = write(notices(entry(), entry(5)), line_ends=b"")
    assert len(content) == 5 * 200
    assert [e.amount_yen for e in parse(content, today=TODAY).statements[0].entries] == [1_100_000, 5]


def test_long_amounts_stand_in_form_b() -> None:
    file = notices(entry(123_456_789_012), entry(7), is_wide=True)
    content = write(file)
    assert content.splitlines()[1][19:29] == b"0000000000"
    assert content.splitlines()[1][128:140] == b"123456789012"
    assert without_lines(parse(content, today=TODAY)) == file


def test_a_file_may_hold_several_accounts_and_movements_out() -> None:
    out = entry(330, "ﾃｽｳﾘﾖｳ", direction=Direction.OUT)
    read = parse(write(movements(entry(), out)), today=TODAY)
    assert read.kind is FileKind.MOVEMENTS
    assert [e.direction for e in read.statements[0].entries] == [Direction.IN, Direction.OUT]
    assert read.statements[0].balance_yen == -12
    assert read.statements[0].header.account == "9990-001-1-0001234"


def changed(line: int, column: int, text: bytes, *, of: bytes = b"") -> bytes:
    """A good file with a few bytes replaced; line and column count from 1."""
    lines = (of or write(notices(entry(), entry(5, is_cancelled=True)))).split(b"\r\n")
    old = lines[line - 1]
    lines[line - 1] = old[: column - 1] + text + old[column - 1 + len(text) :]
    return b"\r\n".join(lines)


BAD = [
    (b"", Problem.EMPTY, 1, 1),
    (b"\r\n\r\n\x1a", Problem.EMPTY, 1, 1),
    (b"%PDF-1.7", Problem.NOT_A_BANK_FILE, 1, 1),
    (b"\xf1\xf0\xf1", Problem.EBCDIC, 1, 1),
    (changed(1, 4, b"1"), Problem.EBCDIC, 1, 4),
    (changed(1, 2, b"21"), Problem.UNSUPPORTED_KIND, 1, 2),
    (changed(1, 60, b"9"), Problem.UNSUPPORTED_DEPOSIT, 1, 60),
    (changed(1, 63, b"5", of=write(movements(entry()))), Problem.UNSUPPORTED_DEPOSIT, 1, 63),
    (changed(1, 23, b"X"), Problem.BAD_NUMBER, 1, 23),
    (changed(2, 20, b"00000x"), Problem.BAD_NUMBER, 2, 20),
    (changed(2, 20, b"0000000000"), Problem.NO_AMOUNT, 2, 20),
    (changed(2, 8, b"081332"), Problem.BAD_DATE, 2, 8),
    (changed(2, 14, b"089931"), Problem.BAD_DATE, 2, 14),
    (changed(2, 128, b"7"), Problem.BAD_CODE, 2, 128),
    (changed(2, 55, b"\x00"), Problem.BAD_CHARACTER, 2, 55),
    (changed(2, 55, b"\x93\xfa"), Problem.BAD_CHARACTER, 2, 55),
    (changed(2, 1, b"5"), Problem.UNKNOWN_RECORD, 2, 1),
    (changed(2, 1, b"9"), Problem.OUT_OF_ORDER, 2, 1),
    (changed(4, 2, b"000002"), Problem.COUNT_DIFFERS, 4, 2),
    (changed(4, 8, b"000001100001"), Problem.SUM_DIFFERS, 4, 8),
    (changed(4, 20, b"000000"), Problem.COUNT_DIFFERS, 4, 20),
    (changed(4, 26, b"000000000006"), Problem.SUM_DIFFERS, 4, 26),
    (b"\r\n".join(write(notices(entry())).split(b"\r\n")[:3]), Problem.ENDS_EARLY, 3, 1),
    (b"\r\n".join(write(notices(entry())).split(b"\r\n")[:2]), Problem.ENDS_EARLY, 2, 1),
    (write(notices(entry())) * 2, Problem.OUT_OF_ORDER, 5, 1),
    (write(notices(entry()))[:-10], Problem.WRONG_LENGTH, 4, 193),
    (write(notices(entry()), line_ends=b"")[:-1], Problem.WRONG_LENGTH, 4, 200),
    (write(notices(entry(), form=FileForm.CSV)).replace(b'"2","",', b'"2",', 1), Problem.WRONG_FIELD_COUNT, 2, 11),
    (write(notices(entry(), form=FileForm.CSV)).replace(b'"1100000"', b'"1100000', 1), Problem.BAD_QUOTES, 2, 1),
    (write(notices(entry(booked_on=date(2026, 11, 22)))), Problem.FUTURE_DATE, 2, 8),
    (write(notices(entry(value_on=date(2027, 9, 1)), form=FileForm.CSV)), Problem.FUTURE_DATE, 2, 4),
    (write(movements(entry(booked_on=date(2026, 11, 22)))), Problem.FUTURE_DATE, 2, 10),
    (changed(2, 8, b"261120"), Problem.OUTSIDE_DAYS, 2, 8),  # a western year, read as one of 平成
    (changed(2, 8, b"081119"), Problem.OUTSIDE_DAYS, 2, 8),
    (changed(2, 8, b"081121"), Problem.OUTSIDE_DAYS, 2, 8),
    (write(notices(entry(booked_on=date(2026, 11, 19)), is_wide=True)), Problem.OUTSIDE_DAYS, 2, 8),
    (write(notices(entry(booked_on=date(2026, 11, 19)), form=FileForm.CSV)), Problem.OUTSIDE_DAYS, 2, 3),
    (write(movements(entry(booked_on=date(2026, 11, 19)))), Problem.OUTSIDE_DAYS, 2, 10),
    (write(notices(entry(), entry(), entry(booked_on=date(2026, 11, 19)))), Problem.OUTSIDE_DAYS, 4, 8),
    (changed(1, 11, b"081121"), Problem.OUTSIDE_DAYS, 1, 17),  # from the day after the last one
    (changed(1, 17, b"081122"), Problem.FUTURE_DATE, 1, 17),
    (changed(1, 11, b"081122"), Problem.FUTURE_DATE, 1, 11),
    (changed(1, 5, b"081122"), Problem.FUTURE_DATE, 1, 5),
    (changed(2, 14, b"621120"), Problem.PAST_DATE, 2, 14),  # 昭和62
]  # fmt: skip


@pytest.mark.parametrize(("content", "problem", "line", "column"), BAD)
def test_a_bad_file_is_refused_whole_with_its_place(content, problem, line, column) -> None:
    with pytest.raises(BadBankFile) as refused:
        parse(content, today=TODAY)
    assert (refused.value.problem, refused.value.line, refused.value.column) == (problem, line, column)


def test_a_day_that_only_another_field_may_name_is_refused() -> None:
    """Also where a field that may name it has been read with the same six digits."""
    ahead = date(2026, 11, 24)
    file = movements(entry(presented_on=ahead), entry(booked_on=ahead))
    with pytest.raises(BadBankFile) as refused:
        parse(write(file), today=TODAY)
    assert (refused.value.problem, refused.value.line) == (Problem.FUTURE_DATE, 3)


def test_each_account_of_a_file_has_days_of_its_own() -> None:
    """What the header of one account allows, that of the next does not."""
    before = date(2026, 11, 19)
    wide = replace(HEADER, from_on=before)
    parts = Statement(wide, (entry(booked_on=before),)), Statement(HEADER, (entry(booked_on=before),))
    with pytest.raises(BadBankFile) as refused:
        parse(write(BankFile(FileKind.NOTICES, FileForm.FIXED, parts)), today=TODAY)
    assert (refused.value.problem, refused.value.line) == (Problem.OUTSIDE_DAYS, 5)
    parse(write(BankFile(FileKind.NOTICES, FileForm.FIXED, parts[:1])), today=TODAY)


def test_a_header_that_names_no_days_takes_every_day() -> None:
    bare = replace(HEADER, from_on=None, to_on=None)
    file = BankFile(
        FileKind.NOTICES, FileForm.FIXED, (Statement(bare, (entry(booked_on=date(2026, 5, 1)),)),)
    )
    assert len(parse(write(file), today=TODAY).statements[0].entries) == 1


def test_every_letter_that_banks_send_is_read_as_cp932_reads_it() -> None:
    letters = bytes([*range(0x20, 0x7F), *range(0xA1, 0xE0)])
    record = b"1" + letters.ljust(199)
    assert records_of(record + b"\n" + record)[1][0] == record.decode("cp932")


@pytest.mark.parametrize("is_carried", [False, True])
def test_a_csv_whose_amounts_have_commas_without_quotes_is_refused(is_carried) -> None:
    """With noughts behind its comma `1,000` would be 1 yen, and the line as long as one with the unused field."""
    tail = b',""\r\n' if is_carried else b"\r\n"
    plain = write(notices(entry(1_000), form=FileForm.CSV)).replace(b"\r\n", tail)
    assert parse(plain, today=TODAY).statements[0].entries[0].amount_yen == 1_000
    with pytest.raises(BadBankFile) as refused:
        parse(plain.replace(b'"1000"', b"1,000"), today=TODAY)
    assert (refused.value.problem, refused.value.line) == (Problem.WRONG_FIELD_COUNT, 2)
    mixed = plain.replace(tail, b"\r\n" if is_carried else b',""\r\n', 1)
    with pytest.raises(BadBankFile):
        parse(mixed, today=TODAY)


@pytest.mark.parametrize(
    ("digits", "day"),
    [
        ("080501", date(2026, 5, 1)),
        ("310430", date(2019, 4, 30)),
        ("010501", date(2019, 5, 1)),
        ("010430", date(1989, 4, 30)),
        ("640107", date(1989, 1, 7)),
        ("640108", None),
        ("080231", None),
        ("000101", None),
        ("08051", None),
        ("０80501", None),
    ],
)
def test_two_digits_of_a_year_mean_the_newest_era_that_fits(digits, day) -> None:
    assert read_era_date(digits, TODAY) == day


@given(day=st.dates(date(2019, 5, 1), TODAY))
def test_days_of_this_era_are_read_as_written(day) -> None:
    assert read_era_date(write_era_date(day), TODAY) == day


def test_named_eras_begin_on_their_day() -> None:
    assert era_day("R", 1, 5, 1) == date(2019, 5, 1)
    assert era_day("R", 1, 4, 30) is None
    assert era_day("H", 31, 4, 30) == date(2019, 4, 30)


@pytest.mark.parametrize(
    ("name", "carried"),
    [
        ("カ）カクウソウヤク", "ｶ)ｶｸｳｿｳﾔｸ"),
        ("シャチョウ・ヴァイオ", "ｼﾔﾁﾖｳｳﾞｱｲｵ"),
        ("ガギグゲゴ パピプ", "ｶﾞｷﾞｸﾞｹﾞｺﾞ ﾊﾟﾋﾟﾌﾟ"),
        ("データー", "ﾃﾞ-ﾀ-"),
        ("Example K.K.", "EXAMPLE K.K."),
        ("みほん花子", "ﾐﾎﾝ"),
        ("", ""),
    ],
)
def test_names_are_carried_in_the_banks_letters(name: str, carried: str) -> None:
    assert transmitted(name) == carried


@given(st.text(max_size=48))
def test_whatever_the_name_its_letters_are_single_bytes(name: str) -> None:
    carried = transmitted(name)
    assert len(carried.encode("cp932")) == len(carried)
    assert transmitted(carried) == carried
