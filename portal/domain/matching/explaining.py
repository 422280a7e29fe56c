"""Why each student did or did not obtain each posting on the list, and why a posting has free seats.

A reason says nothing of anybody else: no names, no counts, no ranks. What a company reads of its posting does not tell either
whether somebody whom it listed had listed it: "nobody listed it" and "those who did obtained something better" are one answer.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

from portal.domain.matching.market import Cap, Market


class Reason(StrEnum):
    """The answer to a student about one posting of the list."""

    MATCHED = "matched"
    PREFERRED_OTHER = "preferred_other"  # something higher on the list was obtained
    FILLED_BY_HIGHER_RANKED = "filled_by_higher_ranked"
    LOST_LOTTERY_IN_TIER = "lost_lottery_in_tier"
    NOT_LISTED_BY_COMPANY = "not_listed_by_company"
    VETOED = "vetoed"
    COMPANY_FULL = "company_full"  # its places in all, or all seats by placements arranged before
    REGION_CAP = "region_cap"  # of a region, a hub or a budget
    WITHDRAWN = "withdrawn"  # no seats were offered
    WAIVED = "waived"  # the office decided otherwise, with the consent of student and company
    TOO_LATE = "too_late"  # in place of a veto, said by who knows the days: the stay no longer fits


class Filling(StrEnum):
    """The answer to a company about one posting."""

    FILLED = "filled"
    NO_CANDIDATE_LEFT = "no_candidate_left"  # nobody acceptable who listed it is without a better place
    COMPANY_FULL = "company_full"
    REGION_CAP = "region_cap"
    WITHDRAWN = "withdrawn"
    WAIVED = "waived"  # left free by the office, with the consent of those concerned


@dataclass(frozen=True)
class PostingAnswer:
    """How a posting came out. `is_below_minimum`: the soft lower quota was missed."""

    posting: str
    capacity: int
    filled: int
    filling: Filling
    is_below_minimum: bool = False


class ConstraintKind(StrEnum):
    """What turned somebody away."""

    POSTING = "posting"
    COMPANY = "company"
    CAP = "cap"


@dataclass(frozen=True, order=True)
class Constraint:
    """The seats of a posting, the places of a company, or a cap."""

    kind: ConstraintKind
    name: str


class Explainer:
    """Explains one matching (fixed pairs included), which must be stable."""

    def __init__(self, market: Market, matching: Mapping[str, str]) -> None:
        self.market, self.matching = market, matching
        self.on_posting = Counter(matching.values())
        self.on_company: Counter[str] = Counter()
        for posting, number in self.on_posting.items():
            self.on_company[market.postings[posting].company] += number
        self.tier_of = {
            name: {student: tier for tier, ids in enumerate(company.tiers) for student in ids}
            for name, company in market.companies.items()
        }
        self.worst_on_posting: dict[str, int] = {}
        self.worst_on_company: dict[str, int] = {}
        for student, posting in matching.items():
            if student not in market.fixed:
                company = market.postings[posting].company
                tier = self.tier_of[company][student]
                self.worst_on_posting[posting] = max(tier, self.worst_on_posting.get(posting, 0))
                self.worst_on_company[company] = max(tier, self.worst_on_company.get(company, 0))
        self.full_caps = {c: cap for cap in market.caps if self.is_full(cap) for c in cap.targets}

    def is_full(self, cap: Cap) -> bool:
        """Whether a cap has no place left."""
        return sum(self.on_company[company] for company in cap.targets) >= cap.cap

    def for_student(self, student: str) -> tuple[tuple[str, Reason], ...]:
        """A reason for each posting of the list, in its order."""
        got = self.matching.get(student)
        answers, is_placed = [], student in self.market.fixed
        for posting in self.market.students.get(student, ()):
            if posting == got:
                reason, is_placed = Reason.MATCHED, True
            else:
                reason = Reason.PREFERRED_OTHER if is_placed else self._refusal(student, posting)
            answers.append((posting, reason))
        return tuple(answers)

    def _refusal(self, student: str, posting: str) -> Reason:
        company = self.market.postings[posting].company
        tier = self.tier_of[company].get(student)
        if (student, posting) in self.market.vetoes:
            return Reason.VETOED
        if tier is None:
            return Reason.NOT_LISTED_BY_COMPANY
        if self._is_withdrawn(posting):
            return Reason.WITHDRAWN
        if self._is_filled(posting):
            return self._lost_to(tier, self.worst_on_posting.get(posting), Reason.FILLED_BY_HIGHER_RANKED)
        if self._is_company_full(company) or company not in self.full_caps:
            return self._lost_to(tier, self.worst_on_company.get(company), Reason.COMPANY_FULL)
        return Reason.REGION_CAP

    @staticmethod
    def _lost_to(tier: int, worst: int | None, otherwise: Reason) -> Reason:
        if worst is None:
            return Reason.COMPANY_FULL
        return Reason.LOST_LOTTERY_IN_TIER if worst == tier else otherwise

    def _is_withdrawn(self, posting: str) -> bool:
        found = self.market.postings[posting]
        return found.capacity == 0 or self.market.companies[found.company].capacity == 0

    def _is_filled(self, posting: str) -> bool:
        return self.on_posting[posting] >= self.market.postings[posting].capacity

    def _is_company_full(self, company: str) -> bool:
        return self.on_company[company] >= self.market.companies[company].capacity

    def binding(self) -> tuple[Constraint, ...]:
        """What is full and turned away a student who would have been taken otherwise."""
        impossible = {Reason.VETOED, Reason.NOT_LISTED_BY_COMPANY, Reason.WITHDRAWN}
        found = {
            self._constraint(posting)
            for student in self.market.students
            for posting, reason in self.for_student(student)
            if reason not in impossible | {Reason.MATCHED, Reason.PREFERRED_OTHER}
        }
        return tuple(sorted(found))

    def _constraint(self, posting: str) -> Constraint:
        company = self.market.postings[posting].company
        if self._is_filled(posting):
            return Constraint(ConstraintKind.POSTING, posting)
        if self._is_company_full(company) or company not in self.full_caps:
            return Constraint(ConstraintKind.COMPANY, company)
        return Constraint(ConstraintKind.CAP, self.full_caps[company].name)

    def for_posting(self, posting: str) -> PostingAnswer:
        """How one posting came out."""
        found, filled = self.market.postings[posting], self.on_posting[posting]
        return PostingAnswer(
            posting, found.capacity, filled, self._filling(posting, found.company), filled < found.minimum
        )

    def _filling(self, posting: str, company: str) -> Filling:
        if self._is_withdrawn(posting):
            return Filling.WITHDRAWN
        if self._is_filled(posting):
            return Filling.FILLED
        if self._is_company_full(company):
            return Filling.COMPANY_FULL
        return Filling.REGION_CAP if company in self.full_caps else Filling.NO_CANDIDATE_LEFT
