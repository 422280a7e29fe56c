"""How late what is owed is: bands of days after the day due."""

from __future__ import annotations

from datetime import date, timedelta
from enum import StrEnum


class Band(StrEnum):
    """A band of days late, the youngest first. On the day due itself nothing is late yet."""

    NOT_DUE = "not_due"
    DAYS_1_30 = "days_1_30"
    DAYS_31_60 = "days_31_60"
    DAYS_61_90 = "days_61_90"
    OVER_90 = "over_90"


# The last day late of each band; the first one ends on the day due, the last one never.
_LAST = {Band.NOT_DUE: 0, Band.DAYS_1_30: 30, Band.DAYS_31_60: 60, Band.DAYS_61_90: 90}
LATE = tuple(band for band in Band if band is not Band.NOT_DUE)


def band_of(due_on: date, on: date) -> Band:
    """The band of a claim that is due on a day, as seen `on` a day."""
    late = (on - due_on).days
    return next((band for band, last in _LAST.items() if late <= last), Band.OVER_90)


def due_since(band: Band, on: date) -> date:
    """The earliest day due of a band as seen `on` a day: what is due before it is in the next band.

    The last band has no such day: it gives the earliest that there is.
    """
    return on - timedelta(days=_LAST[band]) if band in _LAST else date.min
