"""Names as Japanese banks transmit them: half-width katakana without small letters, capitals, digits and a few signs."""

from __future__ import annotations

import unicodedata

_HALF = {unicodedata.normalize("NFKC", chr(code)): chr(code) for code in range(0xFF66, 0xFF9E)}
_MARKS = {"\u3099": "ﾞ", "\u309a": "ﾟ", "ー": "-"}  # voiced marks stand alone; the long vowel is a hyphen
_LARGE = str.maketrans("ァィゥェォッャュョヮ", "アイウエオツヤユヨワ")
_TO_KATAKANA = {code: code + 0x60 for code in range(0x3041, 0x3097)}
_PLAIN = frozenset("ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789 ().-/,")


def transmitted(name: str) -> str:
    """`name` (kana, Latin letters) as a bank's file carries it; what has no letter there is left out."""
    kana = unicodedata.normalize("NFKC", name).translate(_TO_KATAKANA).translate(_LARGE)
    letters = unicodedata.normalize("NFD", kana).upper()
    return "".join(_MARKS.get(c) or _HALF.get(c) or (c if c in _PLAIN else "") for c in letters)


def company_name(reading: str, *, is_first: bool = True) -> str:
    """A stock company as payers write it: the legal form before the name, or behind it."""
    return transmitted(("カ)" + reading) if is_first else (reading + "(カ"))
