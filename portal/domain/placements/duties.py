"""What waits for whom in a placement, and by when; from it come to-do lists and reminders. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from enum import StrEnum

from portal.domain.placements.checklist import RESPONSIBLE, ItemKind
from portal.domain.placements.hours import WeekState, is_over
from portal.domain.placements.periods import (
    CHECK_OPENS,
    CHECK_WITHIN,
    EVALUATE_WITHIN,
    LEAST_DAYS,
    first_day_of_work,
    half_time,
    is_too_late,
    weeks_between,
)
from portal.domain.placements.placement_flow import PlacementState, Side

SOON = timedelta(days=7)
AGREE_WITHIN = timedelta(days=14)
ENTER_WITHIN = timedelta(days=7)  # after the week's Sunday
CONFIRM_WITHIN = timedelta(days=14)
LATE_STEP = 14
MOST_STEPS = 6


class Task(StrEnum):
    """What has to be done."""

    AGREE = "agree"  # on the two days
    ITEM = "item"
    START = "start"
    ENTER = "enter"  # hours of a week
    CONFIRM = "confirm"
    CORRECT = "correct"
    CHECK = "check"  # half-time
    EVALUATE = "evaluate"
    ENDING = "ending"  # an early ending was asked for
    PAPERS = "papers"  # sheet and certificate to be issued
    CONCERN = "concern"  # said at half-time, to be followed up


@dataclass(frozen=True, slots=True)
class Duty:
    """One thing to do; `item` where it is one of the checklist."""

    side: Side
    task: Task
    due_on: date
    item: ItemKind | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Facts:
    """A placement as the rules see it. `last_on` is the last day of work; `weeks` and `items` are what stands."""

    state: PlacementState
    made_on: date
    starts_on: date | None = None
    last_on: date | None = None
    agreed: frozenset[Side] = frozenset()
    items: Sequence[tuple[ItemKind, date]] = ()  # needed and not done, with their days
    settled_on: date | None = None  # the day on which the last of the others was done or waived
    weeks: dict[date, WeekState] = field(default_factory=dict)  # by Monday
    checked: frozenset[Side] = frozenset()
    evaluated: frozenset[Side] = frozenset()
    ending_asked_on: date | None = None
    concern_on: date | None = None  # the day of the first that nobody has followed up
    has_papers: bool = True
    is_certified: bool = False  # a paper is out: hours no longer change


PARTNERS = (Side.STUDENT, Side.COMPANY)


def duties(facts: Facts, today: date) -> list[Duty]:
    """What is to be done now, by due date."""
    found = {
        PlacementState.PREPARING: _preparing,
        PlacementState.RUNNING: _running,
        PlacementState.ENDED: _ended,
        PlacementState.EVALUATED: _evaluated,
    }.get(facts.state, lambda _facts, _today: [])(facts, today)
    if facts.ending_asked_on and not facts.state.is_final:
        found.append(Duty(Side.OFFICE, Task.ENDING, facts.ending_asked_on + SOON))
    if facts.concern_on:
        found.append(Duty(Side.OFFICE, Task.CONCERN, facts.concern_on + SOON))
    return sorted(found, key=lambda duty: (duty.due_on, duty.task, duty.side, duty.item or ""))


def for_office(waiting: Sequence[Duty], today: date) -> list[Duty]:
    """What the office has to see to: its own, and what is late on another side. Internships start by themselves."""
    return [
        each
        for each in waiting
        if each.side is Side.OFFICE or (each.due_on < today and each.task is not Task.START)
    ]


def stage_of(due_on: date, today: date) -> int | None:
    """Which reminder is due: None, 0 a week before, 1 on the day after, then one more every fortnight, six at most."""
    late = (today - due_on).days
    if late <= 0:
        return 0 if due_on - today <= SOON else None
    return min(1 + (late - 1) // LATE_STEP, MOST_STEPS)


def _preparing(facts: Facts, today: date) -> list[Duty]:
    found = [Duty(RESPONSIBLE[kind], Task.ITEM, due_on, kind) for kind, due_on in facts.items]
    latest = _latest_start(facts, today)
    if latest is not None:
        return [*found, *(Duty(side, Task.AGREE, latest) for side in PARTNERS)]
    open_sides = [side for side in PARTNERS if side not in facts.agreed]
    found += [Duty(side, Task.AGREE, facts.made_on + AGREE_WITHIN) for side in open_sides]
    if not found and facts.starts_on and facts.starts_on <= today:
        found.append(Duty(Side.COMPANY, Task.START, facts.starts_on))
    return found


def _latest_start(facts: Facts, today: date) -> date | None:
    """Where the proposed days can no longer be kept: the last one on which the stay could have begun."""
    if facts.starts_on is None or facts.last_on is None:
        return None
    first = first_day_of_work(facts.starts_on, today if facts.items else facts.settled_on)
    is_late = is_too_late(first, facts.last_on, today)
    return facts.last_on - timedelta(days=LEAST_DAYS - 1) if is_late else None


def _running(facts: Facts, today: date) -> list[Duty]:
    found = _hours(facts, today)
    assert facts.starts_on
    assert facts.last_on
    middle = half_time(facts.starts_on, facts.last_on)
    if today >= middle - CHECK_OPENS:
        found += [Duty(s, Task.CHECK, middle + CHECK_WITHIN) for s in PARTNERS if s not in facts.checked]
    return found


def _ended(facts: Facts, today: date) -> list[Duty]:
    assert facts.last_on
    due_on = facts.last_on + EVALUATE_WITHIN
    return _hours(facts, today) + [
        Duty(s, Task.EVALUATE, due_on) for s in PARTNERS if s not in facts.evaluated
    ]


def _evaluated(facts: Facts, today: date) -> list[Duty]:
    assert facts.last_on
    if facts.has_papers or Side.COMPANY not in facts.evaluated:
        return []
    hours = [] if facts.is_certified else _hours(facts, today)
    return [*hours, Duty(Side.OFFICE, Task.PAPERS, facts.last_on + EVALUATE_WITHIN + SOON)]


def _hours(facts: Facts, today: date) -> list[Duty]:
    """Weeks that are over: to be entered, confirmed or corrected."""
    assert facts.starts_on
    assert facts.last_on
    found = []
    for monday in weeks_between(facts.starts_on, min(facts.last_on, today)):
        if not is_over(monday, facts.last_on, today):
            continue
        state, sunday = facts.weeks.get(monday), monday + timedelta(days=6)
        if state is None:
            found.append(Duty(Side.STUDENT, Task.ENTER, sunday + ENTER_WITHIN))
        elif state is WeekState.ENTERED:
            found.append(Duty(Side.COMPANY, Task.CONFIRM, sunday + CONFIRM_WITHIN))
        elif state is WeekState.RETURNED:
            found.append(Duty(Side.STUDENT, Task.CORRECT, sunday + CONFIRM_WITHIN))
    return found
