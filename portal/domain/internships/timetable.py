"""The timetable of a round. Its stage is no column: it follows from the moments and from what was decided, to the second."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum


class Stage(StrEnum):
    """What a round is for just now."""

    PLANNED = "planned"
    OPEN = "open"  # postings are written, read and asked about
    INTERVIEWS = "interviews"
    RANKING = "ranking"  # students and companies rank
    LOCKED = "locked"  # lists are closed; the office runs the match
    PUBLISHED = "published"
    CLOSED = "closed"
    CANCELLED = "cancelled"


STEPS = ("opens_at", "interviews_at", "ranking_at", "locks_at", "publishes_at", "ends_at")
_BEGINS = {
    "opens_at": Stage.OPEN,
    "interviews_at": Stage.INTERVIEWS,
    "ranking_at": Stage.RANKING,
    "locks_at": Stage.LOCKED,
}


@dataclass(frozen=True, slots=True)
class Timetable:
    """Six aware moments. `publishes_at` is the minute at which a chosen result is looked at once more and told to everybody."""

    opens_at: datetime
    interviews_at: datetime
    ranking_at: datetime
    locks_at: datetime
    publishes_at: datetime
    ends_at: datetime

    @property
    def moments(self) -> Mapping[str, datetime]:
        """By the name of the step, in order."""
        return {step: getattr(self, step) for step in STEPS}

    @property
    def misplaced(self) -> tuple[str, ...]:
        """The steps that do not lie after the one before."""
        times = list(self.moments.items())
        return tuple(step for (_, before), (step, at) in zip(times, times[1:], strict=False) if at <= before)

    def stage_at(self, now: datetime, *, is_told: bool, is_cancelled: bool = False) -> Stage:
        """The stage at a moment. Before everybody was told the result a round stays locked, whatever its timetable says."""
        if is_cancelled:
            return Stage.CANCELLED
        if is_told:
            return Stage.CLOSED if now >= self.ends_at else Stage.PUBLISHED
        stage = Stage.PLANNED
        for step, begun in _BEGINS.items():
            if now >= getattr(self, step):
                stage = begun
        return stage


WRITING = (Stage.PLANNED, Stage.OPEN, Stage.INTERVIEWS)  # postings may be written and published
CHANGING = (*WRITING, Stage.RANKING)  # the number of places may change, and a posting be taken back
CHOOSING = (Stage.OPEN, Stage.INTERVIEWS, Stage.RANKING)  # students show interest and supervisors approve
READABLE = tuple(stage for stage in Stage if stage not in (Stage.PLANNED, Stage.CANCELLED))


def movable_steps(before: Timetable, now: datetime) -> tuple[str, ...]:
    """Steps that still lie ahead: what is over is not moved, and what has locked stays locked."""
    return tuple(step for step, at in before.moments.items() if at > now)
