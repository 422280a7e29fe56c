"""Whether a stay fits between the days that both sides allow."""

from __future__ import annotations

from datetime import date


def latest(*days: date | None) -> date | None:
    """The latest of those that are said."""
    return max((day for day in days if day), default=None)


def stay_fits(
    *, from_on: date | None, until_on: date | None, starts_from: date | None, ends_by: date | None, weeks: int | None
) -> bool:  # fmt: skip
    """A stay of `weeks` (one day, where none is said) fits into the supervisor's days and the posting's together.

    A day that is left open does not bind; all days are included.
    """
    first = latest(from_on, starts_from) or date.min
    last = min((day for day in (until_on, ends_by) if day), default=date.max)
    return (last - first).days + 1 >= 7 * (weeks or 0) and last >= first
