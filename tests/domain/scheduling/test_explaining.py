"""Why not: each slot's blockers against the checker, what one person less opens, and a conflict from which nothing can be left out."""

from __future__ import annotations

import dataclasses
from datetime import datetime, timedelta

from hypothesis import given

from portal.domain.scheduling import (
    Blocker,
    Group,
    Meeting,
    Person,
    Season,
    check,
    conflict,
    counterfactuals,
    plan_of,
    solve,
    why_not,
)
from tests.domain.scheduling.seasons import FIRST, HOURS, seasons, weekday


@given(seasons(days=7))
def test_a_slot_without_blockers_can_be_taken_and_one_with_cannot(season: Season) -> None:
    plan = solve(season, 1)
    for meeting in season.meetings[:2]:
        others = {m: slot for m, slot in plan.moments.items() if m != meeting}
        now = check(season, others)
        for slot, found in why_not(plan, meeting).items():
            then = check(season, others | {meeting: slot})
            worse = (
                then.must_attend_clashes > now.must_attend_clashes or then.gap_violations > now.gap_violations
                or then.room_overflows > now.room_overflows or then.day_overflows > now.day_overflows or then.closed > now.closed
            )  # fmt: skip
            if not found:
                assert not worse or then.gap_violations > now.gap_violations
            if worse and then.room_overflows == now.room_overflows:
                assert found


def small(**more: object) -> Season:
    every = [datetime.combine(FIRST, hour) for hour in HOURS]
    people = {"a": Person(busy=frozenset(every[:2])), "b": Person(busy=frozenset(every[1:]))}
    season = Season(
        first=FIRST, last=FIRST, hours=HOURS, duration=timedelta(hours=2), people=people,
        groups={"g": Group(1, ("a", "b"), ("a", "b"))}, is_working_day=weekday,
    )  # fmt: skip
    return dataclasses.replace(season, **more)  # type: ignore[arg-type]


def test_two_calendars_together_leave_nothing_and_either_alone_would() -> None:
    plan = solve(small(), 1)
    meeting = Meeting("g", 1)
    assert plan.unplaced == (meeting,)
    assert conflict(plan, meeting) == ["calendar: a", "calendar: b"]
    one, other = counterfactuals(plan, meeting)
    assert (one.person, one.more, other.person, other.more) == ("a", 1, "b", 1)
    assert one.best == datetime.combine(FIRST, HOURS[0])
    assert {b for found in why_not(plan, meeting).values() for b, _detail in found} == {Blocker.CALENDAR}


def test_what_is_placed_has_no_conflict_and_a_closed_season_says_so() -> None:
    free = small(groups={"g": Group(1, ("a",), ("a",))})
    assert conflict(solve(free, 1), Meeting("g", 1)) == []
    shut = small(is_working_day=lambda day: False)
    assert conflict(plan_of(shut, {}), Meeting("g", 1)) == ["the season has no slot"]
