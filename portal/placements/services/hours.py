"""Hours of work: the student enters them, the company confirms a week or returns it; what was confirmed is corrected with a reason."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

from sqlalchemy import delete, update

from portal.audit.enums import Audience
from portal.audit.services import record
from portal.core import clock
from portal.core.access import Actor
from portal.core.conditional import add_or_find, change_one
from portal.core.db import db
from portal.core.errors import OutOfDate, Refused
from portal.core.i18n import _l
from portal.domain.placements.hours import HoursFault, WeekState, hours_faults, is_over, written
from portal.domain.placements.placement_flow import Side
from portal.internships.services.writing import Incomplete
from portal.placements import mail
from portal.placements.models import Placement, PlacementDay, PlacementWeek
from portal.placements.policy import side_of
from portal.placements.queries.hours import Week, are_open, week_at
from portal.placements.queries.placements import any_placement
from portal.placements.services.checklist import SAY_WHY
from portal.placements.services.moves import NOT_NOW, NOT_YOURS

CHANGED = _l("The hours of this week have been changed in the meantime. Please look at them again.")
NOT_OVER = _l("This week is not over yet.")
FAULTS = {
    HoursFault.UNREADABLE: _l("Please write hours and minutes, like 7:30."),
    HoursFault.TOO_MANY: _l("A day has 24 hours."),
    HoursFault.FUTURE: _l("This day has not come yet."),
    HoursFault.OUTSIDE: _l("This day lies outside the period of the internship."),
}


def save_week(
    *, placement: Placement, monday: date, minutes: Mapping[date, int | None], day_words: Mapping[date, str], words: str,
    version: int, reason: str, by: Actor,
) -> PlacementWeek:  # fmt: skip
    """The week as the student says it was; `version` 0 where nothing was entered yet.

    Raises Refused at `reason` where the company has confirmed it already, Incomplete at its days, OutOfDate.
    """
    placement = _locked(placement, by, Side.STUDENT)
    _check(placement, minutes)
    before = week_at(placement, monday)
    is_correction = before.is_confirmed  # as it stands now: the row changes below
    if is_correction and not reason.strip():
        raise Refused(
            _l("The company has confirmed this week. Please say why you correct it."), field="reason"
        )
    worked = {day: count for day, count in minutes.items() if count}
    row = _entered(placement, before, words.strip(), version)
    old = {each.worked_on: each.minutes for each in before.days}
    _write_days(row, worked, day_words)
    verb = "placement.hours_corrected" if is_correction else "placement.hours_saved"
    _note(
        verb,
        placement,
        row,
        by,
        note=_told(old, worked, reason),
        old=sum(old.values()),
        new=sum(worked.values()),
    )
    return row


def confirm_week(*, placement: Placement, week: PlacementWeek, version: int, by: Actor) -> None:
    """The company stands by what it saw. Raises Refused, OutOfDate."""
    placement = _decided(placement, week, by)
    _decide(week, version, WeekState.CONFIRMED, by, remark="")
    _note("placement.hours_confirmed", placement, week, by)


def return_week(*, placement: Placement, week: PlacementWeek, remark: str, version: int, by: Actor) -> None:
    """Back to the student, with what has to be corrected. Raises Refused at `remark`, OutOfDate."""
    placement = _decided(placement, week, by)
    if not remark.strip():
        raise Refused(SAY_WHY, field="remark")
    _decide(week, version, WeekState.RETURNED, by, remark=remark.strip())
    _note("placement.hours_returned", placement, week, by, note=remark.strip())
    key = f"hours:{week.id}:{week.version}"
    mail.tell("hours", placement, [Side.STUDENT], key=key, remark=remark.strip(), monday=week.monday)


def _locked(placement: Placement, by: Actor, side: Side) -> Placement:
    """The placement as it stands, held until the end of this transaction: it neither ends nor is called off meanwhile."""
    if side_of(by, placement) is not side:
        raise Refused(NOT_YOURS)
    held = any_placement(placement.id, lock=True)
    if not are_open(held):
        raise OutOfDate(NOT_NOW)
    return held


def _decided(placement: Placement, week: PlacementWeek, by: Actor) -> Placement:
    held = _locked(placement, by, Side.COMPANY)
    if held.last_day is None or not is_over(week.monday, held.last_day, clock.today()):
        raise Refused(NOT_OVER)
    return held


def _check(placement: Placement, minutes: Mapping[date, int | None]) -> None:
    if placement.first_day is None or placement.last_day is None:
        raise Refused(NOT_OVER)
    faults = hours_faults(minutes, placement.first_day, placement.last_day, clock.today())
    if faults:
        raise Incomplete({f"hours_{day.weekday()}": FAULTS[fault] for day, fault in faults.items()})


def _entered(placement: Placement, before: Week, words: str, version: int) -> PlacementWeek:
    said: dict[str, Any] = {"words": words, "state": WeekState.ENTERED, "changed_at": clock.now()}
    if before.row is None:
        new = PlacementWeek(placement_id=placement.id, monday=before.monday, **said)
        row, is_ours = add_or_find(new, lambda: week_at(placement, before.monday).row)
        if version or not is_ours:
            raise OutOfDate(CHANGED)
        return row
    _change(before.row, version, **said, remark="", decided_at=None, decided_by_id=None)
    return before.row


def _write_days(row: PlacementWeek, worked: Mapping[date, int], words: Mapping[date, str]) -> None:
    db.session.execute(delete(PlacementDay).where(PlacementDay.week_id == row.id))
    db.session.add_all(
        PlacementDay(
            placement_id=row.placement_id, week_id=row.id, worked_on=day, minutes=count, words=words.get(day, "").strip()
        )
        for day, count in sorted(worked.items())
    )  # fmt: skip
    db.session.flush()


def _decide(week: PlacementWeek, version: int, new: WeekState, by: Actor, *, remark: str) -> None:
    if week.state is not WeekState.ENTERED:
        raise OutOfDate(CHANGED)
    _change(week, version, state=new, remark=remark, decided_at=clock.now(), decided_by_id=by.id)


def _change(week: PlacementWeek, version: int, **values: Any) -> None:
    stands = update(PlacementWeek).where(
        PlacementWeek.id == week.id, PlacementWeek.version == version, PlacementWeek.state == week.state
    )
    change_one(week, stands.values(**values, version=PlacementWeek.version + 1), CHANGED)


def _told(old: Mapping[date, int], new: Mapping[date, int], reason: str) -> str:
    """What a correction changed, day by day, and why."""
    moved = [day for day in sorted({*old, *new}) if old.get(day, 0) != new.get(day, 0)] if old else []
    parts = [f"{day.isoformat()}: {written(old.get(day, 0))} → {written(new.get(day, 0))}" for day in moved]
    return "\n".join(part for part in (*parts, reason.strip()) if part)


def _note(
    verb: str, placement: Placement, week: PlacementWeek, by: Actor, *, note: str = "", old: int | None = None,
    new: int | None = None,
) -> None:  # fmt: skip
    hours = {"hours": [written(old or 0), written(new)]} if new is not None else {}
    record(
        verb=verb, subject=week, organisation_id=placement.organisation_id, by=by, note=note,
        changes={"monday": week.monday} | hours, audience=Audience.PARTY,
    )  # fmt: skip
