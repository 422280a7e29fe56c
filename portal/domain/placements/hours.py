"""Hours of work, in whole minutes."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping
from datetime import date, timedelta
from enum import StrEnum

MOST_MINUTES = 24 * 60
_SHAPE = re.compile(r"(?P<hours>\d{1,2})(?::(?P<minutes>[0-5]\d))?")


class WeekState(StrEnum):
    """Where a week of hours stands."""

    ENTERED = "entered"
    CONFIRMED = "confirmed"
    RETURNED = "returned"  # to the student, with a remark


class HoursFault(StrEnum):
    """Why a day's hours are not taken."""

    UNREADABLE = "unreadable"
    TOO_MANY = "too_many"
    FUTURE = "future"
    OUTSIDE = "outside"


def read_minutes(typed: str) -> int | None:
    """Minutes of `7:45` or `8`, also in full width; nothing typed is 0, None cannot be read."""
    bare = unicodedata.normalize("NFKC", typed).strip()
    if not bare:
        return 0
    found = _SHAPE.fullmatch(bare) if bare.isascii() else None
    return None if found is None else 60 * int(found["hours"]) + int(found["minutes"] or 0)


def written(minutes: int) -> str:
    """`7:45`."""
    return f"{minutes // 60}:{minutes % 60:02d}"


def hours_faults(
    minutes: Mapping[date, int | None], first: date, last: date, today: date
) -> dict[date, HoursFault]:
    """The fault of each day; empty when all can be written down. A day without work may lie anywhere."""
    found = {}
    for day, worked in minutes.items():
        if worked is None:
            found[day] = HoursFault.UNREADABLE
        elif worked > MOST_MINUTES:
            found[day] = HoursFault.TOO_MANY
        elif worked and day > today:
            found[day] = HoursFault.FUTURE
        elif worked and not first <= day <= last:
            found[day] = HoursFault.OUTSIDE
    return found


def is_over(monday: date, last: date, today: date) -> bool:
    """Whether nothing can be added to the week of `monday` any more: its Sunday, or the last day of work, is here."""
    return today >= min(monday + timedelta(days=6), last)
