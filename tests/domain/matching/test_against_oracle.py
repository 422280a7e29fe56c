"""Both solvers, the checker and its second algorithm against every matching of 2,000 small markets.

MATCHING_MARKETS=50000 tries more. Ties, vetoes, fixed pairs, companies of several postings, zero capacities; caps in each second.
"""

from __future__ import annotations

import os

import pytest

from portal.domain.matching import Market, check, match
from portal.domain.matching.offers import best_for_students
from portal.domain.matching.problem import index
from portal.domain.matching.rounds import solve_in_rounds
from tests.domain.matching.markets import random_market
from tests.domain.matching.oracle import Oracle

MARKETS = int(os.environ.get("MATCHING_MARKETS", "2000"))
PARTS = 20


def by_rounds(market: Market) -> dict[str, str]:
    indexed = index(market)
    found = indexed.named([int(each) for each in solve_in_rounds(indexed.problem)])
    return dict(sorted((found | dict(market.fixed)).items()))


@pytest.mark.parametrize("part", range(PARTS))
def test_everybody_agrees(part: int) -> None:
    for seed in range(part, MARKETS, PARTS):
        market = random_market(seed, has_caps=seed % 2 == 1, students=4 + (seed % 5 == 0))
        oracle = Oracle(market)
        found = match(market)
        assert found == by_rounds(market) == best_for_students(market), seed
        stable = oracle.stable()
        assert found in stable, seed
        # with caps the best is among those that the caps' own rule would leave; all of them are stable
        settled = oracle.stable_by_choice() if market.caps else stable
        assert oracle.best_of(settled) == found, seed
        assert all(each in stable for each in settled), seed
        assert check(market, found).is_good, seed


@pytest.mark.parametrize("seed", range(0, 400, 7))
def test_the_checker_finds_every_blocking_pair_of_every_matching(seed: int) -> None:
    market = random_market(seed, has_caps=seed % 2 == 1, students=4)
    oracle = Oracle(market)
    best = match(market)
    for matching in oracle.matchings():
        findings = check(market, matching)
        assert findings.is_feasible
        assert findings.blocking_pairs == tuple(sorted(oracle.blocking_pairs(matching)))
        assert findings.is_student_optimal == (matching == best)
