"""Days as banks write them in their own files."""

import re
import unicodedata
from datetime import date
from enum import StrEnum

from portal.domain.typed import read_day
from portal.domain.zengin.eras import era_day, read_era_date


class ShortYears(StrEnum):
    """What a year of two digits counts in."""

    ERA = "era"
    WESTERN = "western"


_NAMED_ERA = re.compile(
    r"(?P<era>R|H|S|令和|平成|昭和)\s*(?P<year>元|[0-9]{1,2})[年./-]\s*(?P<month>[0-9]{1,2})[月./-]\s*(?P<day>[0-9]{1,2})日?"
)
_ERA_LETTERS = {"令和": "R", "平成": "H", "昭和": "S"}
_SHORT = re.compile(r"([0-9]{2})[年./-]?([0-9]{2})[月./-]?([0-9]{2})日?")
_LONG = re.compile(r"([0-9]{4})(?:[年./-]\s*([0-9]{1,2})[月./-]\s*([0-9]{1,2})日?|([0-9]{2})([0-9]{2}))")


def read_bank_day(text: str, today: date, short_years: ShortYears = ShortYears.ERA) -> date | None:
    """A day as banks write it: 2026-05-01, 2026/5/1, 20260501, 2026年5月1日, R8.5.1, 令和8年5月1日, 080501; else None."""
    plain = unicodedata.normalize("NFKC", text).strip().upper()
    if found := _LONG.fullmatch(plain):
        year, month, day = (part for part in found.groups() if part)
        return read_day(f"{year}-{month}-{day}")
    if found := _NAMED_ERA.fullmatch(plain):
        year = 1 if found["year"] == "元" else int(found["year"])
        letter = _ERA_LETTERS.get(found["era"], found["era"])
        return era_day(letter, int(year), int(found["month"]), int(found["day"]))
    if found := _SHORT.fullmatch(plain):
        if short_years is ShortYears.ERA:
            return read_era_date("".join(found.groups()), today)
        return read_day(f"20{found[1]}-{found[2]}-{found[3]}")
    return None
