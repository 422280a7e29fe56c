"""Letters of the file: cp932 holds less than names do, so what it lacks is named or visibly replaced."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from portal.domain.journal.layouts import Letters, Strangers

GETA = "〓"  # what printers have always put for a letter that they do not have

# The same sign under another number: what Unicode text has, what cp932 has. Nothing is lost by these.
_SAME = str.maketrans(
    {"〜": "～", "−": "－", "—": "―", "‖": "∥", "¢": "￠", "£": "￡", "¬": "￢", "\u00a0": " ", "–": "―", "‐": "-", "‑": "-", "•": "・"}
)  # fmt: skip


class StrangeLetters(ValueError):
    """Characters that the file cannot hold; `.found` gives for each where it stands first."""

    def __init__(self, found: Mapping[str, str]) -> None:
        super().__init__(" ".join(found))
        self.found = dict(found)


def fitted(text: str, letters: Letters) -> str:
    """The text with signs of the same look that the file can hold."""
    return text.translate(_SAME) if letters is Letters.CP932 else text


def is_holdable(character: str, letters: Letters) -> bool:
    """Whether the file can hold a character, and gives it back when read again."""
    try:
        return character.encode(letters.value).decode(letters.value) == character
    except UnicodeError:
        return False


def strangers_in(texts: Iterable[tuple[str, str]], letters: Letters) -> dict[str, str]:
    """Characters that the file cannot hold, each with the place of its first text; `texts` are (place, text)."""
    found: dict[str, str] = {}
    for place, text in texts:
        plain = fitted(text, letters)
        if plain.isascii():
            continue
        for character in plain:
            if character not in found and not character.isascii() and not is_holdable(character, letters):
                found[character] = place
    return found


def encode(text: str, letters: Letters, strangers: Strangers) -> bytes:
    """The text as bytes. Raises StrangeLetters where they are to be refused."""
    plain = fitted(text, letters)
    strange = strangers_in([("", plain)], letters)
    if strange and strangers is Strangers.REFUSE:
        raise StrangeLetters(strange)
    return plain.translate(dict.fromkeys(map(ord, strange), GETA)).encode(letters.value)
