"""Numbers as people type them."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from portal.domain.money import NotYen, parse_yen
from portal.domain.typed import half_width, read_whole_number


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


@pytest.mark.parametrize("typed", ["10²", "①", "㊿", "1½", "¹"])
def test_an_amount_is_read_and_never_guessed(typed: str) -> None:
    with pytest.raises(NotYen):
        parse_yen(typed)


@given(st.integers(-(10**14), 10**14))
def test_what_is_written_in_full_width_is_read_the_same(number: int) -> None:
    wide = f"{number:,}".translate({ord(c): 0xFEE0 + ord(c) for c in "0123456789,-"})
    assert read_whole_number(wide) == number
    assert half_width(wide) == f"{number:,}"
