"""The only clock. Moments are aware UTC; the office's calendar day is Japan's."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

OFFICE_ZONE = ZoneInfo("Asia/Tokyo")
AHEAD = timedelta(hours=9)

_stopped_at: list[datetime] = []


def now() -> datetime:
    """The present moment, aware, UTC."""
    return _stopped_at[-1] if _stopped_at else datetime.now(UTC)


def today() -> date:
    """The calendar day in Japan."""
    return now().astimezone(OFFICE_ZONE).date()


def day_of(moment: datetime) -> date:
    """The calendar day in Japan of an aware moment in UTC, as the database gives it: nine hours ahead since 1951."""
    return (moment + AHEAD).date()


def day_told(moment: datetime) -> date:
    """The calendar day in Japan of a moment that another clock tells: never after ours, which the books go by."""
    return min(moment.astimezone(OFFICE_ZONE).date(), today())


@contextmanager
def frozen(at: datetime) -> Iterator[None]:
    """Stop the clock at an aware moment (tests, and the demo's backdated story)."""
    if at.tzinfo is None:
        raise ValueError("the clock stops at an aware moment only")
    _stopped_at.append(at.astimezone(UTC))
    try:
        yield
    finally:
        _stopped_at.pop()
