"""Read hours of work."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy import select

from portal.core import clock
from portal.core.db import db
from portal.core.errors import NotFound
from portal.domain.placements.hours import WeekState
from portal.domain.placements.periods import weeks_between
from portal.domain.placements.placement_flow import PlacementState
from portal.placements.models import Placement, PlacementDay, PlacementWeek
from portal.placements.queries.certificates import is_certified


@dataclass(frozen=True, slots=True)
class Week:
    """A week of the period: its row, where something was entered, and the days with work."""

    monday: date
    row: PlacementWeek | None
    days: Sequence[PlacementDay]

    @property
    def minutes(self) -> int:
        return sum(each.minutes for each in self.days)

    @property
    def is_confirmed(self) -> bool:
        return self.row is not None and self.row.state is WeekState.CONFIRMED


def weeks_of(placement: Placement) -> list[Week]:
    """All weeks of the period that have begun, the earliest first, and any other that something was entered for."""
    rows = {
        row.monday: row
        for row in db.session.scalars(select(PlacementWeek).where(PlacementWeek.placement_id == placement.id))
    }
    days = _days(PlacementDay.placement_id == placement.id)
    begun: list[date] = []
    if placement.first_day and placement.last_day:
        begun = weeks_between(placement.first_day, min(placement.last_day, clock.today()))
    mondays = sorted({*begun, *rows})
    return [
        Week(monday, rows.get(monday), days.get(rows[monday].id, []) if monday in rows else [])
        for monday in mondays
    ]


def unsettled(weeks: Sequence[Week]) -> list[Week]:
    """Weeks that the company has not confirmed: not entered, to be confirmed, or returned."""
    return [week for week in weeks if not week.is_confirmed]


def are_open(placement: Placement) -> bool:
    """Whether hours may be entered and confirmed: until a paper says how many they were."""
    if placement.state is PlacementState.EVALUATED:
        return not is_certified(placement.id)
    return placement.state in (PlacementState.RUNNING, PlacementState.ENDED)


def week_at(placement: Placement, monday: date) -> Week:
    """One week of the period, entered or not."""
    mine = (PlacementWeek.placement_id == placement.id, PlacementWeek.monday == monday)
    row = db.session.scalars(select(PlacementWeek).where(*mine)).one_or_none()
    return Week(monday, row, days_of(row) if row else [])


def week_of(week_id: int) -> PlacementWeek:
    """One that was entered; who may see it is asked of its placement. Raises NotFound."""
    found = db.session.get(PlacementWeek, week_id)
    if found is None:
        raise NotFound
    return found


def days_of(week: PlacementWeek) -> list[PlacementDay]:
    """Its days with work, in order."""
    return _days(PlacementDay.week_id == week.id).get(week.id, [])


def _days(condition: object) -> Mapping[int, list[PlacementDay]]:
    found: dict[int, list[PlacementDay]] = {}
    wanted = select(PlacementDay).where(condition).order_by(PlacementDay.worked_on)  # type: ignore[arg-type]
    for day in db.session.scalars(wanted):
        found.setdefault(day.week_id, []).append(day)
    return found
