"""What the office should know before the lists lock, without a rank of anybody: who has no list yet, what cannot be, who may not take part.

It opens lists to count, and gives counts alone; names stand only where no list is needed to know them.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from functools import cached_property

from portal.accounts.enums import CredentialKind
from portal.accounts.queries import holders_of
from portal.core.access import Actor
from portal.core.errors import NotFound
from portal.internships.models import InternshipRound
from portal.internships.policy import may_run_rounds
from portal.matching.enums import LeftReason
from portal.matching.queries.standing import refused_of
from portal.matching.services.gates import Gate, gate_of


@dataclass(frozen=True)
class Diagnosis:
    """Numbers of people, companies and postings; names are for the page to look up."""

    gate: Gate
    trained: frozenset[int]
    refused: dict[int, frozenset[int]]

    @cached_property
    def applicants(self) -> dict[int, set[int]]:
        """Students with standing interest in an open posting, by company."""
        found: dict[int, set[int]] = {}
        for student, posting in self.gate.rows.interests:
            if posting in self.gate.open:
                found.setdefault(self.gate.open[posting][1], set()).add(student)
        return found

    @cached_property
    def interested(self) -> set[int]:
        """All of them."""
        return set().union(*self.applicants.values())

    @cached_property
    def _sizes(self) -> dict[int, int]:
        shown = {(row[0], row[1]) for row in self.gate.rows.interests}
        return {
            student: sum((student, posting) in shown for posting in wanted)
            for student, wanted in self.gate.rows.lists
        }

    @property
    def listless(self) -> list[int]:
        """Students who show interest, have saved nothing and have no place fixed beforehand that counts."""
        return sorted(self.interested - self._sizes.keys() - self.gate.fixed.keys())

    @property
    def single(self) -> int:
        """How many have a list of one."""
        return Counter(self._sizes.values())[1]

    @property
    def unapproved(self) -> int:
        """How many listed pairs cannot be as things stand: not approved, or for days into which the stay does not fit."""
        listed = ((student, posting) for student, wanted in self.gate.rows.lists for posting in wanted)
        return sum(
            posting in self.gate.open and (student, posting) not in self.gate.approved
            for student, posting in listed
        )

    @property
    def undecided(self) -> dict[int, int]:
        """How many applicants each company has neither ranked nor refused, where there are any: of those who still need its word."""
        tiers = {row[0]: {who for tier in row[1] for who in tier} for row in self.gate.rows.rankings}
        left = {
            company: len(people - tiers.get(company, set()) - self.refused.get(company, frozenset()))
            for company, people in self._waiting.items()
        }
        return {company: count for company, count in sorted(left.items()) if count}

    @property
    def _waiting(self) -> dict[int, set[int]]:
        """Applicants by company, without whom the match cannot bring there whatever the company says."""
        gate, found = self.gate, dict[int, set[int]]()
        for student, posting in gate.rows.interests:
            if posting in gate.open and student not in gate.fixed and (student, posting) not in gate.vetoed:
                found.setdefault(gate.open[posting][1], set()).add(student)
        return found

    @property
    def unreachable(self) -> list[int]:
        """Open postings that nobody can come to, whatever the lists say: no place, no approved applicant, or it stays out."""
        wanted = {posting for _student, posting in self.gate.approved}
        return [
            number
            for number, row in sorted(self.gate.open.items())
            if row[2] == 0 or number not in wanted or number not in self.gate.offers
        ]

    @property
    def taken(self) -> list[tuple[int, int]]:
        """Students and postings of their interest that do not fit beside a place which they have in another round."""
        shown = ((row[0], row[1]) for row in self.gate.rows.interests)
        return sorted(pair for pair in shown if pair[1] in self.gate.open and self.gate.is_taken(*pair))

    @property
    def outside(self) -> int:
        """How many listed pairs do not fit into the days of the student's own profile."""
        free = {row[0]: (row[2], row[3]) for row in self.gate.rows.students}
        listed = ((student, posting) for student, wanted in self.gate.rows.lists for posting in wanted)
        return sum(
            not self.gate.stay_of(posting).fits_between(*free[student])
            for student, posting in listed
            if posting in self.gate.open
        )

    @property
    def stopped(self) -> dict[str, LeftReason]:
        """Students, companies and postings that may not take part, with the reason; also those who have no list yet."""
        untrained = {f"s{n}": LeftReason.TRAINING_MISSING for n in sorted(self.interested - self.trained)}
        return untrained | {each.who: each.reason for each in self.gate.left}


def diagnose(season: InternshipRound, by: Actor) -> Diagnosis:
    """As things stand; seventeen statements. Raises NotFound for everybody but the office."""
    if not may_run_rounds(by):
        raise NotFound
    gate = gate_of(season)
    people = {row[0] for row in gate.rows.interests}
    trained = frozenset(holders_of(CredentialKind.TRAINING, people))
    return Diagnosis(gate, trained, refused_of(season.id))
