"""The way of a placement: prepared, running, at its end, evaluated; or called off with a reason.

No state waits for ever: the calendar ends what has come to its last day and closes what nobody evaluates.
"""

from __future__ import annotations

from enum import StrEnum


class PlacementState(StrEnum):
    """Where a placement stands."""

    PREPARING = "preparing"  # contracts, insurance, data agreements
    RUNNING = "running"
    ENDED = "ended"  # evaluations are due
    EVALUATED = "evaluated"
    CLOSED = "closed"  # ended, and never evaluated
    CANCELLED = "cancelled"

    @property
    def is_final(self) -> bool:
        """Nothing follows."""
        return not NEXT[self]


class Side(StrEnum):
    """Whose hand something waits for, or by whose hand it was done."""

    STUDENT = "student"
    COMPANY = "company"
    OFFICE = "office"


class Mover(StrEnum):
    """Who takes a step; the sides take `EVALUATED` by sending in what was missing."""

    STUDENT = "student"
    COMPANY = "company"
    OFFICE = "office"
    CALENDAR = "calendar"


_OFFICE, _CALENDAR = frozenset({Mover.OFFICE}), frozenset({Mover.CALENDAR})
NEXT: dict[PlacementState, dict[PlacementState, frozenset[Mover]]] = {
    PlacementState.PREPARING: {
        PlacementState.RUNNING: _OFFICE | _CALENDAR | {Mover.COMPANY},
        PlacementState.CANCELLED: _OFFICE,
    },
    PlacementState.RUNNING: {
        PlacementState.ENDED: _OFFICE | _CALENDAR,
        PlacementState.CANCELLED: _OFFICE,
    },
    PlacementState.ENDED: {
        PlacementState.EVALUATED: _CALENDAR | {Mover.STUDENT, Mover.COMPANY},
        PlacementState.CLOSED: _OFFICE | _CALENDAR,
    },
    PlacementState.EVALUATED: {},
    PlacementState.CLOSED: {},
    PlacementState.CANCELLED: {},
}
OVER = tuple(state for state in PlacementState if not NEXT[state])


def may_move(before: PlacementState, after: PlacementState, mover: Mover) -> bool:
    """Whether `mover` may take the placement from one state to another."""
    return mover in NEXT[before].get(after, frozenset())
