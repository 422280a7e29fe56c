"""Banks' own CSV by a mapping."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from portal.domain.bank_csv import Columns, Encoding, parse_bank_csv
from portal.domain.bank_days import ShortYears, read_bank_day
from portal.domain.zengin import BadBankFile, Direction, Problem
from tests.domain.bank.made import TODAY

TWO = Columns(day="日付", paid_in="お預り金額", paid_out="お支払金額", payer="摘要")
SAMPLE = (
    "日付,摘要,お支払金額,お預り金額,残高\n"
    "2026/11/20,ｶ)ﾐﾎﾝｾｲﾔｸ,,\"1,100,000\",1\n"
    "R8.11.20,テスウリヨウ,￥３３０,,2\n"
    "令和8年11月20日,ユ）ミホン,-,￥549340,3\n"
)  # fmt: skip


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "cp932"])
def test_a_statement_is_read_in_any_encoding(encoding) -> None:
    entries = parse_bank_csv(SAMPLE.encode(encoding), TWO, today=TODAY)
    assert [(e.booked_on, e.amount_yen, e.direction, e.line) for e in entries] == [
        (date(2026, 11, 20), 1_100_000, Direction.IN, 2),
        (date(2026, 11, 20), 330, Direction.OUT, 3),
        (date(2026, 11, 20), 549_340, Direction.IN, 4),
    ]
    assert entries[2].payer_name == "ユ）ミホン"


def test_columns_may_be_numbers_and_the_foot_is_left_out() -> None:
    text = "口座,0001234\n\n20261120,1,500,名前\n20261120,2,300,銀行\n合計,,200,\n"
    columns = Columns(
        day="1", paid_in="3", direction="2", payer="4", head_line=1, foot_word="合計", in_words=("1",)
    )
    entries = parse_bank_csv(text.encode(), columns, today=TODAY)
    assert [(e.amount_yen, e.direction) for e in entries] == [(500, Direction.IN), (300, Direction.OUT)]
    columns = Columns(day="1", paid_in="3", head_line=2, foot_lines=1)
    with pytest.raises(BadBankFile):
        parse_bank_csv(text.encode(), columns, today=TODAY)


def test_one_column_with_signs() -> None:
    entries = parse_bank_csv(
        b"d,a\n2026-11-20,+500\n2026-11-20,-30\n", Columns(day="d", paid_in="a"), today=TODAY
    )
    assert [(e.amount_yen, e.direction) for e in entries] == [(500, Direction.IN), (30, Direction.OUT)]


@pytest.mark.parametrize(
    ("text", "problem", "line", "column"),
    [
        ("", Problem.EMPTY, 1, 1),
        ("日付,摘要,お支払金額,お預り金額\n", Problem.EMPTY, 2, 1),
        ("日付,摘要,お支払金額\n2026/11/20,a,5\n", Problem.MISSING_COLUMN, 1, 1),
        (SAMPLE.replace("2026/11/20", "2026/13/20"), Problem.BAD_DATE, 2, 1),
        (SAMPLE.replace('"1,100,000"', "百万"), Problem.BAD_NUMBER, 2, 4),
        (SAMPLE.replace('"1,100,000"', ""), Problem.NO_AMOUNT, 2, 4),
        (SAMPLE.replace('"1,100,000"', '"1,100,000'), Problem.BAD_QUOTES, 2, 1),
        (SAMPLE.replace(',"1,100,000",1', ""), Problem.WRONG_FIELD_COUNT, 2, 3),
        (SAMPLE.replace('"1,100,000"', "1,100,000"), Problem.WRONG_FIELD_COUNT, 2, 6),
        (SAMPLE.replace("340,3", "340"), Problem.WRONG_FIELD_COUNT, 4, 4),
        (SAMPLE.replace("R8.11.20", "R8.11.22"), Problem.FUTURE_DATE, 3, 1),
        (SAMPLE.replace("2026/11/20", "2099/11/20"), Problem.FUTURE_DATE, 2, 1),
        (SAMPLE.replace("2026/11/20", "0001/01/01"), Problem.PAST_DATE, 2, 1),
        (SAMPLE.replace("2026/11/20", "1900/01/01"), Problem.PAST_DATE, 2, 1),
        (SAMPLE.replace("2026/11/20", "2000/03/31"), Problem.PAST_DATE, 2, 1),
    ],
)
def test_a_bad_statement_is_refused_with_its_place(text, problem, line, column) -> None:
    with pytest.raises(BadBankFile) as refused:
        parse_bank_csv(text.encode(), TWO, today=TODAY)
    assert (refused.value.problem, refused.value.line, refused.value.column) == (problem, line, column)


def test_without_a_head_the_first_row_is_the_measure() -> None:
    numbered = Columns(day="1", paid_in="2", payer="3", head_line=0)
    rows = b"2026-11-20,500,a\n2026-11-20,1,100,a\n"
    with pytest.raises(BadBankFile) as refused:
        parse_bank_csv(rows, numbered, today=TODAY)
    assert (refused.value.problem, refused.value.line, refused.value.column) == (
        Problem.WRONG_FIELD_COUNT,
        2,
        4,
    )


def test_letters_of_another_coding_are_refused_with_their_place() -> None:
    with pytest.raises(BadBankFile) as refused:
        parse_bank_csv(
            SAMPLE.encode("cp932"), Columns(day="1", paid_in="4", encoding=Encoding.UTF_8), today=TODAY
        )
    assert refused.value.problem is Problem.BAD_CHARACTER


@pytest.mark.parametrize(
    ("text", "day"),
    [
        ("2026-05-01", date(2026, 5, 1)),
        ("2026/5/1", date(2026, 5, 1)),
        ("２０２６年５月１日", date(2026, 5, 1)),
        ("20260501", date(2026, 5, 1)),
        ("R8.5.1", date(2026, 5, 1)),
        ("令和元年5月1日", date(2019, 5, 1)),
        ("H31/4/30", date(2019, 4, 30)),
        ("080501", date(2026, 5, 1)),
        ("08.05.01", date(2026, 5, 1)),
        ("R1.4.30", None),
        ("2026-02-30", None),
        ("5/1", None),
        ("", None),
    ],
)
def test_days_as_banks_write_them(text, day) -> None:
    assert read_bank_day(text, TODAY) == day


def test_short_years_may_be_western() -> None:
    assert read_bank_day("26/05/01", TODAY, ShortYears.WESTERN) == date(2026, 5, 1)


@given(content=st.binary(max_size=300) | st.text(max_size=200).map(lambda t: t.encode("utf-8", "ignore")))
def test_any_bytes_are_read_or_refused(content) -> None:
    try:
        parse_bank_csv(content, Columns(day="1", paid_in="2", head_line=0), today=TODAY)
    except BadBankFile as bad:
        assert bad.line >= 1
