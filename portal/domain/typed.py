"""What fingers and other programs make of numbers: full-width letters, foreign dashes, stray blanks."""

import unicodedata

DASHES = "-\u2010\u2011\u2012\u2013\u2014\u2015\u2212\u2500\u30fc"
"""Hyphen-minus, the dashes of U+2010 to U+2015, the minus sign, a box line and the long vowel sign."""

_TO_HYPHEN = str.maketrans(dict.fromkeys(DASHES, "-"))


def plain_code(text: str) -> str:
    """A code as it is stored: half-width, upper case, no blanks, every dash a hyphen."""
    return "".join(unicodedata.normalize("NFKC", text).split()).translate(_TO_HYPHEN).upper()


def is_ascii_digits(text: str) -> bool:
    """True for one digit 0-9 or more; `str.isdigit` alone takes other scripts' digits."""
    return text.isascii() and text.isdigit()
