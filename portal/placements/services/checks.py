"""Half-time: both sides answer a short form; the office follows concerns up."""

from __future__ import annotations

from typing import Any

from sqlalchemy import update

from portal.core import clock
from portal.core.access import Actor
from portal.core.conditional import add_or_find, change_one
from portal.core.errors import OutOfDate, Refused
from portal.core.i18n import _l
from portal.domain.placements.periods import CHECK_OPENS, half_time
from portal.domain.placements.placement_flow import PlacementState, Side
from portal.placements import mail
from portal.placements.models import Placement, PlacementCheck
from portal.placements.policy import side_of
from portal.placements.queries.evaluations import checks_of
from portal.placements.queries.placements import any_placement
from portal.placements.services.moves import CHANGED, NOT_NOW, NOT_YOURS, note_placement

TOO_EARLY = _l("The half-time check opens a week before half-time.")
ANSWERED = _l("Your side has answered already.")


def answer_check(
    *,
    placement: Placement,
    progress: int,
    support: int,
    words: str,
    has_concern: bool,
    concern: str,
    by: Actor,
) -> PlacementCheck:
    """What a side says at half-time, once. Raises Refused at `concern`, OutOfDate."""
    side = side_of(by, placement)
    if side is None:
        raise Refused(NOT_YOURS)
    placement = any_placement(placement.id, lock=True)
    refusal = refusal_of(placement, side)
    if refusal is not None:
        raise OutOfDate(refusal)
    if has_concern and not concern.strip():
        raise Refused(_l("Please say what worries you."), field="concern")
    new = PlacementCheck(
        placement_id=placement.id, side=side, progress=progress, support=support, words=words.strip(), has_concern=has_concern,
        concern=concern.strip() if has_concern else "", answered_at=clock.now(), answered_by_id=by.id,
    )  # fmt: skip
    check, is_ours = add_or_find(new, lambda: checks_of(placement.id).get(side))
    if not is_ours:
        raise OutOfDate(ANSWERED)
    note_placement("placement.check_answered", placement, by)
    if has_concern:
        mail.tell("office", placement, [Side.OFFICE], key=f"concern:{check.id}", about="concern")
    return check


def follow_concern(*, placement: Placement, check: PlacementCheck, words: str, by: Actor) -> None:
    """What the office did about it. Raises Refused at `words`, OutOfDate."""
    if not words.strip():
        raise Refused(_l("Please write down what was done."), field="words")
    if not check.has_concern:
        raise OutOfDate(CHANGED)
    stands = update(PlacementCheck).where(PlacementCheck.id == check.id, PlacementCheck.followed_at.is_(None))
    done = {"followed_at": clock.now(), "followed_by_id": by.id, "follow_up": words.strip()}
    change_one(check, stands.values(**done), CHANGED)
    note_placement("placement.concern_followed", placement, by, is_private=True)


def refusal_of(placement: Placement, side: Side) -> Any:
    """Why a side cannot answer today, in words; None when it can."""
    if (
        placement.state is not PlacementState.RUNNING
        or placement.first_day is None
        or placement.last_day is None
    ):
        return NOT_NOW
    if side in checks_of(placement.id):
        return ANSWERED
    is_early = clock.today() < half_time(placement.first_day, placement.last_day) - CHECK_OPENS
    return TOO_EARLY if is_early else None
