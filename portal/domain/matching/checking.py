"""Is it a matching, is it stable, is it the students' best? Judged from the lists alone, without the solvers.

A pair blocks when the student prefers the posting and the company would rather have the student (Abraham, Irving & Manlove
2007): the posting has a free seat and so has the company, or the student is there in another of its postings, or the
company has somebody worse; or the posting is full and has somebody worse. Ties count as the lottery settled them, fixed pairs
cannot be moved.

Where the company's cap is full, a pair that wants a free place does not block (Kamada & Kojima 2015, "stable") when the company
prefers everybody whom it has, and the student either comes from outside the cap or would leave the company that, counted
after the move, is below the new one over its target: |M(new)| - target > |M(old)| - target. With caps there may be several stable
matchings and no best one among them; the students' best is then among those which the caps' own rule of dealing
places would not undo (stable in the sense of Hatfield & Milgrom 2005).
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum

from portal.domain.matching.market import Market, Pair
from portal.domain.matching.offers import Place, Standing, best_for_students

BEHIND_ALL: Place = (2**62, b"", "")
"""Where a company has somebody whom it never listed, and who is there by a waiver."""


class Breach(StrEnum):
    """Why it is no matching; `where` names the student, posting, company or cap."""

    UNKNOWN_STUDENT = "unknown_student"
    UNKNOWN_POSTING = "unknown_posting"
    NOT_LISTED_BY_STUDENT = "not_listed_by_student"
    NOT_POSSIBLE = "not_possible"  # not listed by the company, or vetoed
    FIXED_PAIR_MISSING = "fixed_pair_missing"
    POSTING_OVER_CAPACITY = "posting_over_capacity"
    COMPANY_OVER_CAPACITY = "company_over_capacity"
    CAP_EXCEEDED = "cap_exceeded"


@dataclass(frozen=True)
class Findings:
    """What the checker says. Pairs and students are in order of ids."""

    breaches: tuple[tuple[Breach, str], ...]
    blocking_pairs: tuple[Pair, ...]
    not_best: tuple[str, ...]

    @property
    def is_feasible(self) -> bool:
        return not self.breaches

    @property
    def is_student_optimal(self) -> bool:
        return not self.not_best

    @property
    def is_good(self) -> bool:
        return self.is_feasible and self.is_student_optimal and not self.blocking_pairs


def check(market: Market, matching: Mapping[str, str]) -> Findings:
    """Judge a matching (fixed pairs included). Blocking pairs are looked for when it is feasible."""
    standing = Standing(market)
    breaches = tuple(find_breaches(market, matching, standing))
    pairs = () if breaches else tuple(sorted(_Situation(market, matching, standing).blocking_pairs()))
    best = best_for_students(market, standing)
    not_best = tuple(s for s in sorted(best.keys() | matching.keys()) if best.get(s) != matching.get(s))
    return Findings(breaches, pairs, not_best)


def find_blocking_pairs(market: Market, matching: Mapping[str, str]) -> tuple[Pair, ...]:
    """The pairs that would rather have each other, in order of ids, also where some sit by a waiver: whom a company never listed is
    behind everybody whom it did. Nothing may be over capacity."""
    return tuple(sorted(_Situation(market, matching, Standing(market)).blocking_pairs()))


def find_breaches(
    market: Market, matching: Mapping[str, str], standing: Standing
) -> Iterator[tuple[Breach, str]]:
    """Every reason why it is no matching of this market."""
    for student, posting in market.fixed.items():
        if matching.get(student) != posting:
            yield Breach.FIXED_PAIR_MISSING, student
    for student in sorted(matching):
        posting = matching[student]
        if posting not in market.postings:
            yield Breach.UNKNOWN_POSTING, posting
        elif student in market.fixed:
            continue
        elif student not in market.students:
            yield Breach.UNKNOWN_STUDENT, student
        elif posting not in market.students[student]:
            yield Breach.NOT_LISTED_BY_STUDENT, student
        elif standing.of(student, posting) is None:
            yield Breach.NOT_POSSIBLE, student
    yield from _overfull(market, matching)


def _overfull(market: Market, matching: Mapping[str, str]) -> Iterator[tuple[Breach, str]]:
    on_posting = Counter(posting for posting in matching.values() if posting in market.postings)
    on_company: Counter[str] = Counter()
    for posting, number in on_posting.items():
        on_company[market.postings[posting].company] += number
    for posting in sorted(on_posting):
        if on_posting[posting] > market.postings[posting].capacity:
            yield Breach.POSTING_OVER_CAPACITY, posting
    for company in sorted(on_company):
        if on_company[company] > market.companies[company].capacity:
            yield Breach.COMPANY_OVER_CAPACITY, company
    for cap in market.caps:
        if sum(on_company[company] for company in cap.targets) > cap.cap:
            yield Breach.CAP_EXCEEDED, cap.name


class _Situation:
    """Who is where, and the worst of each posting and company."""

    def __init__(self, market: Market, matching: Mapping[str, str], standing: Standing) -> None:
        self.market, self.matching, self.standing = market, matching, standing
        self.on_posting: Counter[str] = Counter()
        self.on_company: Counter[str] = Counter()
        self.worst_of_posting: dict[str, Place] = {}
        self.worst_of_company: dict[str, Place] = {}
        for student, posting in matching.items():
            self._seat(student, posting)
        self.full_cap_of = {
            company: cap
            for cap in market.caps
            if sum(self.on_company[each] for each in cap.targets) >= cap.cap
            for company in cap.targets
        }

    def _seat(self, student: str, posting: str) -> None:
        company = self.market.postings[posting].company
        self.on_posting[posting] += 1
        self.on_company[company] += 1
        if student not in self.market.fixed:
            place = self.standing.of(student, posting) or BEHIND_ALL
            self.worst_of_posting[posting] = max(place, self.worst_of_posting.get(posting, place))
            self.worst_of_company[company] = max(place, self.worst_of_company.get(company, place))

    def blocking_pairs(self) -> Iterator[Pair]:
        for student, wanted in self.market.students.items():
            if student in self.market.fixed:
                continue
            for posting in wanted:
                if posting == self.matching.get(student):
                    break
                place = self.standing.of(student, posting)
                if place is not None and self._would_take(student, posting, place):
                    yield student, posting

    def _would_take(self, student: str, posting: str, place: Place) -> bool:
        company = self.market.postings[posting].company
        if self.on_posting[posting] >= self.market.postings[posting].capacity:
            return place < self.worst_of_posting.get(posting, place)
        if self._company_of(student) == company or place < self.worst_of_company.get(company, place):
            return True
        if self.on_company[company] >= self.market.companies[company].capacity:
            return False
        return self._cap_allows(student, company)

    def _company_of(self, student: str) -> str | None:
        posting = self.matching.get(student)
        return self.market.postings[posting].company if posting is not None else None

    def _cap_allows(self, student: str, company: str) -> bool:
        cap = self.full_cap_of.get(company)
        if cap is None:
            return True
        left = self._company_of(student)
        if left is None or left not in cap.targets:
            return False
        new = self.on_company[company] + 1 - cap.targets[company]
        old = self.on_company[left] - 1 - cap.targets[left]
        return new <= old
