"""Two companies that are told apart by their marks: words, numbers and sums that stand nowhere else."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, field

from portal.accounts.models import Person

Thing = int | str
YEAR = 2026


@dataclass(frozen=True)
class Mark:
    """The word of a company, in both scripts, and a fee that only it pays."""

    word: str
    kana: str
    latin: str
    tier: str
    fee_yen: int


HERON = Mark("白鷺", "シラサギ", "shirasagi", "A", 1_234_567)
FLAMINGO = Mark("紅鶴", "ベニヅル", "benizuru", "C", 1_357_911)


@dataclass
class Side:
    """One company: who is there, what it owns by the argument's name in addresses, and what gives it away."""

    mark: Mark
    organisation_id: int
    people: dict[str, Person] = field(default_factory=dict)
    person_ids: list[int] = field(default_factory=list)
    things: dict[str, Thing] = field(default_factory=dict)
    canaries: frozenset[str] = frozenset()


def secret_of(mark: Mark, what: str) -> str:
    """A secret that the tests know; the mark cannot be read in it, for addresses are repeated on pages."""
    return hashlib.sha256(f"{mark.latin} {what}".encode()).hexdigest()[:32]
