"""The way of an invitation to an interview. Nothing waits for ever: each has a moment by which it is answered."""

from __future__ import annotations

from datetime import datetime, timedelta
from enum import StrEnum


class InterviewState(StrEnum):
    """Where it stands."""

    WAITING = "waiting"  # alternate: moves up when somebody before drops out
    INVITED = "invited"  # the student chooses a time
    UNFIT = "unfit"  # no time fits: the company offers others, or not
    AGREED = "agreed"  # both sides know when; addresses are open
    DECLINED = "declined"
    EXPIRED = "expired"
    CANCELLED = "cancelled"
    HELD = "held"
    MISSED = "missed"  # the student did not come


LIVE = (InterviewState.WAITING, InterviewState.INVITED, InterviewState.UNFIT, InterviewState.AGREED)
CHOOSABLE = (
    InterviewState.INVITED,
    InterviewState.UNFIT,
    InterviewState.AGREED,
)  # a time may be taken, or another
SEATED = (InterviewState.AGREED, InterviewState.HELD, InterviewState.MISSED)  # holds a time

NEXT: dict[InterviewState, frozenset[InterviewState]] = {
    InterviewState.WAITING: frozenset(
        {InterviewState.INVITED, InterviewState.DECLINED, InterviewState.EXPIRED, InterviewState.CANCELLED}
    ),
    InterviewState.INVITED: frozenset(
        {
            InterviewState.AGREED,
            InterviewState.UNFIT,
            InterviewState.DECLINED,
            InterviewState.EXPIRED,
            InterviewState.CANCELLED,
        }
    ),
    InterviewState.UNFIT: frozenset(
        {
            InterviewState.INVITED,
            InterviewState.AGREED,
            InterviewState.DECLINED,
            InterviewState.EXPIRED,
            InterviewState.CANCELLED,
        }
    ),
    InterviewState.AGREED: frozenset(
        {
            InterviewState.AGREED,  # another time
            InterviewState.INVITED,  # the company took the time back
            InterviewState.DECLINED,
            InterviewState.CANCELLED,
            InterviewState.HELD,
            InterviewState.MISSED,
        }
    ),
    InterviewState.HELD: frozenset({InterviewState.MISSED}),  # corrected
    InterviewState.MISSED: frozenset({InterviewState.HELD}),
    InterviewState.DECLINED: frozenset(),
    InterviewState.EXPIRED: frozenset(),
    InterviewState.CANCELLED: frozenset(),
}


CLOSES = 17  # the hour at which a day to answer ends


def may_move(before: InterviewState, after: InterviewState) -> bool:
    """Whether one state may follow the other."""
    return after in NEXT[before]


def answer_by(now: datetime, days: int, locks_at: datetime, last_time: datetime | None = None) -> datetime:
    """By when an invitation is answered: at the end of office hours so many days from now, never after the lists lock, nor after
    `last_time`, the last that there is to choose.

    `now` in the office's own time zone.
    """
    closing = (now + timedelta(days=days)).replace(hour=CLOSES, minute=0, second=0, microsecond=0)
    return min(closing, locks_at, last_time or closing)


def moves_up(free_slots: int, open_invitations: int) -> bool:
    """Whether the next alternate may be invited: a time is free that nobody was promised."""
    return free_slots > open_invitations
