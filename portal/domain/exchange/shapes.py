"""The shapes of a file's parts: objects with known keys, ids, whole numbers, lists of ids."""

from __future__ import annotations

from collections.abc import Container, Sized
from enum import StrEnum
from typing import Any, Protocol

from portal.domain.exchange.faults import FaultCode, Faults, at
from portal.domain.exchange.json_reading import JsonObject, OddNumber

MOST = 1_000_000
LONGEST_ID = 256
LOOKED_INTO = 1_000


class Ids(Container[str], Sized, Protocol):
    """What is known of one kind."""


class Reader:
    """Reads parts and notes what is wrong; what is wrong comes back as something harmless, so that reading goes on."""

    def __init__(self, faults: Faults) -> None:
        self.faults = faults

    def fields(
        self, value: Any, path: str, needed: tuple[str, ...], optional: tuple[str, ...]
    ) -> dict[str, Any]:
        """An object with these keys and no others."""
        if not isinstance(value, dict):
            self.faults.add(path, FaultCode.WRONG_TYPE, "object")
            return {}
        self._note_twice(value, path)
        for key in value:
            if key not in needed and key not in optional:
                self.faults.add(at(path, str(key)), FaultCode.UNKNOWN_KEY)
        for key in needed:
            if key not in value:
                self.faults.add(at(path, key), FaultCode.MISSING)
        return value

    def named(self, value: Any, path: str) -> dict[str, Any]:
        """An object whose keys are ids."""
        if not isinstance(value, dict):
            self.faults.add(path, FaultCode.WRONG_TYPE, "object")
            return {}
        self._note_twice(value, path)
        return {key: item for key, item in value.items() if self.identifier(key, at(path, str(key)))}

    def _note_twice(self, value: dict[str, Any], path: str) -> None:
        for key in value.twice if isinstance(value, JsonObject) else ():
            self.faults.add(at(path, key), FaultCode.KEY_TWICE)

    def identifier(self, value: Any, path: str) -> bool:
        """Whether it is an id: 1 to 256 characters, no NUL, nothing that UTF-8 cannot write."""
        if not isinstance(value, str):
            self.faults.add(path, FaultCode.WRONG_TYPE, "text")
            return False
        is_good = 0 < len(value) <= LONGEST_ID and "\0" not in value and not _has_surrogates(value)
        if not is_good:
            self.faults.add(path, FaultCode.BAD_ID)
        return is_good

    def known(self, value: Any, path: str, ids: Container[str], code: StrEnum) -> str:
        """An id that must be one of these; an empty text when it is not."""
        if isinstance(value, str) and value in ids:
            return value
        if self.identifier(value, path):
            self.faults.add(path, code, value)
        return ""

    def count(self, value: Any, path: str) -> int:
        """A whole number from 0 to a million; true, 1.0 and "1" are none."""
        if isinstance(value, OddNumber):
            self.faults.add(path, FaultCode.TOO_GREAT, MOST)
        elif isinstance(value, bool) or not isinstance(value, int):
            self.faults.add(path, FaultCode.WRONG_TYPE, "whole number")
        elif value < 0:
            self.faults.add(path, FaultCode.NEGATIVE)
        elif value > MOST:
            self.faults.add(path, FaultCode.TOO_GREAT, MOST)
        else:
            return value
        return 0

    def items(self, value: Any, path: str, most: int) -> list[Any]:
        """A list of at most so many entries; only a list of absurd length is not looked into."""
        if not isinstance(value, list | tuple):
            self.faults.add(path, FaultCode.WRONG_TYPE, "list")
            return []
        if len(value) > max(most, LOOKED_INTO):
            self.faults.add(path, FaultCode.LIST_TOO_LONG, most)
            return []
        return list(value)

    def ids(self, value: Any, path: str, ids: Ids, code: StrEnum, seen: set[str]) -> tuple[str, ...]:
        """Ids of these, none of them in `seen` already; they are added to it."""
        found = []
        for index, item in enumerate(self.items(value, path, len(ids))):
            if isinstance(item, str) and item in ids and item not in seen:
                seen.add(item)
                found.append(item)
            elif isinstance(item, str) and item in seen:
                self.faults.add(path, FaultCode.LISTED_TWICE, item, index=index)
            else:
                self.known(item, at(path, index), ids, code)
        return tuple(found)


def _has_surrogates(text: str) -> bool:
    return not text.isascii() and any("\ud800" <= letter <= "\udfff" for letter in text)
