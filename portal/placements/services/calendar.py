"""What happens by the day alone: internships begin and end, evaluations close, reminders go out."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from datetime import date
from itertools import groupby
from typing import Any

from sqlalchemy import func, select

from portal.core import clock
from portal.core.db import db
from portal.core.errors import Refused
from portal.core.transaction import transaction
from portal.domain.placements.checklist import ItemKind
from portal.domain.placements.duties import Duty, Task, stage_of
from portal.domain.placements.periods import CLOSED_AFTER, EVALUATE_WITHIN
from portal.domain.placements.placement_flow import Mover, PlacementState, Side
from portal.placements import mail
from portal.placements.enums import ITEM_LABELS, TASK_LABELS
from portal.placements.models import Placement
from portal.placements.queries.duties import active_placements, duties_of
from portal.placements.queries.placements import any_placement
from portal.placements.services.evaluations import settle
from portal.placements.services.running import close_placement, end_by_calendar, hurdle, start_placement

_last_day = func.coalesce(Placement.last_on, Placement.ends_on)


def keep_calendar() -> None:
    """Each placement in a transaction of its own; a second run finds nothing to do."""
    today = clock.today()
    _each(_standing(PlacementState.PREPARING, Placement.starts_on <= today), _start)
    _each(_standing(PlacementState.RUNNING, Placement.ends_on < today), end_by_calendar)
    _each(_standing(PlacementState.ENDED, _last_day < today - EVALUATE_WITHIN), _settle)


def remind() -> None:
    """Whoever has something to do hears of it a week before, the day after, and every fortnight from then on."""
    after = 0
    while numbers := active_placements(after):
        with transaction():
            found = db.session.scalars(select(Placement).where(Placement.id.in_(numbers))).all()
            waiting = duties_of(found)
            for placement in found:
                _remind(placement, waiting[placement.id])
        after = numbers[-1]


def _remind(placement: Placement, waiting: Sequence[Duty]) -> None:
    """One mail to a side for all that is due on the same day; what is late is the office's to know from its home."""
    today = clock.today()

    def order(duty: Duty) -> tuple[Side, date]:
        return duty.side, duty.due_on

    partners = [duty for duty in waiting if duty.side is not Side.OFFICE]
    for (side, due_on), same in groupby(sorted(partners, key=order), order):
        stage = stage_of(due_on, today)
        if stage is not None:
            tasks = [ITEM_LABELS[item] if item else TASK_LABELS[task] for task, item in _once(same)]
            key = f"reminder:{due_on}:{stage}"
            mail.tell("reminder", placement, [side], key=key, tasks=tasks, due_on=due_on, is_late=stage > 0)


def _once(same: Iterable[Duty]) -> list[tuple[Task, ItemKind | None]]:
    """Several weeks to be confirmed are one matter."""
    return list(dict.fromkeys((duty.task, duty.item) for duty in same))


def _standing(state: PlacementState, *conditions: Any) -> Sequence[int]:
    wanted = select(Placement.id).where(Placement.state == state, *conditions).order_by(Placement.id)
    return db.session.scalars(wanted).all()


def _each(numbers: Sequence[int], step: Callable[[Placement], None]) -> None:
    for number in numbers:
        try:
            with transaction():
                step(any_placement(number, lock=True))
        except Refused:  # somebody was faster, or something was opened again
            continue


def _start(placement: Placement) -> None:
    if hurdle(placement) is None:
        start_placement(placement=placement, mover=Mover.CALENDAR, by=None)


def _settle(placement: Placement) -> None:
    """The time to evaluate is over: evaluated where the company's is in, closed after half a year without it."""
    done = settle(placement, Mover.CALENDAR, None)
    if not done and placement.last_day and placement.last_day < clock.today() - CLOSED_AFTER:
        close_placement(placement=placement, mover=Mover.CALENDAR, by=None)
