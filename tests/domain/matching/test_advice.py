"""The largest stable matching against every way to settle the ties, and what the adviser proposes."""

from __future__ import annotations

import json
import sys
from dataclasses import replace
from itertools import permutations, product
from pathlib import Path

import pytest

from portal.domain.matching import Market, Recipe, generate, match, read_market
from portal.domain.matching.advice import SolverMissingError, advise, largest_stable
from portal.domain.matching.attempts import SplitTier, changed
from tests.domain.matching.markets import FORMAT, random_market
from tests.domain.matching.oracle import Oracle


def every_settling(market: Market) -> list[Market]:
    """The market with its ties told apart in every way; few ties, or this is long."""
    names = sorted(market.companies)
    orders = []
    for name in names:
        ways = [list(permutations(tier)) for tier in market.companies[name].tiers]
        orders.append([tuple((s,) for tier in way for s in tier) for way in product(*ways)])
    return [
        replace(
            market,
            companies={n: replace(market.companies[n], tiers=t) for n, t in zip(names, way, strict=True)},
        )
        for way in product(*orders)
    ]


@pytest.mark.parametrize("part", range(4))
def test_no_settling_of_ties_places_more(part: int) -> None:
    """Mutant: a programme without its rows of stability places more than any stable matching."""
    tried = 0
    for seed in range(part, 160, 4):
        market = random_market(seed, students=5)
        settlings = every_settling(market) if ways(market) <= 100 else []
        if settlings:
            tried += 1
            largest = largest_stable(market, 10)
            assert largest.is_proven
            assert len(largest.matching) == largest.bound == max(len(match(each)) for each in settlings), seed
            assert largest.matching in list(Oracle(market).matchings())
    assert tried > 20


def ways(market: Market) -> int:
    number = 1
    for company in market.companies.values():
        for tier in company.tiers:
            number *= len(list(permutations(tier)))
    return number


@pytest.mark.parametrize("seed", range(1, 40, 2))
def test_caps_hold_and_nobody_is_lost(seed: int) -> None:
    market = random_market(seed, students=5, has_caps=True)
    largest = largest_stable(market, 10)
    assert len(largest.matching) >= len(match(market))
    assert largest.matching in list(Oracle(market).matchings()) or largest.matching == match(market)


def test_the_smallest_instance_whose_sizes_differ() -> None:
    instance = json.loads((Path(__file__).parent / "instances" / "hrt_two_sizes.json").read_text())
    market = read_market(
        {
            "format": FORMAT,
            "students": instance["residents"],
            "postings": {h: {"company": h, "capacity": 1} for h in instance["hospitals"]},
            "companies": {
                h: {"capacity": 1, "students": tiers} for h, tiers in instance["hospitals"].items()
            },
            # a draw in which r2 comes first and r1 is left without
            "lottery": {"round": "r", "secret": next(f"{n:02x}" for n in range(99) if is_small(instance, n))},
        }
    )
    advice = advise(market)
    assert (advice.placed, len(advice.largest.matching)) == (1, instance["expected"]["max_size"])
    assert advice.single[0].change == SplitTier("h1", 0, (("r1",), ("r2",)))
    assert advice.single[0].gain == 1
    assert len(match(changed(market, [advice.steps[0].change]))) == 2


def is_small(instance: dict[str, dict[str, list[str]]], secret: int) -> bool:
    from portal.domain.matching import Lottery
    from portal.domain.matching.lottery import in_order, numbers

    return in_order(numbers(Lottery("r", f"{secret:02x}"), ["r1", "r2"]), ["r1", "r2"])[0] == "r2"


def test_steps_add_up() -> None:
    market = generate(Recipe(40, 20, 5, listed=3, ties=0.9))
    advice = advise(market, time_limit=5)
    after = changed(market, [])
    for step in advice.steps:
        before = len(match(after))
        after = changed(after, [step.change])
        assert len(match(after)) - before == step.gain > 0
    assert len(match(after)) <= advice.largest.bound


def test_without_the_solver_it_says_what_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "highspy", None)
    with pytest.raises(SolverMissingError, match="highspy"):
        largest_stable(random_market(1), 1)
