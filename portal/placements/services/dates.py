"""First and last day: one side proposes, the other agrees."""

from __future__ import annotations

from datetime import date
from typing import Any

from portal.core import clock
from portal.core.access import Actor
from portal.core.errors import Refused
from portal.core.i18n import _l
from portal.domain.placements.periods import LEAST_DAYS, PeriodFault, overlaps, period_faults
from portal.domain.placements.placement_flow import PlacementState, Side
from portal.internships.services.writing import Incomplete
from portal.placements import mail
from portal.placements.models import Placement
from portal.placements.policy import side_of
from portal.placements.queries.windows import agreed_elsewhere, window_of
from portal.placements.services.moves import NOT_YOURS, change, note_placement, require_state

AGREED = {Side.STUDENT: "student_agreed_at", Side.COMPANY: "company_agreed_at"}
FAULTS = {
    PeriodFault.PAST: _l("This day has passed already."),
    PeriodFault.TOO_SHORT: _l("An internship lasts at least %(days)s days.", days=LEAST_DAYS),
    PeriodFault.BEFORE_POSTING: _l("The posting begins later."),
    PeriodFault.AFTER_POSTING: _l("The posting ends earlier."),
    PeriodFault.BEFORE_SUPERVISOR: _l("The supervisor lets the student go later."),
    PeriodFault.AFTER_SUPERVISOR: _l("The supervisor needs the student back earlier."),
    PeriodFault.TAKEN: _l("The student is not free on all of these days: another internship is agreed upon."),
}


def propose_dates(*, placement: Placement, starts_on: date, ends_on: date, version: int, by: Actor) -> None:
    """Two days from one side; the other is asked. Raises Refused at its field, OutOfDate."""
    side = _partner(placement, by)
    _check(placement, starts_on, ends_on)
    old = [placement.starts_on, placement.ends_on]
    agreed: dict[str, Any] = dict.fromkeys(AGREED.values()) | {AGREED[side]: clock.now()}
    change(placement, version=version, starts_on=starts_on, ends_on=ends_on, **agreed)
    changes = {"starts_on": [old[0], starts_on], "ends_on": [old[1], ends_on]}
    note_placement("placement.dates_proposed", placement, by, changes=changes)
    mail.tell("period", placement, [_other(side)], key=f"period:{placement.version}", is_agreed=False)


def agree_dates(*, placement: Placement, version: int, by: Actor) -> None:
    """The days that were seen hold. Raises Refused, OutOfDate."""
    side = _partner(placement, by)
    if placement.starts_on is None or placement.ends_on is None:
        raise Refused(_l("Nobody has proposed a period yet."))
    if side in placement.agreed:
        return
    _check(placement, placement.starts_on, placement.ends_on)
    change(placement, version=version, **{AGREED[side]: clock.now()})
    note_placement("placement.dates_agreed", placement, by)
    mail.tell("period", placement, [_other(side)], key=f"period:{placement.version}", is_agreed=True)


def _check(placement: Placement, starts_on: date, ends_on: date) -> None:
    faults = period_faults(starts_on, ends_on, window_of(placement), clock.today())
    if not faults and any(overlaps((starts_on, ends_on), days) for days in agreed_elsewhere(placement)):
        faults = {"starts_on": PeriodFault.TAKEN}
    if faults:
        raise Incomplete({field: FAULTS[fault] for field, fault in faults.items()})


def _partner(placement: Placement, by: Actor) -> Side:
    side = side_of(by, placement)
    if side is None:
        raise Refused(NOT_YOURS)
    require_state(placement, PlacementState.PREPARING)
    return side


def _other(side: Side) -> Side:
    return Side.COMPANY if side is Side.STUDENT else Side.STUDENT
