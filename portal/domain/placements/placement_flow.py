"""The way of a placement: prepared, running, at its end, evaluated; or called off with a reason."""

from __future__ import annotations

from enum import StrEnum


class PlacementState(StrEnum):
    """Where a placement stands."""

    PREPARING = "preparing"  # contracts, insurance, data agreements
    RUNNING = "running"
    ENDED = "ended"  # evaluations are due
    EVALUATED = "evaluated"
    CANCELLED = "cancelled"

    @property
    def is_final(self) -> bool:
        """Nothing follows."""
        return not NEXT[self]


NEXT: dict[PlacementState, frozenset[PlacementState]] = {
    PlacementState.PREPARING: frozenset({PlacementState.RUNNING, PlacementState.CANCELLED}),
    PlacementState.RUNNING: frozenset({PlacementState.ENDED, PlacementState.CANCELLED}),
    PlacementState.ENDED: frozenset({PlacementState.EVALUATED}),
    PlacementState.EVALUATED: frozenset(),
    PlacementState.CANCELLED: frozenset(),
}
