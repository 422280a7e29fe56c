"""Run a round: match, explain, count, certify, and keep what a replay needs."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from enum import StrEnum

from portal.domain.exchange.canonical import sha256
from portal.domain.matching.canonical import format_market
from portal.domain.matching.checking import Findings, check
from portal.domain.matching.explaining import Explainer, PostingAnswer, Reason
from portal.domain.matching.lottery import commitment
from portal.domain.matching.market import CapKind, Market
from portal.domain.matching.one_by_one import solve_one_by_one
from portal.domain.matching.problem import Problem, index

ENGINE = "renkei-matching-engine/1"
"""Changes whenever the same input may give another result."""
IN_ROUNDS_FROM = 100_000
"""Entries of all lists from which arrays are worth their making."""


@dataclass(frozen=True)
class CapAnswer:
    """What a cap did. `lost` are placements and `worse` students that would be better off if this cap alone were gone;
    both 0 when it does not bind."""

    kind: CapKind
    name: str
    cap: int
    filled: int
    is_binding: bool
    lost: int
    worse: int


@dataclass(frozen=True)
class Statistics:
    """Counts of a round. `by_rank[k]` students obtained their k-th posting; fixed pairs are matched but have no rank."""

    students: int
    matched: int
    fixed: int
    seats: int
    by_rank: Mapping[int, int] = field(hash=False)


@dataclass(frozen=True)
class Solution:
    """Everything a round gives; `renkei-matching-result/1` is its file."""

    matching: Mapping[str, str]
    unmatched: tuple[str, ...]
    findings: Findings
    explanations: Mapping[str, tuple[tuple[str, Reason], ...]]
    postings: tuple[PostingAnswer, ...]
    companies_below_minimum: tuple[str, ...]
    caps: tuple[CapAnswer, ...]
    statistics: Statistics
    input_sha256: str
    lottery_commitment: str | None
    engine: str = ENGINE


class Stage(StrEnum):
    """Where a run is, in this order; on 50,000 students checking takes the longest."""

    MATCHING = "matching"
    CHECKING = "checking"
    COMPARING_CAPS = "comparing_caps"
    EXPLAINING = "explaining"


def solve(market: Market, notice: Callable[[Stage], None] = lambda stage: None) -> Solution:
    """The student-optimal stable matching with its certificate, explanations, statistics and record.

    `notice` hears of each stage when it begins, for whoever waits.
    """
    notice(Stage.MATCHING)
    matching = match(market)
    notice(Stage.CHECKING)
    findings = check(market, matching)
    notice(Stage.COMPARING_CAPS)
    caps = cap_answers(market, matching)
    notice(Stage.EXPLAINING)
    explainer = Explainer(market, matching)
    return Solution(
        matching=matching,
        unmatched=tuple(each for each in market.everybody if each not in matching),
        findings=findings,
        explanations={each: explainer.for_student(each) for each in sorted(market.students)},
        postings=tuple(explainer.for_posting(each) for each in sorted(market.postings)),
        companies_below_minimum=_below_minimum(market, explainer.on_company),
        caps=caps,
        statistics=statistics(market, matching),
        input_sha256=sha256(format_market(market)),
        lottery_commitment=commitment(market.lottery.secret) if market.lottery else None,
    )


def match(market: Market) -> dict[str, str]:
    """Student to posting, fixed pairs included, in order of students; by whichever solver is quicker."""
    indexed = index(market)
    found = indexed.named(solve_problem(indexed.problem))
    return dict(sorted((found | dict(market.fixed)).items()))


def solve_problem(problem: Problem) -> list[int]:
    """The posting of each student in numbers, or -1."""
    if len(problem.wanted) < IN_ROUNDS_FROM:
        return solve_one_by_one(problem)
    from portal.domain.matching.rounds import solve_in_rounds

    return [int(each) for each in solve_in_rounds(problem)]


def statistics(market: Market, matching: Mapping[str, str]) -> Statistics:
    """Counts of a matching."""
    ranks = Counter(
        market.students[student].index(posting) + 1
        for student, posting in matching.items()
        if student not in market.fixed
    )
    seats = sum(posting.capacity for posting in market.postings.values())
    return Statistics(
        len(market.everybody), len(matching), len(market.fixed), seats, dict(sorted(ranks.items()))
    )


def _below_minimum(market: Market, on_company: Mapping[str, int]) -> tuple[str, ...]:
    found = sorted(market.companies.items())
    return tuple(name for name, company in found if on_company.get(name, 0) < company.minimum)


def cap_answers(market: Market, matching: Mapping[str, str]) -> tuple[CapAnswer, ...]:
    """What each cap did, by matching again without it where it is full."""
    explainer = Explainer(market, matching)
    answers = []
    for cap in market.caps:
        filled = sum(explainer.on_company[company] for company in cap.targets)
        lost = worse = 0
        if explainer.is_full(cap):
            without = match(replace(market, caps=tuple(each for each in market.caps if each is not cap)))
            lost = len(without) - len(matching)
            worse = sum(without.get(s) != matching.get(s) for s in without.keys() | matching.keys())
        answers.append(CapAnswer(cap.kind, cap.name, cap.cap, filled, worse > 0, lost, worse))
    return tuple(answers)
