"""A market in whole numbers, as both solvers take it: only pairs that are possible, and only places that are free."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from portal.domain.matching.lottery import in_order, numbers
from portal.domain.matching.market import Market, Pair

if TYPE_CHECKING:
    import numpy.typing as npt

    Numbers = Sequence[int] | npt.NDArray[Any]


@dataclass(frozen=True)
class Problem:
    """Students, postings, companies and caps are numbers from 0; n, p, c and r of them.

    `wanted[starts[i]:starts[i + 1]]` are the postings of student i, best first, and `ranks` beside it says where the posting's
    company has that student: lower is better, no two students of a company are equal. Lists or int32 arrays.
    A cap gives its next place to the company with the lowest (students there - target, order).
    """

    starts: Numbers  # n + 1
    wanted: Numbers
    ranks: Numbers
    company_of: Numbers  # p
    seats: Numbers  # p: free places of a posting
    places: Numbers  # c: free places of a company
    cap_of: Numbers = ()  # c: the cap that it stands in, or -1; empty without caps
    room: Numbers = ()  # r: what is left of a cap
    targets: Numbers = ()  # c: what is left of the target, below 0 when fixed pairs exceed it
    order: Numbers = ()  # c: 0 to c - 1


@dataclass(frozen=True)
class Indexed:
    """A problem with the ids that its numbers stand for."""

    students: list[str]
    postings: list[str]
    companies: list[str]
    problem: Problem

    def named(self, found: Sequence[int]) -> dict[str, str]:
        """The matching of a solver's answer by ids, in order of students."""
        return {s: self.postings[p] for s, p in zip(self.students, found, strict=True) if p >= 0}


def index(market: Market) -> Indexed:
    """Take out vetoes, fixed pairs and their places, and what the company did not list; draw the lottery."""
    students = sorted(each for each in market.students if each not in market.fixed)
    postings, companies = sorted(market.postings), sorted(market.companies)
    company_number = {each: number for number, each in enumerate(companies)}
    company_of = [company_number[market.postings[each].company] for each in postings]
    seats = [market.postings[each].capacity for each in postings]
    places = [market.companies[each].capacity for each in companies]
    posting_number = {each: number for number, each in enumerate(postings)}
    for posting in market.fixed.values():
        number = posting_number[posting]
        seats[number] -= 1
        places[company_of[number]] -= 1
    ranks_of = _ranks(market, companies)
    starts, wanted, ranked = _entries(market, students, posting_number, company_of, ranks_of)
    caps = _caps(market, company_number)
    problem = Problem(starts, wanted, ranked, company_of, seats, places, *caps)
    return Indexed(students, postings, companies, problem)


def _ranks(market: Market, companies: list[str]) -> list[dict[str, int]]:
    """Where each company has each student, ties settled. Without ties nothing is drawn."""
    tiers_of = [market.companies[each].tiers for each in companies]
    has_ties = any(len(tier) > 1 for tiers in tiers_of for tier in tiers)
    drawn = numbers(market.lottery, market.everybody) if has_ties else {}
    orders = [[student for tier in tiers for student in _settled(drawn, tier)] for tiers in tiers_of]
    return [{student: rank for rank, student in enumerate(order)} for order in orders]


def _settled(drawn: Mapping[str, bytes], tier: tuple[str, ...]) -> Sequence[str]:
    return tier if len(tier) == 1 else in_order(drawn, tier)


def _entries(
    market: Market,
    students: list[str],
    posting_number: dict[str, int],
    company_of: list[int],
    ranks_of: list[dict[str, int]],
) -> tuple[list[int], list[int], list[int]]:
    starts, wanted, ranked = [0], [], []
    vetoes: frozenset[Pair] = market.vetoes
    for student in students:
        for each in market.students[student]:
            posting = posting_number[each]
            rank = ranks_of[company_of[posting]].get(student)
            if rank is not None and (student, each) not in vetoes:
                wanted.append(posting)
                ranked.append(rank)
        starts.append(len(wanted))
    return starts, wanted, ranked


def _caps(
    market: Market, company_number: dict[str, int]
) -> tuple[list[int], list[int], list[int], list[int]]:
    if not market.caps:
        return [], [], [], []
    cap_of, targets, order = (
        [-1] * len(company_number),
        [0] * len(company_number),
        [0] * len(company_number),
    )
    room = [cap.cap for cap in market.caps]
    for number, cap in enumerate(market.caps):
        for company, target in cap.targets.items():
            cap_of[company_number[company]] = number
            targets[company_number[company]] = target
    for posting in market.fixed.values():
        host = company_number[market.postings[posting].company]
        if cap_of[host] >= 0:
            room[cap_of[host]] -= 1
            targets[host] -= 1
    for position, name in enumerate(in_order(numbers(market.lottery, company_number), company_number)):
        order[company_number[name]] = position
    return cap_of, room, targets, order
