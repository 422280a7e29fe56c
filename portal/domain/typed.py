"""What fingers and other programs make of numbers: full-width letters, foreign dashes, stray blanks."""

import re
import unicodedata
from datetime import date

DASHES = "-\u2010\u2011\u2012\u2013\u2014\u2015\u2212\u2500\u30fc"
"""Hyphen-minus, the dashes of U+2010 to U+2015, the minus sign, a box line and the long vowel sign."""

# Written out because strftime follows the machine's locale.
MONTH_NAMES = (
    "January", "February", "March", "April", "May", "June", "July", "August", "September", "October", "November", "December",
)  # fmt: skip

_WHOLE = re.compile(r"-?(?:[0-9]+|[0-9]{1,3}(?:,[0-9]{3})+)")
_DAY_FIGURES = re.compile(r"(?P<year>[0-9]{1,4})[-/](?P<month>[0-9]{1,2})[-/](?P<day>[0-9]{1,2})")
_DAY_JAPANESE = re.compile(
    r"(?P<year>[0-9]{4})\s*年\s*(?P<month>[0-9]{1,2})\s*月\s*(?P<day>[0-9]{1,2})\s*日\s*(?:\([月火水木金土日]\))?"
)
_DAY_ENGLISH = re.compile(
    r"(?:(?:Mon|Tue|Wed|Thu|Fri|Sat|Sun)[a-z]*,?\s+)?(?P<day>[0-9]{1,2})\s+(?P<month>[A-Za-z]{3,9})\s+(?P<year>[0-9]{4})"
)
_TO_HYPHEN = str.maketrans(dict.fromkeys(DASHES, "-"))


def half_width(text: str) -> str:
    """Full-width letters, digits and signs in their half width; `²` and `①` stay what they are."""
    wide = (unicodedata.decomposition(letter).startswith("<wide>") for letter in text)
    return "".join(unicodedata.normalize("NFKC", c) if w else c for c, w in zip(text, wide, strict=True))


def wide_letters(text: str) -> list[str]:
    """The letters of a text that are as wide as Japanese ones, each once: what is no Latin writing."""
    return list(dict.fromkeys(c for c in text if unicodedata.east_asian_width(c) in ("W", "F")))


def plain_code(text: str) -> str:
    """A code as it is stored: half-width, upper case, no blanks, every dash a hyphen."""
    return "".join(unicodedata.normalize("NFKC", text).split()).translate(_TO_HYPHEN).upper()


def is_ascii_digits(text: str) -> bool:
    """True for one digit 0-9 or more; `str.isdigit` alone takes other scripts' digits."""
    return text.isascii() and text.isdigit()


def read_whole_number(text: str, *, most_digits: int = 15) -> int | None:
    """The whole number that was typed, in half- or full-width digits, without commas or with one before each three; a yen sign
    before it or 円 behind it is left out (`¥233,418`, `233,418円`). None for anything else (`10²`, `①`, `1,00,0`)."""
    plain = half_width(text).strip().replace("−", "-")
    plain = plain.removeprefix("¥").removesuffix("円").strip()
    if not _WHOLE.fullmatch(plain):
        return None
    digits = plain.replace(",", "")
    return int(digits) if len(digits.removeprefix("-")) <= most_digits else None


def read_day(text: str) -> date | None:
    """The day that was typed as 2026-04-01, 2026/4/1, or as pages write it: 2026年4月1日（水）, Wed 1 Apr 2026, 1 April 2026.

    Full-width digits are read; None for anything else. The weekday is not compared.
    """
    plain = unicodedata.normalize("NFKC", text).strip()
    for shape in (_DAY_FIGURES, _DAY_JAPANESE, _DAY_ENGLISH):
        if found := shape.fullmatch(plain):
            return _day_of(found["year"], found["month"], found["day"])
    return None


def _day_of(year: str, month: str, day: str) -> date | None:
    named = [
        n for n, name in enumerate(MONTH_NAMES, 1) if len(month) > 2 and name.startswith(month.capitalize())
    ]
    try:
        return date(int(year), named[0] if named else int(month), int(day))
    except ValueError:
        return None
