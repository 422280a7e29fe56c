"""The way of a quote that the office makes: which step may follow which, and on which day the calendar takes one.

Every state is an end, or has a day on which it ends by itself, or waits for the office alone (an order to be invoiced).
"""

from __future__ import annotations

from datetime import date
from enum import StrEnum


class QuoteState(StrEnum):
    """Where a quote stands."""

    DRAFTED = "drafted"  # the paper exists, the company has not seen it
    SENT = "sent"
    ORDERED = "ordered"
    INVOICED = "invoiced"
    DECLINED = "declined"
    EXPIRED = "expired"
    WITHDRAWN = "withdrawn"


NEXT: dict[QuoteState, frozenset[QuoteState]] = {
    QuoteState.DRAFTED: frozenset({QuoteState.SENT, QuoteState.WITHDRAWN, QuoteState.EXPIRED}),
    QuoteState.SENT: frozenset(
        {QuoteState.ORDERED, QuoteState.DECLINED, QuoteState.WITHDRAWN, QuoteState.EXPIRED}
    ),
    QuoteState.ORDERED: frozenset({QuoteState.INVOICED, QuoteState.WITHDRAWN}),
    QuoteState.INVOICED: frozenset(),
    QuoteState.DECLINED: frozenset(),
    QuoteState.EXPIRED: frozenset(),
    QuoteState.WITHDRAWN: frozenset(),
}
OPEN = (QuoteState.DRAFTED, QuoteState.SENT)


def may_follow(before: QuoteState, after: QuoteState) -> bool:
    """Whether a quote may go from one state to another."""
    return after in NEXT[before]


def next_by_calendar(state: QuoteState, valid_until: date, today: date) -> QuoteState | None:
    """What the calendar makes of it today; None: nothing. A quote holds to the end of its last day."""
    return QuoteState.EXPIRED if state in OPEN and today > valid_until else None
