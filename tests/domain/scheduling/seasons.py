"""Small seasons drawn by Hypothesis, and one to be read by people."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta
from typing import Any

from hypothesis import strategies as st

from portal.domain.scheduling import Group, Person, Season

HOURS = (time(10), time(14), time(18))
FIRST = date(2026, 6, 1)  # a Monday


def weekday(day: date) -> bool:
    """No weekend."""
    return day.weekday() < 5


def slots(days: int) -> list[datetime]:
    """All of so many days that can be met in."""
    every = (FIRST + timedelta(days=n) for n in range(days))
    return [datetime.combine(day, hour) for day in every if weekday(day) for hour in HOURS]


@st.composite
def seasons(draw: st.DrawFn, days: int = 14) -> Season:
    """A few groups and people, some with calendars, some rooms."""
    names = [f"p{n}" for n in range(draw(st.integers(1, 6)))]
    every = slots(days)
    busy = st.none() | st.frozensets(st.sampled_from(every), max_size=10)
    weekly = st.none() | st.frozensets(st.tuples(st.integers(0, 4), st.sampled_from(HOURS)), max_size=4)
    people = {name: Person(draw(busy), draw(weekly)) for name in names}
    groups = {}
    for n in range(draw(st.integers(1, 4))):
        members = tuple(draw(st.lists(st.sampled_from(names), unique=True, max_size=6)))
        must = tuple(draw(st.lists(st.sampled_from(members), unique=True, max_size=2))) if members else ()
        least = draw(st.integers(1, 5))
        gap = (least, least + draw(st.integers(0, 7)))
        groups[f"g{n}"] = Group(draw(st.integers(0, 3)), members, must, gap)
    return Season(
        first=FIRST, last=FIRST + timedelta(days=days - 1), hours=HOURS, duration=timedelta(hours=draw(st.sampled_from([2, 5]))),
        people=people, groups=groups, is_working_day=weekday, rooms=draw(st.none() | st.integers(1, 2)),
        most_a_day=draw(st.none() | st.integers(1, 3)), seed=draw(st.integers(0, 9)),
    )  # fmt: skip


def value(**more: Any) -> dict[str, Any]:
    """A season as JSON values."""
    return {
        "format": "renkei-season/1", "season": {"from": "2026-06-01", "to": "2026-06-30"}, "day_slots": ["10:00", "18:00"],
        "duration_minutes": 120, "people": {"p1": {"busy": ["2026-06-01T10:00"], "weekly_busy": ["mon 18:00"]}, "p2": {}},
        "groups": {"g1": {"meetings": 2, "gap_days": [7, 20], "must_attend": ["p1"], "members": ["p1", "p2"]}},
    } | more  # fmt: skip
