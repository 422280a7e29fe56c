"""Who may take part in a round's match, and which pairs are possible.

The eligibility rules stand here alone: a company whose membership is in force and that is not held back, a student who has
completed the training, a pair that the supervisor approved for days into which the stay fits, and no exclusion.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import Any

from portal.accounts.enums import CredentialKind
from portal.accounts.queries import holders_of
from portal.domain.internships.posting_flow import PostingState
from portal.internships.queries.interests import approved_pairs
from portal.matching.enums import LeftReason
from portal.matching.queries.market_rows import MarketRows, market_rows
from portal.matching.queries.places import chain_before, placed_in
from portal.membership.queries.terms import members_among


@dataclass(frozen=True, slots=True)
class Left:
    """Somebody who takes no part: a student (`s12`) or a company (`c7`)."""

    who: str
    reason: LeftReason


def gate_of(round_id: int) -> Gate:
    """Who may take part in a round, as its tables stand."""
    rows = market_rows(round_id)
    members = members_among({row[1] for row in rows.postings})
    trained = holders_of(CredentialKind.TRAINING, [row[0] for row in rows.students])
    placed = placed_in(chain_before(round_id))
    return Gate(rows, members, frozenset(trained), frozenset(approved_pairs(round_id)), placed)


@dataclass(frozen=True)
class Gate:
    """Who may take part, and which pairs are possible.

    `members`: companies whose membership is in force. `trained`: students who completed the training. `approved`: students and postings that the supervisor approved, for days
    into which the stay fits.
    """

    rows: MarketRows
    members: frozenset[int]
    trained: frozenset[int]
    approved: frozenset[tuple[int, int]]
    placed: frozenset[int]  # by the rounds that this one follows

    @cached_property
    def held(self) -> frozenset[int]:
        """Companies that the office holds back."""
        return frozenset(row[0] for row in self.rows.holds)

    @cached_property
    def open(self) -> dict[int, Any]:
        """Postings that students see, by number."""
        return {row[0]: row for row in self.rows.postings if row[7] is PostingState.PUBLISHED}

    @cached_property
    def hosts(self) -> frozenset[int]:
        """Companies with such postings."""
        return frozenset(row[1] for row in self.open.values())

    @cached_property
    def companies(self) -> frozenset[int]:
        """Those of them that take part."""
        return self.hosts & self.members - self.held

    @cached_property
    def students(self) -> frozenset[int]:
        """Students who may take part, if they have a list."""
        here = frozenset(n for n, is_student in self.rows.students if is_student)
        return (here & self.trained) - self.placed

    @cached_property
    def excluded(self) -> frozenset[tuple[int, int]]:
        """Students and companies that are kept apart."""
        return frozenset((row[0], row[1]) for row in self.rows.excluded)

    @cached_property
    def left(self) -> tuple[Left, ...]:
        """Who takes no part, in order of numbers."""
        return (*self._left_students(), *self._left_companies())

    def _left_students(self) -> list[Left]:
        found = []
        for number, is_student in sorted(self.rows.students):
            if not is_student:
                found.append(Left(f"s{number}", LeftReason.NO_LONGER_A_STUDENT))
            elif number not in self.trained:
                found.append(Left(f"s{number}", LeftReason.TRAINING_MISSING))
            elif number in self.placed:
                found.append(Left(f"s{number}", LeftReason.PLACED_BEFORE))
        return found

    def _left_companies(self) -> list[Left]:
        return [
            Left(f"c{n}", LeftReason.HELD_BACK if n in self.members else LeftReason.NOT_A_MEMBER)
            for n in sorted(self.hosts - self.companies)
        ]
