"""Times that an officer offers: a span of a day cut into equal parts, and the same day of the week again and again."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta

LEAST_MINUTES, MOST_MINUTES = 15, 240
MOST_WEEKS = 26
MOST_SLOTS = 300


@dataclass(frozen=True, slots=True)
class Span:
    """From a moment up to another; ends do not touch what begins at them."""

    starts_at: datetime
    ends_at: datetime

    def overlaps(self, other: Span) -> bool:
        """Whether both hold some moment."""
        return self.starts_at < other.ends_at and other.starts_at < self.ends_at


@dataclass(frozen=True, slots=True)
class Weeks:
    """The days of a series: those that are taken, and those left out since they are closed."""

    days: tuple[date, ...]
    left_out: tuple[date, ...]


def cut(span: Span, minutes: int) -> tuple[Span, ...]:
    """As many parts of `minutes` as fit, one after the other; what is left at the end is not used."""
    part, start = timedelta(minutes=minutes), span.starts_at
    found: list[Span] = []
    while start + part <= span.ends_at and len(found) <= MOST_SLOTS:
        found.append(Span(start, start + part))
        start += part
    return tuple(found)


def weekly(first: date, weeks: int, is_open: Callable[[date], bool]) -> Weeks:
    """`first` and the same day of the following weeks. The first day is taken as it was typed; others only when open."""
    days = [first + timedelta(weeks=n) for n in range(weeks)]
    closed = [day for day in days[1:] if not is_open(day)]
    return Weeks(tuple(day for day in days if day not in closed), tuple(closed))


def first_overlap(wanted: Iterable[Span], taken: Iterable[Span]) -> Span | None:
    """The first of `wanted` that overlaps one of `taken`."""
    others = sorted(taken, key=lambda span: span.starts_at)
    return next((span for span in wanted if any(span.overlaps(other) for other in others)), None)
