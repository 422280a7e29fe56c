"""A name in katakana in Latin letters: Hepburn as passports spell it, without long marks (シコウ イチロウ → Shiko Ichiro)."""

from __future__ import annotations

import re
import unicodedata

from portal.domain.typed import wide_letters

_ROWS = {
    "": "アイウエオ", "k": "カキクケコ", "s": "サシスセソ", "t": "タチツテト", "n": "ナニヌネノ", "h": "ハヒフヘホ",
    "m": "マミムメモ", "r": "ラリルレロ", "g": "ガギグゲゴ", "z": "ザジズゼゾ", "d": "ダヂヅデド", "b": "バビブベボ",
    "p": "パピプペポ",
}  # fmt: skip
_LETTERS = {
    kana: row + vowel for row, kanas in _ROWS.items() for kana, vowel in zip(kanas, "aiueo", strict=True)
} | {
    "ヤ": "ya", "ユ": "yu", "ヨ": "yo", "ワ": "wa", "ヲ": "o", "ン": "n", "ヴ": "vu", "シ": "shi", "チ": "chi",
    "ツ": "tsu", "フ": "fu", "ジ": "ji", "ヂ": "ji", "ヅ": "zu",
}  # fmt: skip
_GLIDES = {"ャ": "a", "ュ": "u", "ョ": "o"}
_SMALL = {"ァ": "a", "ィ": "i", "ゥ": "u", "ェ": "e", "ォ": "o"}
_HISSING = ("sh", "ch", "j")


def in_latin_letters(kana: str) -> str:
    """A name, each word with a capital; what is no katakana stays as it is."""
    words = unicodedata.normalize("NFKC", kana).split()
    return " ".join(_word(word) for word in words)


def latin_name(name: str, kana: str, own: str = "") -> str:
    """Whose name it is in Latin letters: as they write it, the name itself where it is Latin, else the reading; empty without any."""
    read = in_latin_letters(kana)
    return next((each for each in (own, name, read) if each and not wide_letters(each)), "")


def beside(latin: str, written: str) -> str:
    """Both for an English reader: `Shiko Ichiro (試行 一郎)`; one of them where the other is lacking or the same."""
    return f"{latin} ({written})" if latin and written and latin != written else latin or written


def _word(kana: str) -> str:
    read = ""
    for place, sign in enumerate(kana):
        if sign in _GLIDES and read.endswith("i"):
            stem = read[:-1]
            read = stem + ("" if stem.endswith(_HISSING) else "y") + _GLIDES[sign]
        elif sign in _SMALL and read:
            read = read.rstrip("aiueo") + _SMALL[sign]
        elif sign == "ッ":
            read += _doubled(kana[place + 1 : place + 2])
        elif sign != "ー":
            read += _LETTERS.get(sign, sign)
    short = re.sub(r"ou|oo|uu", lambda found: found[0][0], read)
    spoken = re.sub(r"n(?=[bmp])", "m", short)
    return spoken[:1].upper() + spoken[1:]


def _doubled(following: str) -> str:
    letter = _LETTERS.get(following, "")[:1]
    return "t" if letter == "c" else letter
