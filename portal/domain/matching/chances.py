"""What the lottery is worth: the same market matched under many draws.

All draws are solved together, as one large market of independent copies.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

import numpy as np
import numpy.typing as npt

from portal.domain.matching.market import Market
from portal.domain.matching.problem import Indexed, Problem, index
from portal.domain.matching.rounds import solve_in_rounds

DRAWS = 1_000
AT_ONCE = 2_000_000
"""Entries of lists solved together; bounds memory."""
Ints = npt.NDArray[np.int64]


@dataclass(frozen=True)
class Chances:
    """`of[student]` are the postings of the list that can be obtained, with the number of draws that gave each.

    `placed[k]` says in how many draws k students were placed, fixed pairs not counted.
    """

    draws: int
    of: Mapping[str, tuple[tuple[str, int], ...]] = field(hash=False)
    placed: Mapping[int, int] = field(hash=False)

    def of_being_placed(self, student: str) -> float:
        """From 0 to 1."""
        return sum(times for _posting, times in self.of[student]) / self.draws


def match_chances(market: Market, draws: int = DRAWS, seed: str = "") -> Chances:
    """Match under `draws` lotteries of their own (not the round's: its secret stays out of it). The same seed gives the same.

    Students with fixed pairs are left out. The order in which caps deal their places stays the round's.
    """
    indexed = index(market)
    problem = indexed.problem
    student, tier = _entries(market, indexed)
    times = np.zeros(len(problem.wanted), np.int64)
    placed: dict[int, int] = {}
    wanted = np.asarray(problem.wanted, np.int64)
    for drawn in _draws(draws, len(indexed.students), max(1, AT_ONCE // max(1, len(wanted))), seed):
        ranks = tier * drawn.shape[1] + drawn[:, student]
        found = solve_in_rounds(_copies(problem, ranks)).reshape(drawn.shape).astype(np.int64)
        own = np.where(found >= 0, found % max(1, len(problem.seats)), -1)
        times += (own[:, student] == wanted).sum(0)
        for number in (own >= 0).sum(1).tolist():
            placed[number] = placed.get(number, 0) + 1
    return Chances(draws, _by_student(indexed, times), dict(sorted(placed.items())))


def _entries(market: Market, indexed: Indexed) -> tuple[Ints, Ints]:
    """The student of each entry, and the tier in which the posting's company has that student."""
    problem = indexed.problem
    student = np.repeat(np.arange(len(indexed.students)), np.diff(np.asarray(problem.starts)))
    tiers = [
        {each: tier for tier, ids in enumerate(market.companies[name].tiers) for each in ids}
        for name in indexed.companies
    ]
    company = (problem.company_of[posting] for posting in problem.wanted)
    pairs = zip(company, student.tolist(), strict=True)
    return student, np.asarray([tiers[c][indexed.students[s]] for c, s in pairs], np.int64)


def _draws(draws: int, students: int, at_once: int, seed: str) -> Iterator[Ints]:
    """Where each student stands in each draw: arrays of (some draws, students)."""
    for first in range(0, draws, at_once):
        number = min(at_once, draws - first)
        stream = hashlib.shake_256(f"renkei-chances {first} {seed}".encode()).digest(8 * number * students)
        drawn = np.frombuffer(stream, "<u8").reshape(number, students)
        yield np.argsort(np.argsort(drawn, axis=1, kind="stable"), axis=1).astype(np.int64)


def _copies(problem: Problem, ranks: Ints) -> Problem:
    """One copy of the market for each row of ranks, beside each other. Raises OverflowError above 31 bits of rank."""
    if ranks.size and int(ranks.max()) >= 2**31:
        raise OverflowError("too many tiers for so many students")
    copies = len(ranks)
    entries, postings, companies = len(problem.wanted), len(problem.seats), len(problem.places)

    def beside(values: object, step: int) -> Ints:
        return (np.arange(copies)[:, None] * step + np.asarray(values, np.int64)[None, :]).ravel()

    cap_of = np.asarray(problem.cap_of, np.int64)
    shifted = beside(cap_of, len(problem.room))
    return Problem(
        starts=np.append(beside(problem.starts[:-1], entries), copies * entries),
        wanted=beside(problem.wanted, postings),
        ranks=ranks.ravel(),
        company_of=beside(problem.company_of, companies),
        seats=beside(problem.seats, 0),
        places=beside(problem.places, 0),
        cap_of=np.where(np.tile(cap_of, copies) >= 0, shifted, -1),
        room=beside(problem.room, 0),
        targets=beside(problem.targets, 0),
        order=beside(problem.order, 0),
    )


def _by_student(indexed: Indexed, times: Ints) -> dict[str, tuple[tuple[str, int], ...]]:
    problem, counts = indexed.problem, times.tolist()
    found = {}
    for number, student in enumerate(indexed.students):
        entries = range(problem.starts[number], problem.starts[number + 1])
        found[student] = tuple(
            (indexed.postings[problem.wanted[entry]], counts[entry]) for entry in entries if counts[entry]
        )
    return found
