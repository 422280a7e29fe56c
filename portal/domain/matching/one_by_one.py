"""Deferred acceptance one proposal at a time: the solver for markets of every day, plain Python.

Student-project allocation after Abraham, Irving & Manlove (2007): a free student proposes to the next posting on the list; a
posting over its seats turns away its worst student, else a company over its places turns away its worst, else a cap over
its room turns away the worst of the company that is furthest above its target (flexible deferred acceptance, Kamada & Kojima
2015, with targets). Every proposal turns away one student at most, and nobody turned away can ever come back, so the order of
proposals changes nothing.
"""

from __future__ import annotations

from heapq import heappop, heappush, heappushpop

from portal.domain.matching.problem import Problem


def solve_one_by_one(problem: Problem) -> list[int]:
    """The posting of each student, or -1: the student-optimal stable matching."""
    seats, company_level = _narrowed(problem)
    if not company_level:
        return _by_postings(problem, seats)
    return _Companies(problem, seats).solve()


def _narrowed(problem: Problem) -> tuple[list[int], bool]:
    """Seats within the company's places, and whether companies or caps can turn away anybody beyond that."""
    places = problem.places
    seats = [min(s, places[c]) for s, c in zip(problem.seats, problem.company_of, strict=True)]
    total = [0] * len(places)
    for number, company in zip(seats, problem.company_of, strict=True):
        total[company] += number
    is_capped = any(cap >= 0 for cap in problem.cap_of)
    return seats, is_capped or any(map(int.__gt__, total, places))


def _by_postings(problem: Problem, seats: list[int]) -> list[int]:
    # a heap of -(rank * n + student) has its worst student on top
    starts, wanted, ranks = problem.starts, problem.wanted, problem.ranks
    n = len(starts) - 1
    found, following, held = [-1] * n, list(starts), [[] for _ in seats]  # type: ignore[var-annotated]
    for first in range(n):
        student = first
        while (entry := following[student]) < starts[student + 1]:
            following[student] = entry + 1
            posting = wanted[entry]
            key, heap = -(ranks[entry] * n + student), held[posting]
            if len(heap) < seats[posting]:
                heappush(heap, key)
                found[student] = posting
                break
            if not heap or key < heap[0]:
                continue
            loser = -heappushpop(heap, key) % n
            found[student] = posting
            found[loser] = -1
            student = loser
    return found


class _Companies:
    """The general case. Heaps may hold students who have left; `_worst` skips them."""

    def __init__(self, problem: Problem, seats: list[int]) -> None:
        self.problem, self.seats = problem, seats
        self.n = len(problem.starts) - 1
        self.found = [-1] * self.n
        self.at_posting: list[list[int]] = [[] for _ in seats]
        self.at_company: list[list[int]] = [[] for _ in problem.places]
        self.on_posting, self.on_company = [0] * len(seats), [0] * len(problem.places)
        # who was turned away once is turned away for good, and so is everybody behind
        behind_all = max(problem.ranks, default=0) + 1
        self.posting_cut, self.company_cut = [behind_all] * len(seats), [behind_all] * len(problem.places)
        self.in_cap = [0] * len(problem.room)
        self.cap_of = problem.cap_of if len(problem.cap_of) else [-1] * len(problem.places)
        self.furthest: list[list[tuple[int, int, int, int]]] = [[] for _ in problem.room]

    def solve(self) -> list[int]:
        problem, starts, following = self.problem, self.problem.starts, list(self.problem.starts)
        for first in range(self.n):
            student = first
            while student >= 0 and (entry := following[student]) < starts[student + 1]:
                following[student] = entry + 1
                posting, rank = problem.wanted[entry], problem.ranks[entry]
                if rank < self.posting_cut[posting] and rank < self.company_cut[problem.company_of[posting]]:
                    student = self._propose(student, posting, rank)
        return self.found

    def _propose(self, student: int, posting: int, rank: int) -> int:
        """Take the student in; gives who is free now, or -1."""
        company = self.problem.company_of[posting]
        cap = self.cap_of[company]
        key = -(rank * self.n + student)
        self.found[student] = posting
        heappush(self.at_posting[posting], key)
        heappush(self.at_company[company], key)
        self.on_posting[posting] += 1
        self.on_company[company] += 1
        if cap >= 0:
            self.in_cap[cap] += 1
            self._note_level(company, cap)
        if self.on_posting[posting] > self.seats[posting]:
            return self._turn_away(self._worst_of_posting(posting))
        if self.on_company[company] > self.problem.places[company]:
            return self._turn_away(self._worst_of_company(company))
        if cap >= 0 and self.in_cap[cap] > self.problem.room[cap]:
            return self._turn_away(self._worst_of_company(self._furthest_of(cap)))
        return -1

    def _turn_away(self, student: int) -> int:
        posting = self.found[student]
        company = self.problem.company_of[posting]
        self.found[student] = -1
        self.on_posting[posting] -= 1
        self.on_company[company] -= 1
        if (cap := self.cap_of[company]) >= 0:
            self.in_cap[cap] -= 1
            self._note_level(company, cap)
        return student

    def _note_level(self, company: int, cap: int) -> None:
        if number := self.on_company[company]:
            level = number - self.problem.targets[company]
            heappush(self.furthest[cap], (-level, -self.problem.order[company], company, number))

    def _worst_of_posting(self, posting: int) -> int:
        heap = self.at_posting[posting]
        while self.found[student := -heap[0] % self.n] != posting:
            heappop(heap)
        self.posting_cut[posting] = -heap[0] // self.n
        return student

    def _worst_of_company(self, company: int) -> int:
        heap, company_of = self.at_company[company], self.problem.company_of
        while (posting := self.found[student := -heap[0] % self.n]) < 0 or company_of[posting] != company:
            heappop(heap)
        self.company_cut[company] = -heap[0] // self.n
        return student

    def _furthest_of(self, cap: int) -> int:
        """The company that is furthest above its target; notes of how it was before are skipped."""
        heap = self.furthest[cap]
        while self.on_company[company := heap[0][2]] != heap[0][3]:
            heappop(heap)
        return company
