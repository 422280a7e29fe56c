"""Extra training seats by arrangement: what they cost for the rest of a term, and where an arrangement stands."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum

from portal.domain.tax import Line, RoundingMode, TaxCategory, Totals, total_by_rate
from portal.domain.tier_change import Remaining

LONGEST_OFFER = timedelta(days=30)


class SeatState(StrEnum):
    """Where an arrangement stands."""

    PROPOSED = "proposed"  # the company has it in hand, until its last day
    AGREED = "agreed"
    DECLINED = "declined"
    WITHDRAWN = "withdrawn"
    OVERTAKEN = "overtaken"  # its last day has passed
    ENDED = "ended"  # given back by arrangement


NEXT: dict[SeatState, tuple[SeatState, ...]] = {
    SeatState.PROPOSED: (
        SeatState.AGREED, SeatState.DECLINED, SeatState.WITHDRAWN, SeatState.OVERTAKEN,
    ),
    SeatState.AGREED: (SeatState.ENDED,),
    SeatState.DECLINED: (),
    SeatState.WITHDRAWN: (),
    SeatState.OVERTAKEN: (),
    SeatState.ENDED: (),
}  # fmt: skip


@dataclass(frozen=True)
class SeatCost:
    """`seats` at `unit_yen` each (ex tax) for what remains of the term."""

    remaining: Remaining
    seats: int
    unit_yen: int
    totals: Totals


def cost_of_seats(
    seats: int, yearly_yen: int, category: TaxCategory, remaining: Remaining, rounding: RoundingMode
) -> SeatCost:
    """The share of the yearly price of one seat, times the seats; tax once. Raises ValueError below one seat."""
    if seats < 1:
        raise ValueError("an arrangement has one seat at least")
    unit = remaining.share_of(yearly_yen)
    totals = total_by_rate([Line("seat", seats, unit, category)], rounding, remaining.first)
    return SeatCost(remaining, seats, unit, totals)


def last_day_to_agree(proposed_on: date, ends_on: date) -> date:
    """Thirty days, never beyond the term."""
    return min(proposed_on + LONGEST_OFFER, ends_on)
