"""How much a posting is wanted while ranking is open, without telling of few people."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass

from portal.domain.matching.market import Market

LEAST = 5


@dataclass(frozen=True)
class Demand:
    """How many list a posting, and how many first. None where a number, or what is left of it, would tell of few."""

    posting: str
    seats: int
    listed: int | None
    first: int | None


def demand_signal(
    market: Market, applicants: Mapping[str, int] | None = None, least: int = LEAST
) -> tuple[Demand, ...]:
    """One row for each posting, in order of ids; no sums, from which a hidden number could be worked out.

    `applicants`: of how many its company knows by name that they could list a posting; `listed` is given where it and those who do
    not list it are both `least` or more. `first` is given when it and the others who list the posting are. Publish it once in a
    round: two signals tell who changed in between.
    """
    known = applicants or {}
    listed = Counter(posting for wanted in market.students.values() for posting in wanted)
    first = Counter(wanted[0] for wanted in market.students.values() if wanted)
    return tuple(
        Demand(
            name,
            market.postings[name].capacity,
            listed[name]
            if min(listed[name], known.get(name, 2 * listed[name]) - listed[name]) >= least
            else None,
            first[name] if min(first[name], listed[name] - first[name]) >= least else None,
        )
        for name in sorted(market.postings)
    )
