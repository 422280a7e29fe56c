"""The shapes that only a market has: tiers, and pairs of a student and a posting."""

from __future__ import annotations

import re
from collections.abc import Container, Mapping
from typing import Any

from portal.domain.exchange.faults import FaultCode, at
from portal.domain.exchange.shapes import MOST, Ids, Reader
from portal.domain.matching.faults import MarketFault
from portal.domain.matching.market import Pair

HEX = re.compile(r"(?:[0-9A-Fa-f]{2})+")


class MarketShapes(Reader):
    """Reads parts of a market."""

    def tiers(self, value: Any, path: str, students: Ids) -> list[tuple[str, ...]]:
        """A company's list: ids, and lists of ids for ties."""
        seen: set[str] = set()
        found = []
        for index, item in enumerate(self.items(value, path, len(students))):
            here = at(path, index)
            if isinstance(item, list | tuple) and not item:
                self.faults.add(here, MarketFault.EMPTY_TIER)
            elif isinstance(item, list | tuple):
                found.append(self.ids(item, here, students, MarketFault.UNKNOWN_STUDENT, seen))
            elif isinstance(item, str) and item in seen:
                self.faults.add(here, FaultCode.LISTED_TWICE, item)
            elif student := self.known(item, here, students, MarketFault.UNKNOWN_STUDENT):
                seen.add(student)
                found.append((student,))
        return found

    def pairs(
        self, value: Any, path: str, students: Container[str] | None, postings: Mapping[str, Any]
    ) -> list[tuple[int, Pair]]:
        """Pairs of a student and a posting with the index of each; without `students` any id may be one."""
        found = []
        for index, item in enumerate(self.items(value, path, 10 * MOST)):
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
                student = self.known(student, here, students, MarketFault.UNKNOWN_STUDENT)
            elif not self.identifier(student, here):
                student = ""
        if not isinstance(posting, str) or posting not in postings:
            posting = self.known(posting, at(at(path, index), 1), postings, MarketFault.UNKNOWN_POSTING)
        return student, posting
