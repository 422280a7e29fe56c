"""Whether a stay fits between the days that both sides allow."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta


def latest(*days: date | None) -> date | None:
    """The latest of those that are said."""
    return max((day for day in days if day), default=None)


@dataclass(frozen=True, slots=True)
class Stay:
    """A stay of `weeks` between two days, both included; a day that is left open does not bind."""

    starts_from: date | None
    ends_by: date | None
    weeks: int | None

    def fits_between(self, first: date | None, last: date | None) -> bool:
        """Whether it fits into somebody's days, too."""
        return stay_fits(
            from_on=first, until_on=last, starts_from=self.starts_from, ends_by=self.ends_by, weeks=self.weeks
        )

    def fits_before(self, other: Stay) -> bool:
        """Whether, begun on its first day, it is over early enough for the other."""
        if self.starts_from is None:
            return True
        length = timedelta(weeks=self.weeks or 0)
        if date.max - self.starts_from < length:  # it lasts to the end of all calendars
            return False
        return other.fits_between(self.starts_from + length, None)


def fit_in_turn(one: Stay, other: Stay) -> bool:
    """Whether somebody can do both, one after the other."""
    return one.fits_before(other) or other.fits_before(one)


def stay_fits(
    *, from_on: date | None, until_on: date | None, starts_from: date | None, ends_by: date | None, weeks: int | None
) -> bool:  # fmt: skip
    """A stay of `weeks` (one day, where none is said) fits into the supervisor's days and the posting's together.

    A day that is left open does not bind; all days are included.
    """
    first = latest(from_on, starts_from) or date.min
    last = min((day for day in (until_on, ends_by) if day), default=date.max)
    return (last - first).days + 1 >= 7 * (weeks or 0) and last >= first
