"""Begin an internship, end it, call it off."""

from __future__ import annotations

from datetime import date
from typing import Any

from sqlalchemy import exists

from portal.core import clock
from portal.core.access import Actor
from portal.core.errors import OutOfDate, Refused
from portal.core.i18n import _l
from portal.domain.placements.periods import LEAST_DAYS, first_day_of_work, is_too_late
from portal.domain.placements.placement_flow import Mover, PlacementState, Side
from portal.matching.services.places import free_place
from portal.placements import mail
from portal.placements.mail import PARTNERS
from portal.placements.models import Placement, PlacementItem
from portal.placements.policy import side_of
from portal.placements.queries.checklist import items_of, settled_on
from portal.placements.services.checklist import SAY_WHY
from portal.placements.services.moves import NOT_NOW, NOT_YOURS, change, move_placement, note_placement

NO_PERIOD = _l("Student and company have not agreed on the period yet.")
NOT_DONE = _l("Not everything that has to be done before the start is done.")
TOO_EARLY = _l("The first day has not come yet.")
TOO_LATE = _l(
    "Until the last day too little time is left for an internship of %(days)s days. Please agree on another period.", days=LEAST_DAYS
)  # fmt: skip


def start_placement(
    *, placement: Placement, mover: Mover, by: Actor | None, version: int | None = None
) -> None:
    """Under way, from the agreed day or the later one on which the last item was done.

    The database starts it only with the period agreed upon and the checklist done.

    Raises Refused with the reason, OutOfDate.
    """
    _refuse_start(placement)
    still_open = exists().where(
        PlacementItem.placement_id == placement.id, PlacementItem.is_needed, PlacementItem.done_at.is_(None)
    )
    ready = (
        ~still_open, Placement.student_agreed_at.is_not(None), Placement.company_agreed_at.is_not(None),
        Placement.starts_on <= clock.today(),
    )  # fmt: skip
    move_placement(
        placement,
        PlacementState.RUNNING,
        mover,
        *ready,
        by=by,
        version=version,
        started_on=_first_day(placement),
    )
    mail.tell("moved", placement, PARTNERS, key="running", state=placement.state.value)


def hurdle(placement: Placement) -> Any:
    """Why it cannot start today, in words; None when it can."""
    first, last, today = placement.starts_on, placement.ends_on, clock.today()
    if placement.agreed != frozenset(PARTNERS) or first is None or last is None:
        return NO_PERIOD
    items = items_of(placement.id)
    has_open = any(item.is_open for item in items)
    began = first_day_of_work(first, today if has_open else settled_on(items))
    if is_too_late(began, last, today):
        return TOO_LATE
    if has_open:
        return NOT_DONE
    return TOO_EARLY if first > today else None


def _first_day(placement: Placement) -> date | None:
    first = placement.starts_on
    return None if first is None else first_day_of_work(first, settled_on(items_of(placement.id)))


def ask_ending(*, placement: Placement, reason: str, by: Actor) -> None:
    """A side asks the office for an early ending, before the start or during it. Raises Refused at `reason`, OutOfDate."""
    side = side_of(by, placement)
    if side is None:
        raise Refused(NOT_YOURS)
    if placement.state not in (PlacementState.PREPARING, PlacementState.RUNNING):
        raise OutOfDate(NOT_NOW)
    if not reason.strip():
        raise Refused(SAY_WHY, field="reason")
    if placement.ending_asked_at is not None:
        raise OutOfDate(
            _l("An early ending has been asked for already; the career-support office sees to it.")
        )
    asked: dict[str, Any] = {
        "ending_side": side,
        "ending_asked_at": clock.now(),
        "ending_reason": reason.strip(),
    }
    change(placement, Placement.ending_asked_at.is_(None), **asked)
    note_placement("placement.ending_asked", placement, by, note=reason.strip(), is_private=True)
    mail.tell("office", placement, [Side.OFFICE], key=f"ending:{placement.version}", about="ending")


def decline_ending(*, placement: Placement, version: int, by: Actor) -> None:
    """It goes on, as the sides have come to terms. Raises OutOfDate."""
    if placement.ending_asked_at is None:
        raise OutOfDate(NOT_NOW)
    asker = placement.ending_side
    change(placement, version=version, ending_side=None, ending_asked_at=None, ending_reason=None)
    note_placement("placement.ending_declined", placement, by, is_private=True)
    if asker is not None:
        mail.tell("moved", placement, [asker], key=f"goes-on:{placement.version}", state="goes_on")


def cancel_placement(*, placement: Placement, reason: str, version: int, by: Actor) -> None:
    """Called off by the office, before the start or during it; nobody evaluates. Before the start student and place are free again,
    for another round or an offer. Raises Refused at `reason`, OutOfDate."""
    if not reason.strip():
        raise Refused(SAY_WHY, field="reason")
    said: dict[str, Any] = {"reason": reason.strip()}
    if placement.state is PlacementState.PREPARING:
        free_place(posting_id=placement.posting_id, student_id=placement.student_id)
    if placement.state is PlacementState.RUNNING:
        said["last_on"] = min(clock.today(), placement.ends_on or clock.today())
    move_placement(
        placement, PlacementState.CANCELLED, Mover.OFFICE, by=by, version=version, note=reason.strip(), **said
    )
    mail.tell("moved", placement, PARTNERS, key="cancelled", state=placement.state.value)


def end_early(*, placement: Placement, last_on: date, version: int, by: Actor) -> None:
    """Ended by the office after a last day of work, before the one agreed upon; both sides evaluate.

    Raises Refused at `last_on`, OutOfDate.
    """
    if placement.state is not PlacementState.RUNNING or placement.first_day is None:
        raise OutOfDate(NOT_NOW)
    if not placement.first_day <= last_on <= clock.today():
        raise Refused(_l("This has to be a day of the internship, today at the latest."), field="last_on")
    values: dict[str, Any] = {"last_on": last_on}
    move_placement(
        placement, PlacementState.ENDED, Mover.OFFICE, by=by, version=version, **values
    )  # fmt: skip
    _tell_ended(placement)


def end_by_calendar(placement: Placement) -> None:
    """The last day is over. Raises OutOfDate where somebody was faster."""
    move_placement(
        placement, PlacementState.ENDED, Mover.CALENDAR, Placement.ends_on < clock.today(), by=None
    )
    _tell_ended(placement)


def close_placement(*, placement: Placement, mover: Mover, by: Actor | None, reason: str = "") -> None:
    """Nobody evaluates it any more. Raises Refused at `reason`, OutOfDate."""
    if mover is Mover.OFFICE and not reason.strip():
        raise Refused(SAY_WHY, field="reason")
    move_placement(placement, PlacementState.CLOSED, mover, by=by, note=reason.strip(), reason=reason.strip())


def _tell_ended(placement: Placement) -> None:
    mail.tell("moved", placement, PARTNERS, key="ended", state=placement.state.value)


def _refuse_start(placement: Placement) -> None:
    if placement.state is PlacementState.PREPARING:
        found = hurdle(placement)
        if found is not None:
            raise Refused(found)
