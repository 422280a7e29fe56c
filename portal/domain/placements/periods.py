"""When an internship takes place: the window in which it may, and the days that follow from the two that are agreed upon.

A stay lasts two months or longer as course work for credit (programme outline of the consortium).
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum

from portal.domain.internships.posting_rules import LEAST_WEEKS

LEAST_DAYS = 7 * LEAST_WEEKS
CHECK_OPENS = timedelta(days=7)  # before half-time
CHECK_WITHIN = timedelta(days=7)  # after half-time
EVALUATE_WITHIN = timedelta(days=28)  # after the last day
CLOSED_AFTER = timedelta(days=180)  # after the last day, when no evaluation came


class PeriodFault(StrEnum):
    """What is wrong with two days."""

    PAST = "past"
    TOO_SHORT = "too_short"
    BEFORE_POSTING = "before_posting"
    AFTER_POSTING = "after_posting"
    BEFORE_SUPERVISOR = "before_supervisor"
    AFTER_SUPERVISOR = "after_supervisor"
    TAKEN = "taken"  # the student is an intern elsewhere


@dataclass(frozen=True, slots=True)
class Window:
    """Between which days the posting and the supervisor let the student go; None bounds nothing."""

    posting_from: date | None = None
    posting_until: date | None = None
    supervisor_from: date | None = None
    supervisor_until: date | None = None

    @property
    def first(self) -> date | None:
        """The first day on which it may begin."""
        return max((d for d in (self.posting_from, self.supervisor_from) if d), default=None)

    @property
    def last(self) -> date | None:
        """The last day on which it may end."""
        return min((d for d in (self.posting_until, self.supervisor_until) if d), default=None)

    def latest_start(self) -> date | None:
        """The last day on which a stay of the least length still fits."""
        return None if self.last is None else self.last - timedelta(days=LEAST_DAYS - 1)


def period_faults(starts_on: date, ends_on: date, window: Window, today: date) -> dict[str, PeriodFault]:
    """The first fault of each field; empty when the days may be agreed upon."""
    found: dict[str, PeriodFault] = {}
    if starts_on < today:
        found["starts_on"] = PeriodFault.PAST
    elif window.posting_from and starts_on < window.posting_from:
        found["starts_on"] = PeriodFault.BEFORE_POSTING
    elif window.supervisor_from and starts_on < window.supervisor_from:
        found["starts_on"] = PeriodFault.BEFORE_SUPERVISOR
    if (ends_on - starts_on).days + 1 < LEAST_DAYS:
        found["ends_on"] = PeriodFault.TOO_SHORT
    elif window.posting_until and ends_on > window.posting_until:
        found["ends_on"] = PeriodFault.AFTER_POSTING
    elif window.supervisor_until and ends_on > window.supervisor_until:
        found["ends_on"] = PeriodFault.AFTER_SUPERVISOR
    return found


def overlaps(one: tuple[date, date], other: tuple[date, date]) -> bool:
    """Whether two periods, first and last day each, share a day."""
    return one[0] <= other[1] and other[0] <= one[1]


def first_day_of_work(starts_on: date, ready_on: date | None) -> date:
    """A stay begins on its agreed day, or on the later one on which the last hurdle was gone."""
    return starts_on if ready_on is None else max(starts_on, ready_on)


def is_too_late(first: date, ends_on: date, today: date) -> bool:
    """Whether a stay that begins on `first` can no longer last as long as it has to: other days have to be agreed upon."""
    return today > ends_on or (ends_on - first).days + 1 < LEAST_DAYS


def half_time(starts_on: date, ends_on: date) -> date:
    """The day in the middle; of two middle days the earlier."""
    return starts_on + (ends_on - starts_on) // 2


def monday_of(day: date) -> date:
    """The Monday of a day's week."""
    return day - timedelta(days=day.weekday())


def weeks_between(first: date, last: date) -> list[date]:
    """The Mondays of all weeks that hold a day from `first` to `last`."""
    monday, found = monday_of(first), []
    while monday <= last:
        found.append(monday)
        monday += timedelta(days=7)
    return found
