"""The shapes of a file's parts: objects with known keys, ids, whole numbers, lists of ids, tiers, pairs."""

from __future__ import annotations

import re
from collections.abc import Container, Mapping, Sized
from typing import Any, Protocol

from portal.domain.matching.faults import FaultCode, Faults, at
from portal.domain.matching.json_reading import JsonObject, OddNumber
from portal.domain.matching.market import Pair

MOST_SEATS = 1_000_000
LONGEST_ID = 256
LOOKED_INTO = 1_000
HEX = re.compile(r"(?:[0-9A-Fa-f]{2})+")


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

    def known(self, value: Any, path: str, ids: Container[str], code: FaultCode) -> str:
        """An id that must be one of these; an empty text when it is not."""
        if isinstance(value, str) and value in ids:
            return value
        if self.identifier(value, path):
            self.faults.add(path, code, value)
        return ""

    def count(self, value: Any, path: str) -> int:
        """A whole number from 0 to a million; true, 1.0 and "1" are none."""
        if isinstance(value, OddNumber):
            self.faults.add(path, FaultCode.TOO_GREAT, MOST_SEATS)
        elif isinstance(value, bool) or not isinstance(value, int):
            self.faults.add(path, FaultCode.WRONG_TYPE, "whole number")
        elif value < 0:
            self.faults.add(path, FaultCode.NEGATIVE)
        elif value > MOST_SEATS:
            self.faults.add(path, FaultCode.TOO_GREAT, MOST_SEATS)
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

    def ids(self, value: Any, path: str, ids: Ids, code: FaultCode, seen: set[str]) -> tuple[str, ...]:
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

    def tiers(self, value: Any, path: str, students: Ids) -> list[tuple[str, ...]]:
        """A company's list: ids, and lists of ids for ties."""
        seen: set[str] = set()
        found = []
        for index, item in enumerate(self.items(value, path, len(students))):
            here = at(path, index)
            if isinstance(item, list | tuple) and not item:
                self.faults.add(here, FaultCode.EMPTY_TIER)
            elif isinstance(item, list | tuple):
                found.append(self.ids(item, here, students, FaultCode.UNKNOWN_STUDENT, seen))
            elif isinstance(item, str) and item in seen:
                self.faults.add(here, FaultCode.LISTED_TWICE, item)
            elif student := self.known(item, here, students, FaultCode.UNKNOWN_STUDENT):
                seen.add(student)
                found.append((student,))
        return found

    def pairs(
        self, value: Any, path: str, students: Container[str] | None, postings: Mapping[str, Any]
    ) -> list[tuple[int, Pair]]:
        """Pairs of a student and a posting with the index of each; without `students` any id may be one."""
        found = []
        for index, item in enumerate(self.items(value, path, 10 * MOST_SEATS)):
            pair = self._pair(item, path, index, students, postings)
            if all(pair):
                found.append((index, pair))
        return found

    def _pair(
        self,
        item: Any,
        path: str,
        index: int,
        students: Container[str] | None,
        postings: Mapping[str, Any],
    ) -> Pair:
        """The pair, with an empty text for what is wrong."""
        if not isinstance(item, list | tuple) or len(item) != 2:
            self.faults.add(path, FaultCode.WRONG_TYPE, "student and posting", index=index)
            return "", ""
        student, posting = item
        if not isinstance(student, str) or students is None or student not in students:
            here = at(at(path, index), 0)
            if students is not None:
                student = self.known(student, here, students, FaultCode.UNKNOWN_STUDENT)
            elif not self.identifier(student, here):
                student = ""
        if not isinstance(posting, str) or posting not in postings:
            posting = self.known(posting, at(at(path, index), 1), postings, FaultCode.UNKNOWN_POSTING)
        return student, posting


def _has_surrogates(text: str) -> bool:
    return not text.isascii() and any("\ud800" <= letter <= "\udfff" for letter in text)
