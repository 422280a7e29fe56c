"""Bytes to JSON values that remember what a plain reader hides: keys that stand twice, numbers without end."""

from __future__ import annotations

import json
from typing import Any, NoReturn

from portal.domain.exchange.faults import FaultCode, Faults

MOST_BYTES = 512 * 1024 * 1024
MOST_DIGITS = 18


class JsonObject(dict[str, Any]):
    """An object of the file; `twice` are the keys that it has more than once."""

    twice: tuple[str, ...] = ()


class OddNumber:
    """A number that no capacity can be: NaN, infinite, or of too many digits."""


ODD = OddNumber()


class _OddConstant(ValueError):
    pass


def read_json(content: bytes, faults: Faults) -> Any:
    """The value, or None with the fault noted. UTF-8 (a byte order mark is left out), JSON of RFC 8259 alone."""
    if len(content) > MOST_BYTES:
        return faults.add("$", FaultCode.TOO_LARGE, MOST_BYTES)
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError:
        return faults.add("$", FaultCode.NOT_UTF8)
    try:
        return json.loads(text, object_pairs_hook=_object, parse_int=_whole, parse_constant=_refuse)
    except json.JSONDecodeError as error:
        faults.add("$", FaultCode.NOT_JSON, f"line {error.lineno}, column {error.colno}")
    except _OddConstant as error:
        faults.add("$", FaultCode.NOT_JSON, str(error))
    except RecursionError:
        faults.add("$", FaultCode.TOO_DEEP)
    return None


def _object(pairs: list[tuple[str, Any]]) -> JsonObject:
    made = JsonObject(pairs)
    if len(made) != len(pairs):
        seen: set[str] = set()
        made.twice = tuple(key for key, _value in pairs if key in seen or seen.add(key))  # type: ignore[func-returns-value]
    return made


def _whole(digits: str) -> int | OddNumber:
    return int(digits) if len(digits) <= MOST_DIGITS else ODD


def _refuse(name: str) -> NoReturn:
    raise _OddConstant(name)
