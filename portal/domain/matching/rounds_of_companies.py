"""Rounds where a company's places span several postings, or a cap spans several companies."""

from __future__ import annotations

import numpy as np

from portal.domain.matching.problem import Problem
from portal.domain.matching.rounds_of_postings import Ids, Ints, Rounds, positions, ranges


class CompanyRounds(Rounds):
    """The unit that holds students is the company; postings, then companies, then caps turn away."""

    def __init__(self, problem: Problem, seats: Ints) -> None:
        self.company_of = np.asarray(problem.company_of, np.int32)
        places = np.asarray(problem.places, np.int64)
        total = np.bincount(self.company_of, seats, len(places)).astype(np.int64)
        self.places = np.minimum(places, total)
        super().__init__(problem, seats, self.places)
        self.company_cutoff = np.full(len(places), int(self.ranks.max(initial=0)) + 1, np.int32)
        self.company_cutoff[self.places == 0] = 0
        self.cap_of = np.asarray(problem.cap_of if len(problem.cap_of) else [-1] * len(places), np.int64)
        self.cap_room = np.asarray(problem.room, np.int64)
        self.targets = np.asarray(problem.targets, np.int64)
        self.order = np.asarray(problem.order, np.int64)
        self.members = [np.flatnonzero(self.cap_of == cap) for cap in range(len(self.cap_room))]

    def _units(self, postings: Ids) -> Ids:
        return self.company_of[postings]

    def _may_come(self, postings: Ids, ranks: Ids) -> np.ndarray[tuple[int], np.dtype[np.bool_]]:
        return (ranks < self.cutoff[postings]) & (ranks < self.company_cutoff[self.company_of[postings]])

    def _decide(self, students: Ints, postings: Ids, ranks: Ids) -> Ints:
        self.found[students] = postings
        companies = self.company_of[postings].astype(np.int64)
        touched, lines = self._line_up(companies, self._packed(students, ranks))
        lines, of_postings = self._within_seats(lines)
        units = lines >> self.low_bits
        position, _sizes = positions(units)
        stays = position < self.places[units]
        of_companies = self._students(lines[~stays])
        lines, units, position = lines[stays], units[stays], position[stays]
        self._keep(lines, units, position)
        self.filled[touched] = np.bincount(units, minlength=len(self.room))[touched]
        losers = [of_postings, of_companies, *self._within_caps(touched)]
        self._cut(touched)
        turned_away = np.concatenate(losers)
        self.found[turned_away] = -1
        return turned_away

    def _within_seats(self, lines: Ints) -> tuple[Ints, Ints]:
        """Each posting keeps its best; the others leave. The order of lines stays."""
        students = self._students(lines)
        postings = self.found[students].astype(np.int64)
        # lines are in order of company and rank, so a stable sort by posting is one by posting and rank
        by_posting = np.argsort(postings, kind="stable")
        sorted_ = postings[by_posting]
        position, _sizes = positions(sorted_)
        last = position == self.seats[sorted_] - 1
        self.cutoff[sorted_[last]] = self._ranks(lines[by_posting[last]])
        stays = np.empty(len(lines), bool)
        stays[by_posting] = position < self.seats[sorted_]
        return lines[stays], students[~stays]

    def _within_caps(self, touched: Ints) -> list[Ints]:
        caps = np.unique(self.cap_of[touched])
        return [self._within_cap(int(cap)) for cap in caps[caps >= 0]]

    def _within_cap(self, cap: int) -> Ints:
        companies = self.members[cap]
        wanted = self.filled[companies]
        over = int(wanted.sum() - self.cap_room[cap])
        if over <= 0:
            return np.empty(0, np.int64)
        kept = shares(wanted, self.targets[companies], self.order[companies], int(self.cap_room[cap]))
        less = kept < wanted
        shrunk, kept, wanted = companies[less], kept[less], wanted[less]
        losers = self._students(self.held[ranges(self.first[shrunk] + kept, wanted - kept)])
        self.filled[shrunk] = kept
        # a place that the cap has taken away never comes back
        self.places[shrunk] = kept
        self._cut(shrunk)
        return losers

    def _cut(self, companies: Ints) -> None:
        """Full companies take nobody behind their last any more."""
        full = companies[self.filled[companies] == self.places[companies]]
        self.company_cutoff[full[self.places[full] == 0]] = 0
        full = full[self.places[full] > 0]
        last = self.held[self.first[full] + self.filled[full] - 1]
        self.company_cutoff[full] = self._ranks(last)


def shares(wanted: Ints, targets: Ints, order: Ints, room: int) -> Ints:
    """How many each company of a cap keeps: the next place goes to the lowest (students - target, order).

    All that are at level L or below are in when they fit the room; what is left goes to the next level by order.
    """
    room = max(0, room)
    low, high = int(-targets.max()) - 1, int((wanted - targets).max()) + 1
    while high - low > 1:
        level = (low + high) // 2
        fits = int(np.clip(level + targets, 0, wanted).sum()) <= room
        low, high = (level, high) if fits else (low, level)
    kept = np.clip(low + targets, 0, wanted)
    more = np.flatnonzero((low + 1 + targets >= 1) & (low + 1 + targets <= wanted))
    more = more[np.argsort(order[more])][: room - int(kept.sum())]
    kept[more] += 1
    return kept
