"""Rounds in which all free students propose at once and each posting keeps its best.

Students, ranks and companies are packed into one int64, so that one sort puts everybody in line; a cutoff for each posting
turns away at once who cannot come in any more.
"""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from portal.domain.matching.problem import Problem

Ints = npt.NDArray[np.int64]
Ids = npt.NDArray[np.int32]


def _array(values: object) -> Ints:
    return np.asarray(values, np.int64)


class Rounds:
    """Each posting decides for itself. `room` is how many each unit (here a posting) can hold."""

    def __init__(self, problem: Problem, seats: Ints, room: Ints) -> None:
        self.starts = _array(problem.starts)
        self.wanted, self.ranks = np.asarray(problem.wanted, np.int32), np.asarray(problem.ranks, np.int32)
        self.n = len(self.starts) - 1
        self.next, self.end = self.starts[:-1].copy(), self.starts[1:]
        self.found = np.full(self.n, -1, np.int32)
        worst = int(self.ranks.max(initial=0))
        self.student_bits, self.rank_bits = max(1, self.n.bit_length()), max(1, worst.bit_length())
        self.low_bits = self.student_bits + self.rank_bits
        if self.low_bits + max(len(room), len(seats)).bit_length() > 62:
            raise OverflowError("ranks and ids do not fit one whole number")
        self.seats = seats
        # whoever ranks at the cutoff or behind it is turned away without a look
        self.cutoff = np.where(seats > 0, np.int32(worst + 1), np.int32(0)).astype(np.int32)
        self.room = self._bounded(room)
        self.first = np.concatenate(([0], np.cumsum(self.room)[:-1])) if len(room) else _array([])
        self.held = np.zeros(int(self.room.sum()), np.int64)
        self.filled = np.zeros(len(room), np.int64)

    def _bounded(self, room: Ints) -> Ints:
        """Nobody needs more places than there are proposals, so memory follows the lists and not the capacities."""
        return np.minimum(room, np.bincount(self._units(self.wanted), minlength=len(room)))

    def _units(self, postings: Ids) -> Ids:
        return postings

    def solve(self) -> Ids:
        free = np.flatnonzero(self.next < self.end)
        while len(free):
            free, postings, ranks = self._proposals(free)
            if len(free):
                free = self._decide(free, postings, ranks)
        return self.found

    def _proposals(self, free: Ints) -> tuple[Ints, Ids, Ids]:
        """Each free student's next proposal that is not turned away at once."""
        come: list[tuple[Ints, Ids, Ids]] = []
        while len(free):
            at = self.next[free]
            open_ = at < self.end[free]
            if not open_.all():
                free, at = free[open_], at[open_]
            self.next[free] = at + 1
            postings, ranks = self.wanted[at], self.ranks[at]
            good = self._may_come(postings, ranks)
            come.append((free[good], postings[good], ranks[good]))
            free = free[~good]
        if len(come) == 1:
            return come[0]
        students, postings, ranks = (np.concatenate(parts) for parts in zip(*come, strict=True))
        return students, postings, ranks

    def _may_come(self, postings: Ids, ranks: Ids) -> npt.NDArray[np.bool_]:
        return ranks < self.cutoff[postings]

    def _packed(self, students: Ints, ranks: Ids) -> Ints:
        return (ranks.astype(np.int64) << self.student_bits) | students

    def _students(self, keys: Ints) -> Ints:
        return keys & ((1 << self.student_bits) - 1)

    def _ranks(self, keys: Ints) -> Ints:
        return (keys >> self.student_bits) & ((1 << self.rank_bits) - 1)

    def _line_up(self, units: Ints, keys: Ints) -> tuple[Ints, Ints]:
        """Who is held by the touched units and who comes, in order of unit and rank; gives (touched units, lines)."""
        touched = (
            np.flatnonzero(np.bincount(units, minlength=len(self.room)))
            if len(units) > 64
            else np.unique(units)
        )
        numbers = self.filled[touched]
        places = ranges(self.first[touched], numbers)
        inside = (np.repeat(touched, numbers) << self.low_bits) | self.held[places]
        lines = np.concatenate((inside, (units << self.low_bits) | keys))
        lines.sort()
        return touched, lines

    def _keep(self, lines: Ints, units: Ints, position: Ints) -> None:
        """Write down who is held now; lines are in order of unit and rank."""
        self.held[self.first[units] + position] = lines & ((1 << self.low_bits) - 1)

    def _decide(self, students: Ints, postings: Ids, ranks: Ids) -> Ints:
        self.found[students] = postings
        touched, lines = self._line_up(postings.astype(np.int64), self._packed(students, ranks))
        units = lines >> self.low_bits
        position, sizes = positions(units)
        stays = position < self.seats[units]
        losers = self._students(lines[~stays])
        self.found[losers] = -1
        lines, units, position = lines[stays], units[stays], position[stays]
        self._keep(lines, units, position)
        self.filled[touched] = np.minimum(sizes, self.seats[touched])
        full = touched[self.filled[touched] == self.seats[touched]]
        self.cutoff[full] = self._ranks(self.held[self.first[full] + self.filled[full] - 1])
        return losers


def ranges(first: Ints, numbers: Ints) -> Ints:
    """The whole numbers of several ranges, one after the other."""
    if not len(numbers):
        return numbers
    ends = np.cumsum(numbers)
    return np.arange(ends[-1], dtype=np.int64) + np.repeat(first - ends + numbers, numbers)


def positions(units: Ints) -> tuple[Ints, Ints]:
    """Where each stands within its unit, 0 first, and the size of each unit; equal units stand together."""
    if not len(units):
        return units, units
    begins = np.flatnonzero(np.concatenate(([True], units[1:] != units[:-1])))
    sizes = np.diff(begins, append=len(units))
    return np.arange(len(units), dtype=np.int64) - np.repeat(begins, sizes), sizes
