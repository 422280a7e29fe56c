"""What must hold in every market."""

from __future__ import annotations

import random
from collections.abc import Callable, Iterator
from dataclasses import replace
from itertools import permutations
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from portal.domain.matching import (
    Company,
    Market,
    check,
    format_market,
    format_result,
    match,
    parse_market,
    read_market,
    solve,
)
from portal.domain.matching.one_by_one import solve_one_by_one
from portal.domain.matching.problem import Problem
from portal.domain.matching.rounds import solve_in_rounds
from tests.domain.matching.markets import market_values, random_market


def shuffled(value: Any, chance: random.Random) -> Any:
    """The same file with its members, tiers, vetoes and pairs in another order."""
    if not isinstance(value, dict):
        return value
    keys = chance.sample(list(value), len(value))
    return {key: shuffled(value[key], chance) for key in keys}


def shuffled_market(value: dict[str, Any], seed: int) -> Market:
    chance = random.Random(seed)
    value = shuffled(value, chance)
    value["vetoes"] = chance.sample(value.get("vetoes", []), len(value.get("vetoes", [])))
    for company in value["companies"].values():
        company["students"] = [
            chance.sample(tier, len(tier)) if isinstance(tier, list) else tier for tier in company["students"]
        ]
    return read_market(value)


@given(market_values(students=9))
def test_stable_and_best_for_students(value: dict[str, Any]) -> None:
    market = read_market(value)
    assert check(market, match(market)).is_good


@given(market_values(), st.integers(0, 1000))
def test_the_order_of_the_input_changes_nothing(value: dict[str, Any], seed: int) -> None:
    assert format_result(solve(read_market(value))) == format_result(solve(shuffled_market(value, seed)))


@given(market_values())
def test_writing_and_reading_is_the_same_market(value: dict[str, Any]) -> None:
    market = read_market(value)
    content = format_market(market)
    assert parse_market(content) == market
    assert format_market(parse_market(content)) == content


@given(market_values(has_caps=False), st.data())
def test_one_more_seat_hurts_no_student(value: dict[str, Any], data: st.DataObject) -> None:
    """Caps are left out: a seat there can cost the seat of another company."""
    market = read_market(value)
    posting = data.draw(st.sampled_from(sorted(market.postings)))
    more = read_market(value)
    wider = replace(more.postings[posting], capacity=more.postings[posting].capacity + 1)
    host = more.companies[wider.company]
    more = replace(
        more,
        postings={**more.postings, posting: wider},
        companies={**more.companies, wider.company: Company(host.capacity + 1, host.tiers)},
    )
    before, after = match(market), match(more)
    for student, wanted in market.students.items():
        assert rank(wanted, after.get(student)) <= rank(wanted, before.get(student))


def rank(wanted: tuple[str, ...], posting: str | None) -> int:
    return wanted.index(posting) if posting in wanted else len(wanted)


@given(market_values(students=3))
def test_no_lie_helps_a_student(value: dict[str, Any]) -> None:
    """Every list that a student could hand in, with and without caps."""
    assert not any(gains(match, read_market(value)))


def test_a_mechanism_that_rewards_lies_is_found_out() -> None:
    """Mutant: first choices first, whatever the company would rather have."""
    markets = (random_market(seed, students=3, has_fixed=False) for seed in range(200))
    assert any(any(gains(first_choices_first, market)) for market in markets)


def gains(
    mechanism: Callable[[Market], dict[str, str]], market: Market
) -> Iterator[tuple[str, tuple[str, ...]]]:
    """Students and lies by which they obtain something that they like better."""
    honest = mechanism(market)
    for student, wanted in market.students.items():
        for length in range(len(market.postings) + 1):
            for lie in permutations(sorted(market.postings), length):
                told = mechanism(replace(market, students={**market.students, student: lie}))
                if rank(wanted, told.get(student)) < rank(wanted, honest.get(student)):
                    yield student, lie


def first_choices_first(market: Market) -> dict[str, str]:
    """Immediate acceptance: who has a seat keeps it."""
    found: dict[str, str] = {}
    for position in range(len(market.postings)):
        for company in sorted(market.companies):
            for student in (each for tier in market.companies[company].tiers for each in tier):
                wanted = market.students[student][position : position + 1]
                if student in found or not wanted or market.postings[wanted[0]].company != company:
                    continue
                hosted = [p for p in found.values() if market.postings[p].company == company]
                posting, places = market.postings[wanted[0]], market.companies[company].capacity
                if hosted.count(wanted[0]) < posting.capacity and len(hosted) < places:
                    found[student] = wanted[0]
    return found


@given(st.integers(0, 2**32 - 1))
def test_one_by_one_and_in_rounds_are_the_same(seed: int) -> None:
    problem = random_problem(random.Random(seed))
    assert solve_in_rounds(problem).tolist() == solve_one_by_one(problem)


def random_problem(chance: random.Random) -> Problem:
    """Up to 60 students, 20 postings of 8 companies, sometimes caps with targets also below 0."""
    n, c, p = chance.randint(0, 60), chance.randint(1, 8), chance.randint(1, 20)
    company_of = [chance.randrange(c) for _ in range(p)]
    order_of = [chance.sample(range(n), n) for _ in range(c)]
    starts, wanted, ranks = [0], [], []
    for student in range(n):
        for posting in chance.sample(range(p), chance.randint(0, min(p, 8))):
            wanted.append(posting)
            ranks.append(order_of[company_of[posting]][student])
        starts.append(len(wanted))
    seats = [chance.randint(0, 5) for _ in range(p)]
    places = [chance.randint(0, 12) for _ in range(c)]
    if chance.random() < 0.4:
        return Problem(starts, wanted, ranks, company_of, seats, places)
    caps = chance.randint(1, 3)
    return Problem(
        starts, wanted, ranks, company_of, seats, places,
        cap_of=[chance.randint(-1, caps - 1) for _ in range(c)],
        room=[chance.randint(0, 15) for _ in range(caps)],
        targets=[chance.randint(-2, 6) for _ in range(c)],
        order=chance.sample(range(c), c),
    )  # fmt: skip
