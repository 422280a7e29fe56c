"""Which part of a fee belongs to which month of its period, and what is left of it for later months.

A fee is spread evenly over the months of its period, the first and the last one counted whole. Until a month has ended its part
is still to come. A fraction of a yen waits for a later month, so that the last month brings the sum to the fee exactly.

A fee, or a return of one, that is booked after its period began catches up in the month of the booking: months that are closed
never change afterwards. A return mirrors its fee.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from typing import NamedTuple

from portal.domain.terms import FiscalYear

MONTHS_A_YEAR = 12


class Month(NamedTuple):
    """A calendar month; months compare by time."""

    year: int
    month: int

    @classmethod
    def of(cls, day: date) -> Month:
        """The month of a day."""
        return cls(day.year, day.month)

    @property
    def place(self) -> int:
        """A number that grows by one a month."""
        return self.year * MONTHS_A_YEAR + self.month - 1

    def later(self, months: int) -> Month:
        """So many months later; earlier when negative."""
        year, month = divmod(self.place + months, MONTHS_A_YEAR)
        return Month(year, month + 1)

    @property
    def first_day(self) -> date:
        """The 1st."""
        return date(self.year, self.month, 1)

    @property
    def last_day(self) -> date:
        """The last day of the month."""
        return self.later(1).first_day - timedelta(days=1)


def months_of(year: FiscalYear) -> tuple[Month, ...]:
    """April to March."""
    first = Month.of(year.starts_on)
    return tuple(first.later(n) for n in range(MONTHS_A_YEAR))


@dataclass(frozen=True, slots=True)
class Share:
    """`count` equal amounts that were booked in one month for one period. `net_yen` of each: negative when given back.

    `in_income`: the books had it among the income from the day of its entry, whatever its period. `is_return`: it was given back,
    or is a return that was undone.
    """

    booked: Month
    period_from: date
    period_to: date
    net_yen: int
    count: int = 1
    in_income: bool = False
    is_return: bool = False

    def earned_yen(self, until: Month) -> int:
        """What belongs to the months up to and with `until`; nothing before it was booked."""
        if until < self.booked:
            return 0
        first = Month.of(self.period_from).place
        months = max(1, Month.of(self.period_to).place - first + 1)
        gone = min(max(until.place - first + 1, 0), months)
        part = abs(self.net_yen) * gone // months
        return (part if self.net_yen >= 0 else -part) * self.count

    def earned_in(self, month: Month) -> int:
        """What belongs to a month, with what it catches up."""
        return self.earned_yen(month) - self.earned_yen(month.later(-1))

    def left_yen(self, at_end_of: Month) -> int:
        """What is left for later months; nothing before it was booked."""
        if at_end_of < self.booked:
            return 0
        return self.net_yen * self.count - self.earned_yen(at_end_of)

    def whole_yen(self, at_end_of: Month) -> int:
        """All of it; nothing before it was booked."""
        return 0 if at_end_of < self.booked else self.net_yen * self.count

    def has_begun(self, on: date) -> bool:
        """Whether its period has begun on a day, or counts as begun."""
        return self.in_income or self.period_from <= on
