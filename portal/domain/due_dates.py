"""When an invoice is due: the end of the next month (翌月末) or some days after issue, on a business day."""

import calendar
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum

LONGEST_CLOSURE_DAYS = 31
LONGEST_TERM_DAYS = 366
IsBusinessDay = Callable[[date], bool]


class DueKind(StrEnum):
    """How a due date is counted from the day of issue."""

    END_OF_NEXT_MONTH = "end_of_next_month"
    DAYS_AFTER = "days_after"


@dataclass(frozen=True)
class DueRule:
    """A payment term. `days` counts for DAYS_AFTER alone (the day of issue is day 0), 0-366."""

    kind: DueKind
    days: int = 0

    def __post_init__(self) -> None:
        if not 0 <= self.days <= LONGEST_TERM_DAYS:
            raise ValueError("a due date lies within a year of issue")

    @classmethod
    def parse(cls, text: str) -> "DueRule":
        """Read a setting: `end_of_next_month` or `days_after:30`. Raises ValueError on anything else."""
        kind, _, days = text.partition(":")
        if kind == DueKind.END_OF_NEXT_MONTH and not days:
            return cls(DueKind.END_OF_NEXT_MONTH)
        if kind == DueKind.DAYS_AFTER and days.isascii() and days.isdigit():
            return cls(DueKind.DAYS_AFTER, int(days))
        raise ValueError(f"no due rule {text!r}")

    def __str__(self) -> str:
        return f"{self.kind.value}:{self.days}" if self.kind is DueKind.DAYS_AFTER else self.kind.value


@dataclass(frozen=True)
class DueDate:
    """The day on which payment is due, and the day that the rule alone would give."""

    on: date
    counted_on: date
    rule: DueRule

    @property
    def is_shifted(self) -> bool:
        """True when the counted day was no business day."""
        return self.on != self.counted_on


def due_date(rule: DueRule, issued_on: date, *, is_business_day: IsBusinessDay | None = None) -> DueDate:
    """When an invoice is due; with a predicate, moved on to the next business day.

    Raises ValueError when the predicate knows no business day within a month: then the predicate is wrong.
    """
    if rule.kind is DueKind.END_OF_NEXT_MONTH:
        counted = _end_of_next_month(issued_on)
    else:
        counted = issued_on + timedelta(days=rule.days)
    return DueDate(_next_business_day(counted, is_business_day), counted, rule)


def _end_of_next_month(day: date) -> date:
    years, month = divmod(day.month, 12)
    year = day.year + years
    return date(year, month + 1, calendar.monthrange(year, month + 1)[1])


def _next_business_day(day: date, is_business_day: IsBusinessDay | None) -> date:
    if is_business_day is None:
        return day
    for later in range(LONGEST_CLOSURE_DAYS + 1):
        candidate = day + timedelta(days=later)
        if is_business_day(candidate):
            return candidate
    raise ValueError(f"no business day within {LONGEST_CLOSURE_DAYS} days of {day.isoformat()}")
