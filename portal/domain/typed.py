"""What fingers and other programs make of numbers: full-width letters, foreign dashes, stray blanks."""

import re
import unicodedata
from datetime import date

DASHES = "-\u2010\u2011\u2012\u2013\u2014\u2015\u2212\u2500\u30fc"
"""Hyphen-minus, the dashes of U+2010 to U+2015, the minus sign, a box line and the long vowel sign."""

_WHOLE = re.compile(r"-?(?:[0-9]+|[0-9]{1,3}(?:,[0-9]{3})+)")
_TO_HYPHEN = str.maketrans(dict.fromkeys(DASHES, "-"))


def half_width(text: str) -> str:
    """Full-width letters, digits and signs in their half width; `²` and `①` stay what they are."""
    wide = (unicodedata.decomposition(letter).startswith("<wide>") for letter in text)
    return "".join(unicodedata.normalize("NFKC", c) if w else c for c, w in zip(text, wide, strict=True))


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
    """The day that was typed as 2026-04-01 or 2026/4/1, also in full-width digits; None for anything else."""
    parts = unicodedata.normalize("NFKC", text).strip().replace("/", "-").split("-")
    if len(parts) != 3 or not all(is_ascii_digits(part) and len(part) <= 4 for part in parts):
        return None
    try:
        return date(*(int(part) for part in parts))
    except ValueError:
        return None
