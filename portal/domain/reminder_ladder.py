"""The reminder ladder: days before and after a deadline on which somebody who has not answered is reminded.

A day that was missed is made up for: of several steps that are due only the latest is sent, the ones before it are
passed over. What was sent or passed over once never comes again for the same deadline.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum

USUAL_LADDER = (-90, -60, -30, 0, 14, 30)
MOST_STEPS = 12
FARTHEST_DAYS = 366


class LadderProblem(StrEnum):
    """What is wrong with a ladder."""

    TOO_MANY = "too_many"
    TWICE = "twice"
    TOO_FAR = "too_far"
    AFTER_GRACE = "after_grace"


def problem_of(steps: Sequence[int], *, grace_days: int) -> LadderProblem | None:
    """What is wrong with steps, given as days relative to the deadline; None when they can be kept."""
    if len(steps) > MOST_STEPS:
        return LadderProblem.TOO_MANY
    if len(set(steps)) < len(steps):
        return LadderProblem.TWICE
    if any(abs(step) > FARTHEST_DAYS for step in steps):
        return LadderProblem.TOO_FAR
    return LadderProblem.AFTER_GRACE if any(step > grace_days for step in steps) else None


@dataclass(frozen=True, order=True)
class Rung:
    """One step with its day."""

    on: date
    offset_days: int


def plan(deadline_on: date, steps: Iterable[int]) -> tuple[Rung, ...]:
    """The days of the steps for a deadline, the earliest first."""
    return tuple(sorted(Rung(deadline_on + timedelta(days=step), step) for step in steps))


@dataclass(frozen=True)
class Due:
    """What to do about the planned steps today: send one at most, pass over those before it."""

    send: Rung | None
    passed_over: tuple[Rung, ...]


def due_today(planned: Iterable[Rung], today: date) -> Due:
    """The latest step whose day has come is sent, earlier ones that never went out are passed over."""
    come = sorted(rung for rung in planned if rung.on <= today)
    return Due(come[-1], tuple(come[:-1])) if come else Due(None, ())


def left_after_offer(planned: Iterable[Rung], today: date) -> tuple[tuple[Rung, ...], tuple[Rung, ...]]:
    """(still to come, passed over): the offer, or a new deadline, is told today; steps up to today need not be."""
    rungs = sorted(planned)
    return tuple(r for r in rungs if r.on > today), tuple(r for r in rungs if r.on <= today)
