"""One change of a placement, if it still stands as it was seen, and its trail."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from sqlalchemy import ColumnElement, update

from portal.audit.enums import Audience
from portal.audit.services import record
from portal.core import clock
from portal.core.access import Actor
from portal.core.conditional import change_one
from portal.core.errors import OutOfDate
from portal.core.i18n import _l
from portal.domain.placements.placement_flow import NEXT, Mover, PlacementState, may_move
from portal.placements.models import Placement

CHANGED = _l("Somebody has changed this internship in the meantime. Please look at it again.")
NOT_NOW = _l("This can no longer be changed.")
NOT_YOURS = _l("This step belongs to somebody else.")
VERBS = {
    PlacementState.RUNNING: "placement.started",
    PlacementState.ENDED: "placement.ended",
    PlacementState.EVALUATED: "placement.evaluated",
    PlacementState.CLOSED: "placement.closed",
    PlacementState.CANCELLED: "placement.cancelled",
}


def move_placement(
    placement: Placement, new: PlacementState, mover: Mover, *conditions: ColumnElement[bool], by: Actor | None,
    version: int | None = None, note: str = "", **values: Any,
) -> None:  # fmt: skip
    """One step, if it still stands as it was seen and `conditions` hold in the database. Raises OutOfDate."""
    if not may_move(placement.state, new, mover):
        raise OutOfDate(NOT_NOW if not NEXT[placement.state] else CHANGED)
    values |= {"state": new, "moved_at": clock.now()}
    change(placement, *conditions, version=version, **values)
    note_placement(VERBS[new], placement, by, note=note)


def change(
    placement: Placement, *conditions: ColumnElement[bool], version: int | None = None, **values: Any
) -> None:
    """Change it while its state and version are what was seen; whoever was slower reads again. Raises OutOfDate.

    What hangs on it (checklist, hours) changes after this, so that of two at once one waits and then finds it changed.
    """
    stands = update(Placement).where(
        Placement.id == placement.id, Placement.state == placement.state,
        Placement.version == (placement.version if version is None else version), *conditions,
    )  # fmt: skip
    change_one(placement, stands.values(**values, version=Placement.version + 1), CHANGED)


def require_state(placement: Placement, *states: PlacementState) -> None:
    """Raises OutOfDate when it stands elsewhere."""
    if placement.state not in states:
        raise OutOfDate(NOT_NOW)


def note_placement(
    verb: str, placement: Placement, by: Actor | None, *, note: str = "", changes: Mapping[str, Any] | None = None,
    is_private: bool = False,
) -> None:  # fmt: skip
    """Into the trail of the company; `is_private`: for the office's eyes alone."""
    record(
        verb=verb, subject=placement, organisation_id=placement.organisation_id, by=by, note=note, changes=changes,
        audience=Audience.STAFF if is_private else Audience.PARTY,
    )  # fmt: skip
