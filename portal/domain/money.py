"""Whole yen. An amount is an `int`, may be negative (a return), and is never a float or a Decimal.

Formatting (`¥1,100,000`) belongs to `portal.core.formats`; reading what people type is here.
"""

import re
from collections.abc import Iterable
from enum import StrEnum

from portal.domain.typed import DASHES, half_width

LARGEST_YEN = 999_999_999_999
"""Twelve digits, the widest total that a Japanese bank file can carry."""


class YenProblem(StrEnum):
    """Why a typed amount was not taken."""

    EMPTY = "empty"
    NOT_A_NUMBER = "not_a_number"
    NOT_WHOLE = "not_whole"
    TOO_LARGE = "too_large"


class NotYen(ValueError):
    """A text that is no amount of yen; `.problem` says why."""

    def __init__(self, problem: YenProblem) -> None:
        super().__init__(problem.value)
        self.problem = problem


def is_yen(value: object) -> bool:
    """True for an `int` (a bool is not one) of at most twelve digits, either sign."""
    return isinstance(value, int) and not isinstance(value, bool) and abs(value) <= LARGEST_YEN


def require_yen(value: int, *, name: str = "amount") -> int:
    """Give `value` back, or raise TypeError (not a whole number) or ValueError (beyond twelve digits)."""
    if not isinstance(value, int) or isinstance(value, bool):
        raise TypeError(f"{name} must be a whole number of yen, not {type(value).__name__}")
    if abs(value) > LARGEST_YEN:
        raise ValueError(f"{name} is beyond {LARGEST_YEN} yen")
    return value


def sum_yen(amounts: Iterable[int]) -> int:
    """Add whole yen; every amount and the total are checked by `require_yen`."""
    return require_yen(sum(require_yen(amount) for amount in amounts), name="total")


_AMOUNT = re.compile(r"(?P<digits>[0-9]+|[0-9]{1,3}(?:,[0-9]{3})+)(?P<fraction>\.[0-9]+)?")
_MINUS_SIGNS = str.maketrans(dict.fromkeys(DASHES + "▲△", "-"))


def parse_yen(text: str) -> int:
    """Read an amount as people type it: `¥1,100,000`, `1100000円` in any width, `▲500` for -500.

    Raises `NotYen` with its problem. `100.0` and `110万` are refused rather than understood.
    """
    bare = half_width(text).translate(_MINUS_SIGNS).strip()
    bare = bare.removesuffix("円").strip()
    negative = bare.startswith(("-", "¥-", "\\-"))
    bare = bare.replace("-", "", 1) if negative else bare
    bare = bare.removeprefix("¥").removeprefix("\\").strip()
    if not bare:
        raise NotYen(YenProblem.EMPTY)
    found = _AMOUNT.fullmatch(bare)
    if found is None:
        raise NotYen(YenProblem.NOT_A_NUMBER)
    if found["fraction"]:
        raise NotYen(YenProblem.NOT_WHOLE)
    digits = found["digits"].replace(",", "").lstrip("0") or "0"
    if len(digits) > len(str(LARGEST_YEN)):
        raise NotYen(YenProblem.TOO_LARGE)
    return -int(digits) if negative else int(digits)
