"""What a round of matching is about: who listed whom, how many places there are, what is excluded or fixed.

Ids are opaque texts. Make a market with `parse_market` or `read_market`, which list every fault; the classes themselves
check nothing.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from enum import StrEnum

Pair = tuple[str, str]
"""A student and a posting."""


@dataclass(frozen=True)
class Posting:
    """One kind of work at a company. `minimum` is a wish that is flagged when missed and never forced; 0 is none."""

    company: str
    capacity: int
    minimum: int = 0


@dataclass(frozen=True)
class Company:
    """How many students in all, and which, best tier first. Within a tier the lottery decides; others are not acceptable."""

    capacity: int
    tiers: tuple[tuple[str, ...], ...] = ()
    minimum: int = 0


class CapKind(StrEnum):
    """What limits several companies together; the value is the section of the file."""

    REGION = "regions"
    HUB = "hubs"
    BUDGET = "budgets"


@dataclass(frozen=True)
class Cap:
    """At most `cap` students at these companies together; each company's target is its share when the cap binds."""

    kind: CapKind
    name: str
    cap: int
    targets: Mapping[str, int] = field(hash=False)


@dataclass(frozen=True)
class Lottery:
    """The draw of a round: its name, and the secret in hexadecimal."""

    round: str
    secret: str


@dataclass(frozen=True)
class Market:
    """Everything that a match depends on. `students` gives each one's postings, best first.

    Students with a fixed pair have left the market, and need no list. A company stands in one cap at most.
    """

    students: Mapping[str, tuple[str, ...]]
    postings: Mapping[str, Posting]
    companies: Mapping[str, Company]
    vetoes: frozenset[Pair] = frozenset()
    fixed: Mapping[str, str] = field(default_factory=dict)
    caps: tuple[Cap, ...] = ()
    lottery: Lottery | None = None

    @property
    def everybody(self) -> list[str]:
        """Every student in order of ids, also those who have a fixed pair alone."""
        return sorted(self.students.keys() | self.fixed.keys())


def postings_of(market: Market) -> dict[str, list[str]]:
    """The postings of each company, in order of ids."""
    found: dict[str, list[str]] = {company: [] for company in market.companies}
    for posting in sorted(market.postings):
        found[market.postings[posting].company].append(posting)
    return found


def as_tiers(tiers: Iterable[Iterable[str]]) -> tuple[tuple[str, ...], ...]:
    """Tiers as a market keeps them: the order inside one means nothing, so it is that of the ids."""
    return tuple(tuple(sorted(tier)) for tier in tiers)
