"""Counts that may be shown: none that tells of few people, also not by what is left of a sum or of another picture."""

from __future__ import annotations

from collections.abc import Hashable, Iterable, Mapping
from typing import TypeVar

from portal.domain.matching.demand import LEAST

Key = TypeVar("Key", bound=Hashable)


def hidden_cells(counts: Mapping[Key, int], least: int = LEAST) -> dict[Key, int | None]:
    """The counts, None where one is from 1 to `least` - 1. The sum may be known: while the hidden ones together are one cell or
    fewer than `least` people, the smallest one that is left is hidden too; where nobody is left then, 0 is hidden as well, for it
    would say where all of the hidden ones are."""
    hidden = {key for key, count in counts.items() if 0 < count < least}
    left = sorted((count, place, key) for place, (key, count) in enumerate(counts.items()) if count >= least)
    while hidden and left and (len(hidden) < 2 or sum(counts[key] for key in hidden) < least):
        hidden.add(left.pop(0)[2])
    if hidden and not left:
        hidden = set(counts)
    return {key: None if key in hidden else count for key, count in counts.items()}


def hidden_ranks(counts: Mapping[Key, int], least: int = LEAST) -> dict[Key, int | None]:
    """As `hidden_cells`; where one cell holds everybody, all are hidden: who is known to be counted would be known to be there."""
    if any(counts.values()) and max(counts.values()) == sum(counts.values()):
        return dict.fromkeys(counts)
    return hidden_cells(counts, least)


def hidden_table(rows: Mapping[Key, int], least: int = LEAST) -> dict[Key, int | None]:
    """Cells of a table whose sums by row and by column are all known: one that tells of few hides every one."""
    is_few = any(0 < count < least for count in rows.values())
    return {key: None if is_few else count for key, count in rows.items()}


def hidden_moves(counts: Mapping[str, int | None], least: int = LEAST) -> dict[str, int | None]:
    """Who moves in a trial, None where it tells of few, 0 among them: a trial about few would say what they like more.

    The difference of "placed" and "unplaced" is known by the sums of both runs, so they are shown together or not at all; and so are
    "better" and "worse", as "elsewhere" is their sum.
    """
    shown: set[str] = set()
    for names in (("elsewhere",), ("better", "worse"), ("placed", "unplaced")):
        if all((counts.get(name) or 0) >= least for name in names):
            shown.update(names)
    return {name: count if name in shown else None for name, count in counts.items()}


def is_near(
    one: Iterable[tuple[Key, int | None]], other: Mapping[Key, int | None], least: int = LEAST
) -> bool:
    """Whether two distributions that are both shown would tell of few by their difference."""
    both = ((count, other.get(key)) for key, count in one)
    return any(a is not None and b is not None and 0 < abs(a - b) < least for a, b in both)
