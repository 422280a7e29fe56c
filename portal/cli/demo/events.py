"""A deed at its moment."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime, time

from portal.core.clock import OFFICE_ZONE


@dataclass(frozen=True, slots=True)
class Event:
    """What happened, and when."""

    at: datetime
    do: Callable[[], object]


def at(day: date, hour: int, minute: int = 0) -> datetime:
    """A moment in the office's zone."""
    return datetime.combine(day, time(hour, minute), OFFICE_ZONE)
