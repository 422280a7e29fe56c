"""How figures, days and names are written for a reader: the only place that knows Asia/Tokyo and the yen sign."""

from __future__ import annotations

import unicodedata
from datetime import date, datetime
from functools import lru_cache

from flask import Flask

from portal.core import clock
from portal.core.clock import OFFICE_ZONE
from portal.core.i18n import _, current_language
from portal.domain.typed import MONTH_NAMES

WEEKDAYS = {"ja": "月火水木金土日", "en": ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")}
MONTHS = tuple(name[:3] for name in MONTH_NAMES)


def yen(amount: int | None) -> str:
    """`¥1,100,000`; a minus sign stands before the yen sign; an em dash for nothing."""
    if amount is None:
        return "—"
    return f"−¥{-amount:,}" if amount < 0 else f"¥{amount:,}"


def number(value: int | None) -> str:
    """`1,234`."""
    return "—" if value is None else f"{value:,}"


def day(value: date | None) -> str:
    """`2026年4月1日（水）` or `Wed 1 Apr 2026`; a moment is shown as its day in Japan."""
    if value is None:
        return "—"
    if isinstance(value, datetime):
        value = value.astimezone(OFFICE_ZONE).date()
    return _day(value, current_language())


@lru_cache(maxsize=4096)  # a list shows the same few days again and again
def _day(value: date, language: str) -> str:
    weekday = WEEKDAYS[language][value.weekday()]
    if language == "ja":
        return f"{value.year}年{value.month}月{value.day}日（{weekday}）"
    return f"{weekday} {value.day} {MONTHS[value.month - 1]} {value.year}"


def until(value: date) -> str:
    """`by Wed 1 Apr 2026`, and after that day `as soon as you can`: nobody is asked to pay by a day that is past."""
    if value < clock.today():
        return str(_("as soon as you can"))
    return str(_("by %(day)s", day=day(value)))


def month(value: date | None) -> str:
    """The month of a day: `2026年4月` or `Apr 2026`."""
    if value is None:
        return "—"
    if current_language() == "ja":
        return f"{value.year}年{value.month}月"
    return f"{MONTHS[value.month - 1]} {value.year}"


def moment(value: datetime | None) -> str:
    """The day and the time in Japan, `2026年4月1日（水）14:05`."""
    if value is None:
        return "—"
    local = value.astimezone(OFFICE_ZONE)
    return f"{day(local.date())}{'' if current_language() == 'ja' else ' '}{local:%H:%M}"


def fiscal_year(year: int | None) -> str:
    """`2026年度` or `FY2026`."""
    if year is None:
        return "—"
    return year_in(current_language(), year)


def year_in(language: str, year: int) -> str:
    """A fiscal year as `fiscal_year` writes it, for lists."""
    return f"{year}年度" if language == "ja" else f"FY{year}"


_LONE_MARKS = {0x3099: "゛", 0x309A: "゜"}  # fonts have no combining ones


def full_width(text: str | None) -> str:
    """What a bank transmits in half-width katakana, as one reads it; a mark that belongs to no letter stands by itself."""
    return unicodedata.normalize("NFKC", text or "").translate(_LONE_MARKS)


def file_size(size: int) -> str:
    """`12 KB`, `3.4 MB`."""
    return f"{max(1, round(size / 1000))} KB" if size < 1_000_000 else f"{size / 1_000_000:.1f} MB"


def init_app(app: Flask) -> None:
    """The formats as template filters of the same names."""
    for function in (yen, number, day, until, month, moment, fiscal_year, full_width, file_size):
        app.jinja_env.filters[function.__name__] = function
