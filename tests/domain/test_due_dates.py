from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from portal.domain.due_dates import DueKind, DueRule, due_date

END = DueRule(DueKind.END_OF_NEXT_MONTH)


@pytest.mark.parametrize(
    ("issued_on", "due_on"),
    [
        (date(2026, 4, 1), date(2026, 5, 31)),
        (date(2026, 4, 30), date(2026, 5, 31)),
        (date(2026, 1, 31), date(2026, 2, 28)),
        (date(2028, 1, 31), date(2028, 2, 29)),
        (date(2026, 11, 30), date(2026, 12, 31)),
        (date(2026, 12, 1), date(2027, 1, 31)),
    ],
)
def test_end_of_next_month(issued_on: date, due_on: date) -> None:
    due = due_date(END, issued_on)
    assert (due.on, due.counted_on, due.is_shifted, due.rule) == (due_on, due_on, False, END)


@pytest.mark.parametrize(
    ("days", "due_on"),
    [(0, date(2026, 12, 15)), (14, date(2026, 12, 29)), (30, date(2027, 1, 14)), (60, date(2027, 2, 13))],
)
def test_days_after_issue(days: int, due_on: date) -> None:
    assert due_date(DueRule(DueKind.DAYS_AFTER, days), date(2026, 12, 15)).on == due_on


def test_a_due_date_moves_on_to_the_next_business_day() -> None:
    # 31 May 2026 is a Sunday
    due = due_date(END, date(2026, 4, 10), is_business_day=lambda day: day.weekday() < 5)
    assert (due.on, due.counted_on, due.is_shifted) == (date(2026, 6, 1), date(2026, 5, 31), True)


def test_a_due_date_passes_over_the_turn_of_the_year() -> None:
    closed = {date(2026, 12, 31), date(2027, 1, 1), date(2027, 1, 2), date(2027, 1, 3)}
    due = due_date(END, date(2026, 11, 5), is_business_day=lambda day: day not in closed)
    assert due.on == date(2027, 1, 4)


def test_a_calendar_without_business_days_is_refused() -> None:
    with pytest.raises(ValueError, match="no business day within 31 days of 2026-05-31"):
        due_date(END, date(2026, 4, 1), is_business_day=lambda _: False)


@pytest.mark.parametrize("text", ["end_of_next_month", "days_after:0", "days_after:30", "days_after:366"])
def test_rules_are_read_from_settings_and_written_back(text: str) -> None:
    assert str(DueRule.parse(text)) == text


@pytest.mark.parametrize(
    "text",
    [
        "",
        "end_of_month",
        "end_of_next_month:3",
        "days_after",
        "days_after:-1",
        "days_after:367",
        "days_after:３",
    ],
)
def test_other_rules_are_refused(text: str) -> None:
    with pytest.raises(ValueError, match=r"due"):
        DueRule.parse(text)


@given(st.dates(date(2000, 1, 1), date(2100, 12, 31)))
def test_the_end_of_next_month_is_a_last_day_28_to_62_days_away(issued_on: date) -> None:
    on = due_date(END, issued_on).on
    assert (on + timedelta(days=1)).day == 1
    assert 28 <= (on - issued_on).days <= 62
