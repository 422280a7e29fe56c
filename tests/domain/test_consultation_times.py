"""Times cut from a span, weeks without closed days, and what overlaps."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from portal.domain.consultation_times import Span, cut, first_overlap, weekly

NINE = datetime(2026, 6, 10, 0, 0, tzinfo=UTC)
MINUTE = timedelta(minutes=1)


def span(start: int, end: int) -> Span:
    return Span(NINE + start * MINUTE, NINE + end * MINUTE)


def test_what_is_left_at_the_end_is_not_used() -> None:
    assert cut(span(0, 100), 45) == (span(0, 45), span(45, 90))
    assert cut(span(0, 30), 45) == ()
    assert cut(span(30, 0), 15) == ()


@given(st.integers(1, 600), st.integers(15, 240))
def test_parts_follow_one_another_without_overlap(length: int, minutes: int) -> None:
    parts = cut(span(0, length), minutes)
    assert len(parts) == length // minutes
    assert all(not a.overlaps(b) for a in parts for b in parts if a is not b)
    assert all(part.ends_at <= NINE + length * MINUTE for part in parts)


def test_closed_days_are_left_out_but_not_the_first() -> None:
    first = date(2026, 7, 20)  # a public holiday
    found = weekly(first, 3, lambda day: day != date(2026, 7, 27))
    assert found.days == (first, date(2026, 8, 3))
    assert found.left_out == (date(2026, 7, 27),)


def test_touching_is_no_overlap() -> None:
    assert first_overlap([span(45, 90)], [span(0, 45), span(90, 100)]) is None
    assert first_overlap([span(0, 10), span(44, 46)], [span(10, 45)]) == span(44, 46)
    assert first_overlap([span(0, 100)], [span(40, 41)]) == span(0, 100)
