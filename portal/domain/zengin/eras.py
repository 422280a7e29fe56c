"""Dates with two-digit years of an era, as banks write them: 080501 is 1 May of 令和8 (2026)."""

from datetime import date, timedelta

# The newest first: (first day, the year before its first year).
_ERAS = (
    (date(2019, 5, 1), 2018),  # 令和
    (date(1989, 1, 8), 1988),  # 平成
    (date(1926, 12, 25), 1925),  # 昭和
)
_LETTERS = {"R": _ERAS[0], "H": _ERAS[1], "S": _ERAS[2]}
_LONGEST_AHEAD = timedelta(days=366)


def read_era_date(digits: str, today: date) -> date | None:
    """The day that six digits yymmdd mean: in the newest era in which it exists and is not over a year ahead of `today`."""
    if len(digits) != 6 or not (digits.isascii() and digits.isdigit()):
        return None
    year, month, day = int(digits[:2]), int(digits[2:4]), int(digits[4:])
    for index, (first, before) in enumerate(_ERAS):
        found = _day(before + year, month, day) if year else None
        if found is None or found < first or found > today + _LONGEST_AHEAD:
            continue
        if index and found >= _ERAS[index - 1][0]:
            continue  # the era was over by then
        return found
    return None


def era_day(letter: str, year: int, month: int, day: int) -> date | None:
    """The day of a named era: `R` 令和, `H` 平成, `S` 昭和; None when there is no such day in it."""
    first, before = _LETTERS[letter]
    found = _day(before + year, month, day)
    return found if year > 0 and found is not None and found >= first else None


def write_era_date(day: date) -> str:
    """Six digits yymmdd in the era of the day; raises ValueError before 昭和."""
    for first, before in _ERAS:
        if day >= first:
            return f"{day.year - before:02d}{day.month:02d}{day.day:02d}"
    raise ValueError(f"{day.isoformat()} lies before the eras that banks write")


def _day(year: int, month: int, day: int) -> date | None:
    try:
        return date(year, month, day)
    except ValueError:
        return None
