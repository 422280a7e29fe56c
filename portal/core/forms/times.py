"""Fiscal years, times of day and moments, as people in Japan write them."""

from __future__ import annotations

import unicodedata
from datetime import date, datetime, time
from typing import Any

from wtforms.validators import Regexp

from portal.core.clock import OFFICE_ZONE
from portal.core.forms.fields import line, whole_number
from portal.core.i18n import _l

FIRST_YEAR, LAST_YEAR = 2000, 2100


def fiscal_year_field(label: Any, **more: Any) -> Any:
    """A fiscal year by the calendar year in which it begins."""
    return whole_number(label, least=FIRST_YEAR, most=LAST_YEAR, **more)


def time_of_day(label: Any, **more: Any) -> Any:
    """A time in Japan as 17:00; wide letters are taken for narrow ones."""
    shape = Regexp(r"^([01]?\d|2[0-3]):[0-5]\d$", message=_l("Please write a time as 17:00."))
    return line(label, most=5, checks=[_narrow, shape], **more)


def _narrow(form: Any, field: Any) -> None:
    field.data = unicodedata.normalize("NFKC", field.data or "")


def moment_of(day: date, clock_time: str) -> datetime:
    """The moment of a day and a checked time in Japan."""
    hours, minutes = clock_time.split(":")
    return datetime.combine(day, time(int(hours), int(minutes)), OFFICE_ZONE)


def day_and_time(moment: datetime) -> tuple[date, str]:
    """What the two fields of a moment show."""
    there = moment.astimezone(OFFICE_ZONE)
    return there.date(), f"{there:%H:%M}"
