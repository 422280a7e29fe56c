"""Where a wish for another tier stands, and which step may follow. No state waits for ever: an open one has its last day."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum

LONGEST_REVIEW = timedelta(days=30)


class ChangeKind(StrEnum):
    """Up at once, or down with the next term."""

    UPGRADE = "upgrade"
    DOWNGRADE = "downgrade"


class ChangeState(StrEnum):
    """Where it stands."""

    ASKED = "asked"  # the office looks at it
    PLANNED = "planned"  # waits for the renewal
    AGREED = (
        "agreed"  # done: the contract and its papers have changed, or the renewal went at the planned tier
    )
    DECLINED = "declined"
    WITHDRAWN = "withdrawn"
    OVERTAKEN = "overtaken"  # something else was decided, or the day has passed
    TAKEN_BACK = "taken_back"  # it was made, and undone by the office before its difference was paid

    @property
    def is_open(self) -> bool:
        """Somebody or the calendar has still to act."""
        return self in OPEN


OPEN = (ChangeState.ASKED, ChangeState.PLANNED)
NEXT: dict[ChangeState, tuple[ChangeState, ...]] = {
    ChangeState.ASKED: (
        ChangeState.AGREED,
        ChangeState.DECLINED,
        ChangeState.WITHDRAWN,
        ChangeState.OVERTAKEN,
    ),
    ChangeState.PLANNED: (ChangeState.AGREED, ChangeState.WITHDRAWN, ChangeState.OVERTAKEN),
    ChangeState.AGREED: (ChangeState.TAKEN_BACK,),  # an upgrade that is not paid yet
    ChangeState.DECLINED: (),
    ChangeState.WITHDRAWN: (),
    ChangeState.OVERTAKEN: (),
    ChangeState.TAKEN_BACK: (),
}


@dataclass(frozen=True)
class Outcome:
    """How the next term was settled: its tier (None: there is no next term), and whether that is the last word."""

    next_tier: str | None
    is_closed: bool


def last_day(kind: ChangeKind, asked_on: date, ends_on: date) -> date:
    """The last day on which an open wish can still come true: a review's thirty days, never beyond the term."""
    return min(asked_on + LONGEST_REVIEW, ends_on) if kind is ChangeKind.UPGRADE else ends_on


def calendar_step(
    state: ChangeState, until: date, tier: str, outcome: Outcome, today: date
) -> ChangeState | None:
    """What the calendar makes of it today; None: nothing."""
    if state is ChangeState.PLANNED and outcome.next_tier is not None:
        return ChangeState.AGREED if outcome.next_tier == tier else ChangeState.OVERTAKEN
    if state in OPEN and (today > until or outcome.is_closed and state is ChangeState.PLANNED):
        return ChangeState.OVERTAKEN
    return None
