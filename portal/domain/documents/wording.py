"""How a document writes amounts and dates: in its own language, whatever the reader's page is set to."""

from datetime import date
from enum import StrEnum

from portal.domain.money import require_yen
from portal.domain.typed import MONTH_NAMES


class Language(StrEnum):
    """The languages in which documents are issued."""

    JAPANESE = "ja"
    ENGLISH = "en"


def yen(amount: int) -> str:
    """`yen(1100000)` is `¥1,100,000`, `yen(-500)` is `-¥500`. Raises TypeError for anything but whole yen."""
    sign = "-" if require_yen(amount) < 0 else ""
    return f"{sign}¥{abs(amount):,}"


def day(on: date, language: Language) -> str:
    """`2026年4月1日` or `1 April 2026`."""
    if language is Language.JAPANESE:
        return f"{on.year}年{on.month}月{on.day}日"
    return f"{on.day} {MONTH_NAMES[on.month - 1]} {on.year}"


def span(first: date, last: date, language: Language) -> str:
    """A range of days, both included; a single day when they are the same."""
    if first == last:
        return day(first, language)
    if language is Language.JAPANESE:
        return f"{day(first, language)}〜{day(last, language)}"
    return f"{day(first, language)} – {day(last, language)}"
