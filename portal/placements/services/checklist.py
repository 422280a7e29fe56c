"""What has to be done before the start: done, opened again, waived, asked for; and its documents."""

from __future__ import annotations

from datetime import date
from typing import Any

from sqlalchemy import update

from portal.core import clock
from portal.core.access import Actor
from portal.core.conditional import change_one
from portal.core.db import db
from portal.core.errors import OutOfDate, Refused
from portal.core.i18n import _l
from portal.domain.placements.checklist import may_add_paper, may_do
from portal.domain.placements.placement_flow import OVER, PlacementState, Side
from portal.files.services import Examined, keep_upload
from portal.placements.models import Placement, PlacementItem, PlacementPaper
from portal.placements.services.moves import (
    CHANGED,
    NOT_NOW,
    NOT_YOURS,
    change,
    note_placement,
    require_state,
)

SAY_WHY = _l("Please say why.")


def do_item(*, placement: Placement, item: PlacementItem, side: Side, by: Actor) -> None:
    """It is done, says whose hand it was in, or the office. Raises Refused, OutOfDate."""
    _require(placement, item, side)
    if item.done_at is not None:
        return
    if not item.is_needed:
        raise OutOfDate(CHANGED)
    done = {"done_at": clock.now(), "done_by_id": by.id, "done_side": side}
    _change(placement, item, PlacementItem.done_at.is_(None), PlacementItem.is_needed, **done)
    _note("placement.item_done", placement, item, by)


def undo_item(*, placement: Placement, item: PlacementItem, side: Side, by: Actor) -> None:
    """It was not done after all. What the office has said is taken back by the office alone. Raises Refused, OutOfDate."""
    _require(placement, item, side)
    if item.done_at is None:
        return
    if not item.is_needed:
        raise OutOfDate(CHANGED)
    if item.done_side is Side.OFFICE and side is not Side.OFFICE:
        raise Refused(NOT_YOURS)
    _change(
        placement, item, PlacementItem.done_at.is_not(None), done_at=None, done_by_id=None, done_side=None
    )
    _note("placement.item_undone", placement, item, by)


def waive_item(*, placement: Placement, item: PlacementItem, reason: str, by: Actor) -> None:
    """Not needed here, says the office, and why. Raises Refused at `reason`, OutOfDate."""
    _require(placement, item, Side.OFFICE)
    if not reason.strip():
        raise Refused(SAY_WHY, field="reason")
    if not item.is_needed:
        return
    settled = {"done_at": clock.now(), "done_by_id": by.id, "done_side": Side.OFFICE}
    _change(placement, item, PlacementItem.is_needed, is_needed=False, reason=reason.strip(), **settled)
    _note("placement.item_waived", placement, item, by, note=reason.strip())


def require_item(*, placement: Placement, item: PlacementItem, by: Actor) -> None:
    """Needed here, says the office. Raises OutOfDate."""
    _require(placement, item, Side.OFFICE)
    if item.is_needed:
        return
    open_again: dict[str, Any] = dict.fromkeys(("done_at", "done_by_id", "done_side"))
    _change(placement, item, PlacementItem.is_needed.is_(False), is_needed=True, reason="", **open_again)
    _note("placement.item_required", placement, item, by)


def move_item(*, placement: Placement, item: PlacementItem, due_on: date, by: Actor) -> None:
    """Another day by which it is due. Raises Refused at `due_on`, OutOfDate."""
    _require(placement, item, Side.OFFICE)
    if due_on < clock.today():
        raise Refused(_l("This day has passed already."), field="due_on")
    old = item.due_on
    if due_on == old:
        return
    _change(placement, item, PlacementItem.due_on == old, due_on=due_on)
    _note("placement.item_moved", placement, item, by, changes={"due_on": [old, due_on]})


def add_paper(
    *, placement: Placement, item: PlacementItem, upload: Examined, side: Side, by: Actor
) -> PlacementPaper:
    """Keep a document of the item, for those to whom it belongs. Raises Refused, OutOfDate."""
    if not may_add_paper(item.kind, side):
        raise Refused(NOT_YOURS)
    if placement.state in OVER:
        raise OutOfDate(NOT_NOW)
    change(placement)
    kept = keep_upload(upload, by=by, organisation_id=None)  # restricted: this room says who opens it
    paper = PlacementPaper(
        item_id=item.id, file_id=kept.id, added_at=clock.now(), added_by_id=by.id, side=side
    )
    db.session.add(paper)
    db.session.flush()
    _note("placement.paper_added", placement, item, by)
    return paper


def remove_paper(
    *, placement: Placement, paper: PlacementPaper, item: PlacementItem, side: Side, by: Actor
) -> None:
    """Take back what one's own side handed in, before the start. Raises Refused, OutOfDate."""
    require_state(placement, PlacementState.PREPARING)
    if paper.side is not side:
        raise Refused(NOT_YOURS)
    change(placement)
    stands = update(PlacementPaper).where(PlacementPaper.id == paper.id, PlacementPaper.removed_at.is_(None))
    change_one(paper, stands.values(removed_at=clock.now()), CHANGED)
    _note("placement.paper_removed", placement, item, by)


def _require(placement: Placement, item: PlacementItem, side: Side) -> None:
    require_state(placement, PlacementState.PREPARING)
    if not may_do(item.kind, side):
        raise Refused(NOT_YOURS)


def _change(placement: Placement, item: PlacementItem, *conditions: Any, **values: Any) -> None:
    change(placement)
    change_one(
        item, update(PlacementItem).where(PlacementItem.id == item.id, *conditions).values(**values), CHANGED
    )


def _note(
    verb: str, placement: Placement, item: PlacementItem, by: Actor, *, note: str = "", changes: Any = None
) -> None:
    note_placement(verb, placement, by, note=note, changes={"item": item.kind} | (changes or {}))
