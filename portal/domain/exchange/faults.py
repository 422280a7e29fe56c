"""What is wrong with a file, each fault at its path."""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from enum import StrEnum

MOST_FAULTS = 10_000
"""So many are listed; the rest are counted."""

_NAME = re.compile(r"[A-Za-z_][A-Za-z0-9_]*")
_SHOWN = 60


class FaultCode(StrEnum):
    """What any file can have wrong; `detail` of a fault is named beside each. A format adds kinds of its own."""

    TOO_LARGE = "too_large"  # bytes allowed
    NOT_UTF8 = "not_utf8"
    NOT_JSON = "not_json"  # line and column
    TOO_DEEP = "too_deep"
    WRONG_FORMAT = "wrong_format"  # the format that is read
    WRONG_TYPE = "wrong_type"  # what is expected
    MISSING = "missing"
    UNKNOWN_KEY = "unknown_key"
    KEY_TWICE = "key_twice"
    BAD_ID = "bad_id"
    LISTED_TWICE = "listed_twice"  # the id, nothing for a pair
    LIST_TOO_LONG = "list_too_long"  # entries that can be at most
    NEGATIVE = "negative"
    TOO_GREAT = "too_great"  # the greatest number


@dataclass(frozen=True)
class Fault:
    """One fault at a JSON path such as `$.students.s1[2]`; `detail` is in ASCII and short."""

    path: str
    code: StrEnum
    detail: str = ""

    def __str__(self) -> str:
        return f"{self.path}: {self.code.value}" + (f" ({self.detail})" if self.detail else "")


class MalformedFileError(ValueError):
    """The input is refused whole. `faults` are the first MOST_FAULTS in the order of reading, `total` counts all."""

    def __init__(self, faults: tuple[Fault, ...], total: int) -> None:
        super().__init__(f"{total} faults, the first at {faults[0]}")
        self.faults = faults
        self.total = total


class Faults:
    """Collects faults; memory is bounded whatever comes in."""

    def __init__(self) -> None:
        self.listed: list[Fault] = []
        self.total = 0

    def add(self, path: str, code: StrEnum, detail: object = "", *, index: int | None = None) -> None:
        """Note one fault, of the whole or of one item."""
        self.total += 1
        if len(self.listed) < MOST_FAULTS:
            here = path if index is None else at(path, index)
            self.listed.append(Fault(here, code, shown(detail)))

    def refuse(self) -> None:
        """Raise MalformedFileError when there are any."""
        if self.total:
            raise MalformedFileError(tuple(self.listed), self.total)


def at(path: str, key: str | int) -> str:
    """The path of a member or an item: `$.students`, `$.students["a b"]`, `$.vetoes[3]`."""
    if isinstance(key, int):
        return f"{path}[{key}]"
    if _NAME.fullmatch(key) and len(key) <= _SHOWN:
        return f"{path}.{key}"
    return f"{path}[{json.dumps(key if len(key) <= _SHOWN else key[:_SHOWN] + '...')}]"


def shown(detail: object) -> str:
    """A text that can be printed whatever stood in the file."""
    text = str(detail) if not isinstance(detail, str) else json.dumps(detail)[1:-1]
    return text if len(text) <= 2 * _SHOWN else text[: 2 * _SHOWN] + "..."
