"""The largest stable matching that any settling of ties could give, as an integer programme.

After Kwanashie & Manlove (2014) for one posting per company, with the conditions of Cooper & Manlove (2018) for companies of several
postings: x[s, p] is a placement; for each pair that is possible the student is placed there or better, or the posting is
full of students who are at least as good for the company, or the company is. A pair does not block either where the cap is
full and the company has nobody worse (Kamada & Kojima 2015, weak stability).
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, field

from portal.domain.matching.market import Cap, Market

Term = tuple[int, float]


@dataclass
class Programme:
    """Rows `lower <= sum of terms <= upper` over variables that are 0 or 1; the first `len(pairs)` are placements."""

    pairs: list[tuple[str, str]] = field(default_factory=list)
    variables: int = 0
    rows: list[tuple[float, float, list[Term]]] = field(default_factory=list)

    def new(self) -> int:
        """One more variable."""
        self.variables += 1
        return self.variables - 1

    def at_most(self, upper: float, terms: list[Term]) -> None:
        self.rows.append((float("-inf"), upper, terms))

    def at_least(self, lower: float, terms: list[Term]) -> None:
        self.rows.append((lower, float("inf"), terms))


class TiesModel:
    """Makes the programme of a market; fixed pairs and their places are taken out."""

    def __init__(self, market: Market) -> None:
        self.market, self.programme = market, Programme()
        self.tier_of = {
            name: {student: tier for tier, ids in enumerate(company.tiers) for student in ids}
            for name, company in market.companies.items()
        }
        self.of_student: dict[str, list[int]] = defaultdict(list)
        self.of_posting: dict[str, list[int]] = defaultdict(list)
        self.of_company: dict[str, list[int]] = defaultdict(list)
        self.tier: list[int] = []
        self.full: dict[tuple[str, str, int], int] = {}
        self.cap_of = {company: cap for cap in market.caps for company in cap.targets}
        self._place()
        self._limit()
        for student in self.of_student:
            self._settle(student)

    def _place(self) -> None:
        for student in sorted(self.market.students):
            for posting in self.market.students[student] if student not in self.market.fixed else ():
                company = self.market.postings[posting].company
                tier = self.tier_of[company].get(student)
                if tier is not None and (student, posting) not in self.market.vetoes:
                    number = self.programme.new()
                    self.programme.pairs.append((student, posting))
                    self.tier.append(tier)
                    self.of_student[student].append(number)
                    self.of_posting[posting].append(number)
                    self.of_company[company].append(number)

    def _limit(self) -> None:
        for numbers in self.of_student.values():
            self.programme.at_most(1, ones(numbers))
        for posting, numbers in self.of_posting.items():
            self.programme.at_most(self.seats(posting), ones(numbers))
        for company, numbers in self.of_company.items():
            self.programme.at_most(self.places(company), ones(numbers))
        for cap in self.market.caps:
            self.programme.at_most(self.room(cap), ones(self.in_cap(cap)))

    def seats(self, posting: str) -> int:
        """Free seats."""
        return self.market.postings[posting].capacity - list(self.market.fixed.values()).count(posting)

    def places(self, company: str) -> int:
        """Free places."""
        return self.market.companies[company].capacity - self._fixed_at({company})

    def room(self, cap: Cap) -> int:
        """What a cap has left."""
        return cap.cap - self._fixed_at(set(cap.targets))

    def _fixed_at(self, companies: set[str]) -> int:
        return sum(
            self.market.postings[posting].company in companies for posting in self.market.fixed.values()
        )

    def in_cap(self, cap: Cap) -> list[int]:
        """Placements that count for a cap."""
        return [number for company in sorted(cap.targets) for number in self.of_company.get(company, ())]

    def _settle(self, student: str) -> None:
        numbers = self.of_student[student]
        for position, number in enumerate(numbers):
            posting, tier = self.programme.pairs[number][1], self.tier[number]
            company = self.market.postings[posting].company
            here_or_better = ones(numbers[: position + 1])
            full = (self._full("posting", posting, tier), 1.0)
            reasons = [full, (self._full("company", company, tier), 1.0)]
            if company in self.cap_of:
                reasons.append((self._full("cap", company, tier), 1.0))
            self.programme.at_least(1, here_or_better + reasons)
            worse = [(n, -1.0) for n in numbers[position + 1 :] if self._company(n) == company]
            if worse:
                # within one company only the posting's own seats keep a student away
                self.programme.at_least(0, [*here_or_better, full, *worse])

    def _company(self, number: int) -> str:
        return self.market.postings[self.programme.pairs[number][1]].company

    def _full(self, kind: str, name: str, tier: int) -> int:
        """The variable that says: full, and of nobody who is behind this tier."""
        key = (kind, name, tier)
        if key not in self.full:
            self.full[key] = self.programme.new()
            self._bind(kind, name, tier, self.full[key])
        return self.full[key]

    def _bind(self, kind: str, name: str, tier: int, variable: int) -> None:
        if kind == "cap":
            cap = self.cap_of[name]
            self.programme.at_least(0, [*ones(self.in_cap(cap)), (variable, -float(self.room(cap)))])
            behind = [number for number in self.of_company[name] if self.tier[number] > tier]
            self.programme.at_most(len(behind), [*ones(behind), (variable, float(len(behind)))])
            return
        numbers = self.of_posting[name] if kind == "posting" else self.of_company[name]
        limit = self.seats(name) if kind == "posting" else self.places(name)
        good = [number for number in numbers if self.tier[number] <= tier]
        self.programme.at_least(0, [*ones(good), (variable, -float(limit))])


def ones(numbers: list[int]) -> list[Term]:
    """Each variable once."""
    return [(number, 1.0) for number in numbers]
