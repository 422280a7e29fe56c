"""Which passwords are taken: length, and a list of what guessers try first. No rules on kinds of characters.

Lengths and the list follow NIST SP 800-63B-4, 3.1.1.2: 15 characters where the password stands alone, 8 beside a
second factor; common words, words of the situation, runs and repeats are refused.
"""

import re
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum
from functools import cache
from pathlib import Path

LONG_ENOUGH_ALONE = 15
LONG_ENOUGH_WITH_FACTOR = 8
LONGEST = 256
LEAST_OF_ITS_OWN = 6
"""Letters that must remain once words that everybody guesses are taken out."""

_WORDS_FILE = Path(__file__).with_name("common_passwords.txt")
_LEET = str.maketrans("013457@$!", "oieastasi")
_ROWS = (
    "abcdefghijklmnopqrstuvwxyz",
    "01234567890",
    "qwertyuiop",
    "asdfghjkl",
    "zxcvbnm",
    "1qaz2wsx3edc4rfv5tgb6yhn7ujm",
)


class PasswordProblem(StrEnum):
    """Why a password was not taken."""

    TOO_SHORT = "too_short"
    TOO_SHORT_ALONE = "too_short_alone"
    TOO_LONG = "too_long"
    COMMON = "common"
    CONTEXT = "context"


@dataclass(frozen=True)
class PasswordCheck:
    """`is_short`: enough beside a second factor only. `word` is the part that is to blame, where there is one."""

    problem: PasswordProblem | None
    is_short: bool = False
    word: str = ""


def check_password(password: str, *, has_factor: bool, context: Iterable[str] = ()) -> PasswordCheck:
    """Check a password for somebody with or without a second factor; `context` are names that a guesser knows."""
    length = len(unicodedata.normalize("NFC", password))
    if length < LONG_ENOUGH_WITH_FACTOR:
        problem = PasswordProblem.TOO_SHORT if has_factor else PasswordProblem.TOO_SHORT_ALONE
        return PasswordCheck(problem)
    if length > LONGEST:
        return PasswordCheck(PasswordProblem.TOO_LONG)
    is_short = length < LONG_ENOUGH_ALONE
    if is_short and not has_factor:
        return PasswordCheck(PasswordProblem.TOO_SHORT_ALONE, is_short)
    plain = _plain(password)
    for word in sorted(_context_words(context), key=len, reverse=True):
        if word in plain and _is_thin(plain.replace(word, "")):
            return PasswordCheck(PasswordProblem.CONTEXT, is_short, word)
    if _is_thin(_without_common(plain)):
        return PasswordCheck(PasswordProblem.COMMON, is_short)
    return PasswordCheck(None, is_short)


def _plain(text: str) -> str:
    return "".join(unicodedata.normalize("NFKC", text).casefold().split())


def _context_words(context: Iterable[str]) -> set[str]:
    words: set[str] = set()
    for text in context:
        parts = re.split(r"[\W_]+", _plain_with_blanks(text))
        words |= {part for part in parts if len(part) >= 3 or (len(part) == 2 and not part.isascii())}
    return words


def _plain_with_blanks(text: str) -> str:
    return unicodedata.normalize("NFKC", text).casefold()


def _without_common(plain: str) -> str:
    """What is left when guessers' words, rows of the keyboard and years are taken out."""
    for version in (plain, plain.translate(_LEET)):
        rest = version
        for word in _common_words():
            rest = rest.replace(word, "")
        rest = _without_runs(rest)
        if _is_thin(rest):
            return rest
    return plain


def _without_runs(text: str) -> str:
    for row in _ROWS:
        for line in (row, row[::-1]):
            for length in range(min(len(line), len(text)), 3, -1):
                for start in range(len(line) - length + 1):
                    text = text.replace(line[start : start + length], "")
    return re.sub(r"(?:19|20)\d\d", "", text)


def _is_thin(rest: str) -> bool:
    """Too little of its own: few characters, or the same few again and again."""
    letters = re.sub(r"[\W_]+", "", rest)
    shortest = next(
        (
            size
            for size in range(1, len(letters) + 1)
            if letters == (letters[:size] * len(letters))[: len(letters)]
        ),
        0,
    )
    return min(len(letters), shortest) < LEAST_OF_ITS_OWN or len(set(letters)) < 4


@cache
def _common_words() -> tuple[str, ...]:
    """Words from the list, the longest first."""
    lines = _WORDS_FILE.read_text(encoding="utf-8").split()
    return tuple(
        sorted({word for word in lines if not word.startswith("#")}, key=lambda word: (-len(word), word))
    )
