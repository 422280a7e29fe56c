"""Who may take part in a round's match, and which pairs are possible.

The eligibility rules stand here alone: a company whose membership is in force and that is not held back, a student who has
completed the training, a pair that the supervisor approved for days into which the stay fits, and no exclusion; and all
agreements that the round or the posting needs hold over the posting's days. A place agreed upon beforehand needs no approval, as
the supervisor has agreed to it, but gives way to a veto.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from typing import Any

from portal.accounts.enums import CredentialKind
from portal.accounts.queries import holders_of
from portal.core import clock
from portal.domain.internships.agreements import AgreementKind, Holding, posting_lacks
from portal.domain.internships.posting_flow import PostingState
from portal.internships.models import InternshipRound
from portal.internships.queries.agreements import holdings_of
from portal.internships.queries.interests import approved_pairs, vetoed_pairs
from portal.internships.queries.needed import soonest_start
from portal.matching.enums import LeftReason
from portal.matching.queries.market_rows import MarketRows, market_rows
from portal.matching.queries.places import placed_elsewhere
from portal.membership.queries.terms import members_among


@dataclass(frozen=True, slots=True)
class Left:
    """What takes no part: a student (`s12`), a company (`c7`), or one posting of a company that does (`p3`)."""

    who: str
    reason: LeftReason


def gate_of(season: InternshipRound) -> Gate:
    """Who may take part in a round, as its tables stand."""
    rows = market_rows(season.id)
    companies = {row[1] for row in rows.postings}
    soonest = soonest_start(max(season.publishes_at, clock.now()))
    trained = holders_of(CredentialKind.TRAINING, [row[0] for row in rows.students])
    return Gate(
        rows, members_among(companies), frozenset(trained), frozenset(approved_pairs(season.id, soonest)),
        placed_elsewhere(season.id), tuple(season.needed_agreements), soonest_start(season.publishes_at),
        holdings_of(companies), frozenset(vetoed_pairs(season.id)),
    )  # fmt: skip


@dataclass(frozen=True)
class Gate:
    """Who may take part, and which pairs are possible.

    `members`: companies whose membership is in force. `trained`: students who completed the training. `approved`: students and
    postings that the supervisor approved, for days into which the stay fits once the results are out. `needed`: agreements that the round asks of all.
    `holdings`: the days of each company's agreements. `vetoed`: students and postings that a supervisor has ruled out.
    """

    rows: MarketRows
    members: frozenset[int]
    trained: frozenset[int]
    approved: frozenset[tuple[int, int]]
    placed: frozenset[int]  # by other rounds of the chain
    needed: tuple[str, ...]
    soonest: date
    holdings: Mapping[int, Collection[Holding]]
    vetoed: frozenset[tuple[int, int]]

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
        agreed = {row[1] for row in self.open.values() if not self._lacks(row, self.needed, ())}
        return (self.hosts & self.members & agreed) - self.held

    @cached_property
    def lacking(self) -> dict[int, tuple[AgreementKind, ...]]:
        """Open postings without an agreement that they need, and which, by number."""
        found = {n: self._lacks(row, self.needed, row[8]) for n, row in sorted(self.open.items())}
        return {number: kinds for number, kinds in found.items() if kinds}

    @cached_property
    def offers(self) -> dict[int, Any]:
        """Open postings that take part, by number."""
        return {
            number: row
            for number, row in self.open.items()
            if row[1] in self.companies and number not in self.lacking
        }

    @cached_property
    def students(self) -> frozenset[int]:
        """Students who may take part, if they have a list."""
        here = frozenset(n for n, is_student in self.rows.students if is_student)
        return (here & self.trained) - self.placed

    @cached_property
    def excluded(self) -> frozenset[tuple[int, int]]:
        """Students and companies that are kept apart."""
        return frozenset((row[0], row[1]) for row in self.rows.excluded)

    def may_be(self, student: int, posting: int) -> bool:
        """Whether the two can be brought together, whatever the lists say."""
        is_here = student in self.students and posting in self.offers
        return is_here and (student, posting) in self.approved and not self.is_apart(student, posting)

    def is_apart(self, student: int, posting: int) -> bool:
        """Whether the student and the company of an open posting are kept apart."""
        return (student, self.open[posting][1]) in self.excluded

    @cached_property
    def fixed(self) -> dict[int, int]:
        """What all four sides agreed upon, as far as it counts: the posting by student, the first agreement of each."""
        found: dict[int, int] = {}
        for student, posting in self.rows.fixed:
            is_here = student in self.students and posting in self.offers
            if is_here and (student, posting) not in self.vetoed and not self.is_apart(student, posting):
                found.setdefault(student, posting)
        return found

    @cached_property
    def unheeded(self) -> tuple[tuple[int, int], ...]:
        """Students and postings that all four sides agreed upon and that do not count as things stand."""
        pairs = ((row[0], row[1]) for row in self.rows.fixed)
        return tuple(sorted((s, p) for s, p in pairs if s not in self.fixed))

    def hurdle(self, student: int, posting: int) -> LeftReason | None:
        """Why the two can no longer be brought together, though a run has placed them; None where they can."""
        if posting not in self.open:
            return LeftReason.NOT_OFFERED
        why = {each.who: each.reason for each in self.left}
        for who in (f"s{student}", f"c{self.open[posting][1]}", f"p{posting}"):
            if who in why:
                return why[who]
        if self.is_apart(student, posting):
            return LeftReason.KEPT_APART
        is_possible = self.may_be(student, posting) or self.fixed.get(student) == posting
        return None if is_possible else LeftReason.NOT_APPROVED

    @cached_property
    def left(self) -> tuple[Left, ...]:
        """Who takes no part, in order of numbers."""
        return (*self._left_students(), *self._left_companies(), *self._left_postings())

    def _lacks(self, row: Any, needed: Collection[str], data: Collection[str]) -> tuple[AgreementKind, ...]:
        held = self.holdings.get(row[1], ())
        return posting_lacks(
            needed, self.soonest, held, starts_from=row[4], ends_by=row[5], data_agreements=data
        )

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
        def why(company: int) -> LeftReason:
            if company not in self.members:
                return LeftReason.NOT_A_MEMBER
            return LeftReason.HELD_BACK if company in self.held else LeftReason.AGREEMENT_MISSING

        return [Left(f"c{n}", why(n)) for n in sorted(self.hosts - self.companies)]

    def _left_postings(self) -> list[Left]:
        """Of companies that take part with others of theirs, or would."""
        return [
            Left(f"p{n}", LeftReason.AGREEMENT_MISSING)
            for n in self.lacking
            if self.open[n][1] in self.companies
        ]
