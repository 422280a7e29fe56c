"""Who comes to another place between two matchings of the same lists, told without ranks."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum


class Turn(StrEnum):
    """What became of a student."""

    BETTER = "better"
    WORSE = "worse"
    PLACED = "placed"
    UNPLACED = "unplaced"
    ELSEWHERE = (
        "elsewhere"  # to or from a posting that the list does not hold: arranged before, or by a waiver
    )


@dataclass(frozen=True)
class Moved:
    """One student who moves; None is no place."""

    student: str
    turn: Turn
    before: str | None
    after: str | None


def compare(
    lists: Mapping[str, Sequence[str]], before: Mapping[str, str], after: Mapping[str, str]
) -> tuple[Moved, ...]:
    """Everybody who moves, in order of ids."""
    return tuple(
        Moved(each, _turn(lists.get(each, ()), before.get(each), after.get(each)), before.get(each), after.get(each))
        for each in sorted(before.keys() | after.keys())
        if before.get(each) != after.get(each)
    )  # fmt: skip


def _turn(wanted: Sequence[str], before: str | None, after: str | None) -> Turn:
    if before is None:
        return Turn.PLACED
    if after is None:
        return Turn.UNPLACED
    if before not in wanted or after not in wanted:
        return Turn.ELSEWHERE
    return Turn.BETTER if wanted.index(after) < wanted.index(before) else Turn.WORSE
