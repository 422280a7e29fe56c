"""Who may take part in a round's match, and which pairs are possible.

The eligibility rules stand here alone: a company whose membership is in force and that is not held back, a student who has
completed the training, a pair that the supervisor approved for days into which the stay fits, and no exclusion; and all
agreements that the round or the posting needs hold over the posting's days. A place agreed upon beforehand needs no approval, as
the supervisor has agreed to it, but gives way to a veto, and the stay has to fit after the publication as everybody's has.
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
from portal.domain.internships.periods import Stay, fit_in_turn, latest
from portal.domain.internships.posting_flow import PostingState
from portal.internships.models import InternshipRound
from portal.internships.queries.agreements import holdings_of
from portal.internships.queries.interests import approved_pairs, vetoed_pairs
from portal.internships.queries.needed import soonest_start
from portal.matching.enums import LeftReason
from portal.matching.queries.market_rows import MarketRows, market_rows
from portal.matching.queries.places import places_beside
from portal.matching.services.left import Left as Left
from portal.matching.services.left import left_out
from portal.membership.queries.terms import members_among


def gate_of(season: InternshipRound) -> Gate:
    """Who may take part in a round, as its tables stand."""
    rows, beside = market_rows(season.id), places_beside(season.id)
    companies = {row[1] for row in rows.postings}
    soonest = soonest_start(max(season.publishes_at, clock.now()))
    trained = holders_of(CredentialKind.TRAINING, [row[0] for row in rows.students])
    return Gate(
        rows, members_among(companies), frozenset(trained), frozenset(approved_pairs(season.id, soonest)),
        beside.placed, tuple(season.needed_agreements), soonest_start(season.publishes_at),
        holdings_of(companies), frozenset(vetoed_pairs(season.id)), soonest,
        beside.stays,
    )  # fmt: skip


@dataclass(frozen=True)
class Gate:
    """Who may take part, and which pairs are possible.

    `members`: companies whose membership is in force. `trained`: students who completed the training. `approved`: students and
    postings that the supervisor approved, for days into which the stay fits once the results are out. `needed`: agreements that the round asks of all.
    `holdings`: the days of each company's agreements. `vetoed`: students and postings that a supervisor has ruled out. `begins`: the first day of any stay. `beside`: stays of students in other
    rounds.
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
    begins: date
    beside: Mapping[int, Collection[Stay]]

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
        here = frozenset(row[0] for row in self.rows.students if row[1])
        return (here & self.trained) - self.placed

    @cached_property
    def excluded(self) -> frozenset[tuple[int, int]]:
        """Students and companies that are kept apart."""
        return frozenset((row[0], row[1]) for row in self.rows.excluded)

    @cached_property
    def late(self) -> frozenset[int]:
        """Open postings before whose last day the whole stay no longer fits."""
        return frozenset(number for number in self.open if not self.stay_of(number).fits_between(None, None))

    def may_be(self, student: int, posting: int) -> bool:
        """Whether the two can be brought together, whatever the lists say."""
        is_here = student in self.students and posting in self.offers and not self.is_taken(student, posting)
        return is_here and (student, posting) in self.approved and not self.is_apart(student, posting)

    def is_taken(self, student: int, posting: int) -> bool:
        """Whether the student has a place of another round, and the two stays do not fit one after the other."""
        return not all(fit_in_turn(self.stay_of(posting), other) for other in self.beside.get(student, ()))

    def stay_of(self, posting: int) -> Stay:
        """Of an open posting, once the results are out."""
        row = self.open[posting]
        return Stay(latest(row[4], self.begins), row[5], row[6])

    def is_apart(self, student: int, posting: int) -> bool:
        """Whether the student and the company of an open posting are kept apart."""
        return (student, self.open[posting][1]) in self.excluded

    @cached_property
    def fixed(self) -> dict[int, int]:
        """What all four sides agreed upon, as far as it counts: the posting by student, the first agreement of each."""
        found: dict[int, int] = {}
        for student, posting in self.rows.fixed:
            is_here = student in self.students and posting in self.offers and posting not in self.late
            is_here = is_here and not self.is_taken(student, posting)
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
        if posting in self.late:
            return LeftReason.TOO_LATE
        if self.is_taken(student, posting):
            return LeftReason.PLACED_BESIDE
        is_possible = self.may_be(student, posting) or self.fixed.get(student) == posting
        return None if is_possible else LeftReason.NOT_APPROVED

    @cached_property
    def left(self) -> tuple[Left, ...]:
        """Who takes no part, in order of numbers."""
        return left_out(self)

    def _lacks(self, row: Any, needed: Collection[str], data: Collection[str]) -> tuple[AgreementKind, ...]:
        held = self.holdings.get(row[1], ())
        return posting_lacks(
            needed, self.soonest, held, starts_from=row[4], ends_by=row[5], data_agreements=data
        )
