"""Rules of placements: steps, periods, checklists, hours, duties, sums."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as some

from portal.domain.placements.checklist import PARTIES, RESPONSIBLE, ItemKind, due_day, is_needed
from portal.domain.placements.criteria import mean_tenths, whole_blocks
from portal.domain.placements.duties import Facts, Task, duties, stage_of
from portal.domain.placements.hours import HoursFault, WeekState, hours_faults, is_over, read_minutes, written
from portal.domain.placements.periods import (
    LEAST_DAYS,
    PeriodFault,
    Window,
    half_time,
    monday_of,
    period_faults,
    weeks_between,
)
from portal.domain.placements.placement_flow import NEXT, Mover, PlacementState, Side, may_move

DAYS = some.dates(date(2020, 1, 1), date(2040, 1, 1))
FIRST, LAST = date(2026, 9, 1), date(2026, 11, 30)
RUNNING = Facts(state=PlacementState.RUNNING, made_on=date(2026, 7, 1), starts_on=FIRST, last_on=LAST)


def test_nothing_waits_for_ever() -> None:
    """From every state the office or the calendar leads on."""
    for state, following in NEXT.items():
        assert not following or any(
            {Mover.OFFICE, Mover.CALENDAR} & movers for movers in following.values()
        ), state


def test_a_student_starts_nothing() -> None:
    assert not may_move(PlacementState.PREPARING, PlacementState.RUNNING, Mover.STUDENT)
    assert may_move(PlacementState.PREPARING, PlacementState.RUNNING, Mover.CALENDAR)


@pytest.mark.parametrize(
    ("first", "last", "window", "faults"),
    [
        (FIRST, LAST, Window(), {}),
        (FIRST, FIRST + timedelta(days=LEAST_DAYS - 1), Window(), {}),
        (FIRST, FIRST + timedelta(days=LEAST_DAYS - 2), Window(), {"ends_on": PeriodFault.TOO_SHORT}),
        (LAST, FIRST, Window(), {"ends_on": PeriodFault.TOO_SHORT}),
        (date(2026, 6, 30), LAST, Window(), {"starts_on": PeriodFault.PAST}),
        (FIRST, LAST, Window(FIRST + timedelta(days=1)), {"starts_on": PeriodFault.BEFORE_POSTING}),
        (FIRST, LAST, Window(None, LAST - timedelta(days=1)), {"ends_on": PeriodFault.AFTER_POSTING}),
        (FIRST, LAST, Window(None, None, date(2026, 9, 2)), {"starts_on": PeriodFault.BEFORE_SUPERVISOR}),
        (
            FIRST,
            LAST,
            Window(None, None, None, date(2026, 11, 29)),
            {"ends_on": PeriodFault.AFTER_SUPERVISOR},
        ),
    ],
)
def test_a_period(first: date, last: date, window: Window, faults: dict[str, PeriodFault]) -> None:
    assert period_faults(first, last, window, date(2026, 7, 1)) == faults


def test_the_narrower_window_binds() -> None:
    window = Window(FIRST, LAST, FIRST + timedelta(days=9), LAST - timedelta(days=9))
    assert (window.first, window.last) == (date(2026, 9, 10), date(2026, 11, 21))
    assert window.latest_start() == date(2026, 9, 27)
    assert Window().latest_start() is None


@given(DAYS, some.integers(0, 400))
def test_half_time_lies_in_the_middle(first: date, length: int) -> None:
    last = first + timedelta(days=length)
    middle = half_time(first, last)
    assert first <= middle <= last
    assert 0 <= (last - middle).days - (middle - first).days <= 1


@given(DAYS, some.integers(0, 100))
def test_every_day_lies_in_one_week(first: date, length: int) -> None:
    days = [first + timedelta(days=n) for n in range(length + 1)]
    assert weeks_between(first, days[-1]) == list(dict.fromkeys(monday_of(day) for day in days))


def test_what_a_posting_asks_for() -> None:
    plain = [kind for kind in ItemKind if is_needed(kind, [], False)]
    assert set(ItemKind) - set(plain) == {ItemKind.DATA_TRANSFER, ItemKind.EXPORT_CONTROL}
    assert all(is_needed(kind, ["transfer"], True) for kind in ItemKind)


def test_papers_belong_to_those_who_sign_and_to_the_office() -> None:
    assert all(Side.OFFICE in PARTIES[kind] and RESPONSIBLE[kind] in PARTIES[kind] for kind in ItemKind)
    assert Side.COMPANY not in PARTIES[ItemKind.INSURANCE]
    assert Side.STUDENT not in PARTIES[ItemKind.IMPLEMENTATION]


def test_an_item_is_never_due_within_a_week() -> None:
    today = date(2026, 8, 30)
    assert due_day(ItemKind.NDA, today, FIRST) == date(2026, 9, 6)
    assert due_day(ItemKind.NDA, date(2026, 7, 1), FIRST) == date(2026, 8, 18)
    assert due_day(ItemKind.NDA, today, None) == date(2026, 9, 6)


@pytest.mark.parametrize(
    ("typed", "minutes"),
    [("", 0), ("8", 480), ("7:45", 465), (" ７：３０ ", 450), ("24:00", 1440), ("7:60", None), ("-1", None), ("7.5", None),
     ("八", None), ("1e3", None), ("٧", None), ("123:00", None)],
)  # fmt: skip
def test_hours_as_they_are_typed(typed: str, minutes: int | None) -> None:
    assert read_minutes(typed) == minutes


@given(some.integers(0, 1440))
def test_hours_are_read_as_they_are_written(minutes: int) -> None:
    assert read_minutes(written(minutes)) == minutes


def test_hours_that_cannot_be() -> None:
    today = date(2026, 9, 10)
    typed = {date(2026, 9, 7): 1441, date(2026, 9, 8): None, date(2026, 9, 9): 480, date(2026, 9, 11): 60, date(2026, 8, 31): 60,
             date(2026, 9, 12): 0}  # fmt: skip
    assert hours_faults(typed, FIRST, LAST, today) == {
        date(2026, 9, 7): HoursFault.TOO_MANY,
        date(2026, 9, 8): HoursFault.UNREADABLE,
        date(2026, 9, 11): HoursFault.FUTURE,
        date(2026, 8, 31): HoursFault.OUTSIDE,
    }


def test_a_week_is_over_on_its_sunday_or_on_the_last_day() -> None:
    assert not is_over(date(2026, 9, 7), LAST, date(2026, 9, 12))
    assert is_over(date(2026, 9, 7), LAST, date(2026, 9, 13))
    assert is_over(monday_of(LAST), LAST, LAST)


def test_before_the_start() -> None:
    facts = Facts(
        state=PlacementState.PREPARING, made_on=date(2026, 7, 1), agreed=frozenset({Side.STUDENT}),
        items=[(ItemKind.INSURANCE, date(2026, 8, 20))],
    )  # fmt: skip
    found = [(each.side, each.task, each.due_on) for each in duties(facts, date(2026, 7, 2))]
    assert found == [
        (Side.COMPANY, Task.AGREE, date(2026, 7, 15)),
        (Side.STUDENT, Task.ITEM, date(2026, 8, 20)),
    ]


def test_hours_and_the_check_at_half_time() -> None:
    weeks = {
        date(2026, 8, 31): WeekState.CONFIRMED,
        date(2026, 9, 7): WeekState.ENTERED,
        date(2026, 9, 14): WeekState.RETURNED,
    }
    facts = Facts(
        state=RUNNING.state, made_on=RUNNING.made_on, starts_on=FIRST, last_on=LAST, weeks=weeks, checked=frozenset({Side.COMPANY})
    )  # fmt: skip
    tasks = [(each.side, each.task) for each in duties(facts, date(2026, 9, 28))]
    assert tasks == [
        (Side.COMPANY, Task.CONFIRM),
        (Side.STUDENT, Task.CORRECT),
        (Side.STUDENT, Task.ENTER),
    ]
    later = [each for each in duties(facts, date(2026, 10, 9)) if each.task is Task.CHECK]
    assert [(each.side, each.due_on) for each in later] == [(Side.STUDENT, date(2026, 10, 23))]


def test_the_office_issues_the_papers_of_who_was_evaluated() -> None:
    evaluated = frozenset({Side.COMPANY})
    facts = Facts(
        state=PlacementState.EVALUATED, made_on=FIRST, starts_on=FIRST, last_on=LAST, evaluated=evaluated, has_papers=False
    )  # fmt: skip
    assert [each.task for each in duties(facts, LAST) if each.side is Side.OFFICE] == [Task.PAPERS]


def test_reminders_come_in_steps_and_end() -> None:
    due = date(2026, 9, 10)
    stages = [stage_of(due, due + timedelta(days=n)) for n in (-8, -7, 0, 1, 14, 15, 29, 300, 3000)]
    assert stages == [None, 0, 0, 1, 1, 2, 3, 6, 6]


@given(some.lists(some.integers(0, 5)))
def test_means_of_marks(marks: list[int]) -> None:
    given_marks = [mark for mark in marks if mark]
    mean = mean_tenths(marks)
    assert (mean is None) == (not given_marks)
    assert mean is None or abs(mean - 10 * sum(given_marks) / len(given_marks)) <= 0.5


@given(some.integers(0, 1000))
def test_sums_grow_by_whole_blocks(count: int) -> None:
    """Between two readings five answers are new, or none."""
    assert whole_blocks(count) % 5 == 0
    assert 0 <= count - whole_blocks(count) < 5
