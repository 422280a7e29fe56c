"""Warnings for staff: names and addresses that a tired eye takes for another. Nothing is refused here."""

import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum

import idna

from portal.domain.typed import DASHES


class LookAlikeReason(StrEnum):
    """Why staff should look twice."""

    SAME_LETTER_SHAPES = "same_letter_shapes"
    MIXED_ALPHABETS = "mixed_alphabets"


@dataclass(frozen=True)
class LookAlike:
    """`text` may be taken for `other`; for mixed alphabets `other` is empty and `alphabets` lists them."""

    text: str
    other: str
    reason: LookAlikeReason
    alphabets: tuple[str, ...] = ()


# Both sides fold to the same sign. Rows: letter shapes across alphabets; kana and kanji; old and new kanji.
_SINGLE = str.maketrans(
    {
        **dict(zip("аеорсухвһԁјѕԛԝкмтн", "aeopcyxbhdjsqwkmth", strict=True)),
        **dict(zip("αεκνορτυχ", "aeknoptux", strict=True)),
        **dict(zip("01|!", "olll", strict=True)),
        **dict.fromkeys("i\u0131\u0456\u03b9", "l"),
        **dict(zip("カロニハタトエヌオリへべぺ", "力口二八夕卜工又才りヘベペ", strict=True)),
        **dict.fromkeys(DASHES + "一", "ー"),
        **dict(zip("髙﨑邊邉齋齊斎澤濱濵國學廣櫻德", "高崎辺辺斉斉斉沢浜浜国学広桜徳", strict=True)),
    }
)
_PAIRS = (("rn", "m"), ("vv", "w"))
_ALPHABETS = ("LATIN", "CYRILLIC", "GREEK")


def skeleton(text: str) -> str:
    """The shape of a text: equal for two texts that look alike. For comparing only, never for showing."""
    shape = unicodedata.normalize("NFKC", text).casefold().translate(_SINGLE)
    for pair, single in _PAIRS:
        shape = shape.replace(pair, single)
    return "".join(shape.split())


def mixed_alphabets(text: str) -> tuple[str, ...]:
    """The alphabets (`latin`, `cyrillic`, `greek`) of one word that has more than one of them; else empty.

    Kana and kanji beside Latin letters are everyday Japanese and never count.
    """
    for word in "".join(letter if letter.isalnum() else " " for letter in text).split():
        names = {unicodedata.name(letter, "").split(" ")[0] for letter in word}
        found = tuple(alphabet.lower() for alphabet in _ALPHABETS if alphabet in names)
        if len(found) > 1:
            return found
    return ()


def find_look_alikes(text: str, known: Iterable[str]) -> tuple[LookAlike, ...]:
    """Warnings for a new name or address against those known: mixed alphabets first, then in their order.

    An equal text is no look-alike: it is the same and the caller's UNIQUE deals with it. Domains in IDNA form
    are decoded first, so that the eye's view is compared.
    """
    seen = _as_seen(text)
    alphabets = mixed_alphabets(seen)
    warnings = [LookAlike(text, "", LookAlikeReason.MIXED_ALPHABETS, alphabets)] if alphabets else []
    shape = skeleton(seen)
    for other in known:
        other_seen = _as_seen(other)
        if other_seen.casefold() != seen.casefold() and skeleton(other_seen) == shape:
            warnings.append(LookAlike(text, other, LookAlikeReason.SAME_LETTER_SHAPES))
    return tuple(warnings)


def _as_seen(text: str) -> str:
    local, at, domain = text.rpartition("@")
    if not at or "xn--" not in domain:
        return text
    try:
        return f"{local}@{idna.decode(domain)}"
    except UnicodeError:
        return text
