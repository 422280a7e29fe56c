"""A season as it is read: days, hours, people, groups, polls, and meetings that stay where they are."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from enum import StrEnum
from functools import cached_property

LONGEST_GAP = 100_000  # days: no limit


class Answer(StrEnum):
    """What somebody says to one candidate of a poll."""

    YES = "yes"
    IF_NEED_BE = "if_need_be"
    NO = "no"


def hour_of(slot: datetime) -> time:
    """At what hour of its day it begins."""
    return time(slot.hour, slot.minute)


@dataclass(frozen=True, order=True)
class Meeting:
    """The `number`th meeting of a group, from 1."""

    group: str
    number: int


@dataclass(frozen=True)
class Person:
    """Slots that begin while somebody is busy; `weekly` holds (weekday from Monday 0, hour). None: no calendar is known."""

    busy: frozenset[datetime] | None = None
    weekly: frozenset[tuple[int, time]] | None = None


@dataclass(frozen=True)
class Group:
    """`gap`: fewest and most days from one meeting to the next. `must_attend` are members too."""

    meetings: int
    members: tuple[str, ...]
    must_attend: tuple[str, ...] = ()
    gap: tuple[int, int] = (1, LONGEST_GAP)


@dataclass(frozen=True)
class Season:
    """Hours are local to the office and naive. `is_working_day` says of a day whether anybody meets at all."""

    first: date
    last: date
    hours: tuple[time, ...]
    duration: timedelta
    people: Mapping[str, Person]
    groups: Mapping[str, Group]
    is_working_day: Callable[[date], bool] = field(compare=False)
    closed: frozenset[date] = frozenset()
    rooms: int | None = None
    most_a_day: int | None = None
    polls: Mapping[Meeting, Mapping[str, Mapping[datetime, Answer]]] = field(default_factory=dict)
    fixed: Mapping[Meeting, datetime] = field(default_factory=dict)
    seed: int = 1

    @cached_property
    def meetings(self) -> tuple[Meeting, ...]:
        """All of them, group by group in order of ids."""
        return tuple(
            Meeting(name, number + 1)
            for name in sorted(self.groups)
            for number in range(self.groups[name].meetings)
        )

    @cached_property
    def slots(self) -> tuple[datetime, ...]:
        """Every beginning at which something can meet, and those at which a fixed meeting stands."""
        days = (self.first + timedelta(days=n) for n in range((self.last - self.first).days + 1))
        open_ones = {
            datetime.combine(day, hour)
            for day in days
            if day not in self.closed and self.is_working_day(day)
            for hour in self.hours
        }
        return tuple(sorted(open_ones | set(self.fixed.values())))

    def is_open(self, slot: datetime) -> bool:
        """Whether a meeting may be put there."""
        return (
            slot.date() not in self.closed
            and self.is_working_day(slot.date())
            and hour_of(slot) in self.hours
        )
