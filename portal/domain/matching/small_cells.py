"""Counts that may be shown: none that tells of few people, also not by what is left of a sum."""

from __future__ import annotations

from collections.abc import Hashable, Mapping
from typing import TypeVar

from portal.domain.matching.demand import LEAST

Key = TypeVar("Key", bound=Hashable)


def hidden_cells(counts: Mapping[Key, int], least: int = LEAST) -> dict[Key, int | None]:
    """The counts, None where one is from 1 to `least` - 1. The sum may be known: while the hidden ones together are one cell or
    fewer than `least` people, the smallest one that is left is hidden too. 0 is said: it tells of nobody."""
    hidden = {key for key, count in counts.items() if 0 < count < least}
    left = sorted((count, place, key) for place, (key, count) in enumerate(counts.items()) if count >= least)
    while hidden and left and (len(hidden) < 2 or sum(counts[key] for key in hidden) < least):
        hidden.add(left.pop(0)[2])
    return {key: None if key in hidden else count for key, count in counts.items()}
