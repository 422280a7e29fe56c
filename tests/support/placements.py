"""Placements at every stage, made through the services; everything invented."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from portal.accounts.models import Person
from portal.core import clock
from portal.core.db import db
from portal.core.transaction import rollback, transaction
from portal.domain.placements.placement_flow import Mover, Side
from portal.placements.models import Placement, PlacementItem
from portal.placements.queries.checklist import items_of
from portal.placements.queries.hours import unsettled, week_of, weeks_of
from portal.placements.queries.placements import any_placement
from portal.placements.services import checklist, dates, hours, making, running
from tests.support import internships as given
from tests.support.academics import student

FIRST, LAST = date(2026, 9, 1), date(2026, 11, 30)
DAY = timedelta(days=1)


@dataclass
class Case:
    """A placement with its people."""

    id: int
    student: Person
    admin: Person
    officer: Person

    def now(self) -> Placement:
        """As it stands."""
        rollback()
        return any_placement(self.id)

    def act(self, who: Person, verb: Callable[..., Any], **said: Any) -> Any:
        """A verb of somebody, in a transaction of its own."""
        with given.acting(who) as by:
            return verb(placement=any_placement(self.id), by=by, **said)

    def item(self, kind: str) -> PlacementItem:
        """An item as it stands."""
        rollback()
        (found,) = (each for each in items_of(self.id) if each.kind == kind)
        return found

    def at_item(self, who: Person, verb: Callable[..., Any], kind: str, **said: Any) -> None:
        """A verb of the checklist."""
        with given.acting(who) as by:
            (item,) = (each for each in items_of(self.id) if each.kind == kind)
            verb(placement=any_placement(self.id), item=item, by=by, **said)


def case(admin: Person | None = None, officer: Person | None = None, **values: Any) -> Case:
    """A placement in preparation, of a new student."""
    officer, admin, intern = officer or given.officer(), admin or given.host(), student()
    round_id = given.plan(officer, times=given.ahead())
    posting_id = given.write(admin, round_id, **values)
    with transaction():
        making.make_placement(posting_id=posting_id, student_id=intern.id)
    rollback()
    made = db.session.query(Placement).filter_by(posting_id=posting_id, student_id=intern.id).one()
    return Case(made.id, intern, admin, officer)


def agree(found: Case, first: date = FIRST, last: date = LAST) -> None:
    """Both sides on two days."""
    found.act(found.admin, dates.propose_dates, starts_on=first, ends_on=last, version=found.now().version)
    found.act(found.student, dates.agree_dates, version=found.now().version)


def finish_checklist(found: Case) -> None:
    """Everything that is needed, done by the office."""
    for item in items_of(found.now().id):
        if item.is_open:
            found.at_item(found.officer, checklist.do_item, item.kind, side=Side.OFFICE)


def ready(found: Case | None = None) -> Case:
    """Could start on its day."""
    found = found or case()
    agree(found)
    finish_checklist(found)
    return found


def settle_hours(found: Case) -> None:
    """Every week that is over is entered, without a day of work, and confirmed."""
    found.now()
    mondays = [week.monday for week in unsettled(weeks_of(found.now()))]
    for monday in mondays:
        said: dict[str, Any] = {"minutes": {}, "day_words": {}, "words": "", "version": 0, "reason": ""}
        row = found.act(found.student, hours.save_week, monday=monday, **said)
        found.act(found.admin, hours.confirm_week, week=week_of(row.id), version=1)


def started(found: Case | None = None) -> Case:
    """Under way; the clock has to stand in the period."""
    found = ready(found)
    with clock.frozen(clock.now() + (FIRST - clock.today()) * 1):
        found.act(found.officer, running.start_placement, mover=Mover.OFFICE)
    return found
