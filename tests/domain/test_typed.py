"""Numbers as people type them."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from portal.core import formats
from portal.domain.documents import wording
from portal.domain.money import NotYen, parse_yen
from portal.domain.typed import half_width, read_day, read_whole_number


@pytest.mark.parametrize(
    ("typed", "number"),
    [
        ("1100000", 1_100_000), ("1,100,000", 1_100_000), ("１，１００，０００", 1_100_000), (" 42 ", 42), ("　42", 42), ("-5", -5),
        ("－５", -5), ("−5", -5), ("007", 7), ("10²", None), ("①", None), ("1,00,0", None), ("1,1000", None), (",1", None),
        ("½", None), ("٣", None), ("1e3", None), ("1.0", None), ("", None), ("9" * 16, None),
        ("¥233,418", 233_418), ("￥233,418", 233_418), ("￥２３３，４１８", 233_418), ("233,418円", 233_418), ("¥ 5 ", 5), ("5 円", 5),
        ("¥233,418円", 233_418), ("¥", None), ("円", None), ("¥¥5", None), ("5円円", None), ("円5", None), ("5¥", None),
        ("¥23,3418", None), ("¥①", None), ("10²円", None), ("$5", None), ("5千円", None), ("¥1.5", None),
    ],
)  # fmt: skip
def test_a_whole_number(typed: str, number: int | None) -> None:
    assert read_whole_number(typed) == number


@pytest.mark.parametrize(
    "typed",
    ["2026-11-20", "2026/11/20", "２０２６／１１／２０", "2026年11月20日", "2026年11月20日（金）", " 2026 年 11 月 20 日 ", "20 Nov 2026",
     "Fri 20 Nov 2026", "20 November 2026", "Friday, 20 november 2026"],
)  # fmt: skip
def test_a_day_in_any_way_in_which_pages_write_it(typed: str) -> None:
    assert read_day(typed) == date(2026, 11, 20)


@pytest.mark.parametrize(
    "typed",
    ["", "20.11.2026", "2026-02-30", "2026年2月30日", "30 Feb 2026", "20 No 2026", "20 Novem8 2026", "11-20", "Foo 20 Nov 2026",
     "20 Nov 26", "11/20/2026", "2026年11月"],
)  # fmt: skip
def test_what_could_be_another_day_is_none(typed: str) -> None:
    assert read_day(typed) is None


@pytest.mark.parametrize("language", ["ja", "en"])
def test_the_day_that_a_page_shows_is_read_back(language: str) -> None:
    for month in range(1, 13):
        on = date(2027, month, 28)
        assert (
            read_day(formats._day(on, language))
            == read_day(wording.day(on, wording.Language(language)))
            == on
        )


@pytest.mark.parametrize("typed", ["10²", "①", "㊿", "1½", "¹"])
def test_an_amount_is_read_and_never_guessed(typed: str) -> None:
    with pytest.raises(NotYen):
        parse_yen(typed)


@given(st.integers(-(10**14), 10**14))
def test_what_is_written_in_full_width_is_read_the_same(number: int) -> None:
    wide = f"{number:,}".translate({ord(c): 0xFEE0 + ord(c) for c in "0123456789,-"})
    assert read_whole_number(wide) == number
    assert half_width(wide) == f"{number:,}"
