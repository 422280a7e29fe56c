"""Chances over many draws agree with the draws one by one; the demand signal tells of no few."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace

import numpy as np
import pytest

from portal.domain.matching import Lottery, Recipe, generate, match, read_market
from portal.domain.matching.chances import _draws, match_chances
from portal.domain.matching.demand import Demand, demand_signal
from portal.domain.matching.market import Market
from tests.domain.matching.markets import FORMAT, random_market


@pytest.mark.parametrize("seed", range(12))
def test_draws_solved_together_are_the_draws_solved_alone(seed: int) -> None:
    """Mutant: copies that share a cap. Each draw becomes tiers of one, and is matched by itself."""
    market = random_market(seed, students=6, has_caps=seed % 2 == 1)
    students = [each for each in sorted(market.students) if each not in market.fixed]
    found: dict[str, Counter[str]] = {each: Counter() for each in students}
    for drawn in np.concatenate(list(_draws(40, len(students), 7, "x"))):
        place = dict(zip(students, drawn.tolist(), strict=True))
        for student, posting in match(settled(market, place)).items():
            if student not in market.fixed:
                found[student][posting] += 1
    together = match_chances(market, 40, "x")
    alone = match_chances_in_parts(market, 7)
    assert {s: dict(c) for s, c in found.items()} == {s: dict(pairs) for s, pairs in alone.items()}
    assert sum(together.placed.values()) == 40


def match_chances_in_parts(market: Market, at_once: int) -> dict[str, tuple[tuple[str, int], ...]]:
    """The same with memory for few draws at a time."""
    entries = max(1, sum(len(wanted) for wanted in market.students.values()))
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("portal.domain.matching.chances.AT_ONCE", at_once * entries)
        patch.setattr("portal.domain.matching.chances._draws", lambda d, n, _at, s: _draws(d, n, at_once, s))
        return dict(match_chances(market, 40, "x").of)


def settled(market: Market, place: dict[str, int]) -> Market:
    companies = {
        name: replace(
            company,
            tiers=tuple((s,) for tier in company.tiers for s in sorted(tier, key=lambda s: place.get(s, -1))),
        )
        for name, company in market.companies.items()
    }
    return replace(market, companies=companies)


def test_without_ties_every_draw_is_the_same() -> None:
    market = generate(Recipe(40, 10, 3))
    chances = match_chances(market, 50)
    assert {s: dict(pairs) for s, pairs in chances.of.items() if pairs} == {
        s: {p: 50} for s, p in match(market).items()
    }


def test_two_students_in_a_tier_have_a_half_each() -> None:
    market = read_market(
        {
            "format": FORMAT,
            "students": {"a": ["p"], "b": ["p"]},
            "postings": {"p": {"company": "c", "capacity": 1}},
            "companies": {"c": {"capacity": 1, "students": [["a", "b"]]}},
        }
    )
    chances = match_chances(replace(market, lottery=Lottery("r", "00")))
    assert 0.4 < chances.of_being_placed("a") < 0.6
    assert chances.of_being_placed("a") + chances.of_being_placed("b") == 1
    assert chances == match_chances(market)
    assert chances != match_chances(market, seed="another")


def test_small_numbers_are_hidden() -> None:
    """Mutant: a first-choice count from which those who list it lower can be worked out."""
    lists = (
        {f"s{n}": ["p", "q"] for n in range(6)} | {f"t{n}": ["q", "p"] for n in range(5)} | {"u": ["r", "q"]}
    )
    market = read_market(
        {
            "format": FORMAT,
            "students": lists,
            "postings": {p: {"company": "c", "capacity": 2} for p in "pqr"},
            "companies": {"c": {"capacity": 2, "students": []}},
        }
    )
    assert demand_signal(market) == (Demand("p", 2, 11, 6), Demand("q", 2, 12, 5), Demand("r", 2, None, None))
    assert demand_signal(market, least=6)[0] == Demand("p", 2, 11, None)
    known = {
        "p": 15,
        "q": 17,
        "r": 4,
    }  # by name to the company: were all of them listing it, it would know each list
    assert [each.listed for each in demand_signal(market, known)] == [None, 12, None]
