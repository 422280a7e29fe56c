"""The chain of a group's meetings is the best of all chains: against every one of small ones."""

from __future__ import annotations

from itertools import product

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from portal.domain.scheduling.chains import NEVER, VIOLATION, best_chain

UNPLACED = 50.0


def cheapest(costs: np.ndarray, day: np.ndarray, gap: tuple[int, int]) -> float:
    """Every way to put the meetings, or to leave them out."""
    best = np.inf
    for slots in product(range(-1, costs.shape[1]), repeat=len(costs)):
        total, last = 0.0, None
        for number, slot in enumerate(slots):
            if slot < 0:
                total += UNPLACED
                continue
            total += costs[number, slot]
            if last is not None:
                days = day[slot] - last
                total += np.inf if days <= 0 else 0 if gap[0] <= days <= gap[1] else VIOLATION
            last = day[slot]
        best = min(best, total)
    return float(best)


@given(
    st.lists(st.integers(0, 6), min_size=0, max_size=5), st.integers(0, 3), st.integers(1, 4), st.integers(0, 4), st.integers(0, 99)
)  # fmt: skip
def test_it_is_the_cheapest(days: list[int], meetings: int, least: int, more: int, seed: int) -> None:
    chance = np.random.Generator(np.random.PCG64(seed))
    day = np.array(sorted(days), dtype=np.int64)
    costs = chance.uniform(0, 20, (meetings, len(day)))
    costs[chance.uniform(size=costs.shape) < 0.3] = NEVER
    gap = (least, least + more)
    found = best_chain(costs, day, 7, gap, UNPLACED)
    assert found.cost == pytest.approx(cheapest(costs, day, gap))
    placed = [slot for slot in found.slots if slot >= 0]
    assert len(found.slots) == meetings
    assert all(day[a] < day[b] for a, b in zip(placed, placed[1:], strict=False))
