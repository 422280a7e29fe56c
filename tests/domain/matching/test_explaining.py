"""Each answer to a student and to a company, and that no answer speaks of others."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given

from portal.domain.matching import Filling, Market, Reason, Stage, match, read_market, solve
from tests.domain.matching.markets import FORMAT, market_values, random_market


def market_of(**sections: Any) -> Market:
    value = {
        "format": FORMAT,
        "students": {"a": ["p"], "b": ["p"]},
        "postings": {"p": {"company": "c", "capacity": 1}},
        "companies": {"c": {"capacity": 1, "students": ["a", "b"]}},
    }
    return read_market(value | sections)


def answer(market: Market, student: str, posting: str) -> Reason:
    return dict(solve(market).explanations[student])[posting]


TWO = {"p": {"company": "c", "capacity": 1}, "q": {"company": "c", "capacity": 1}}
WIDE = {"c": {"capacity": 2, "students": ["a", "b"]}}


@pytest.mark.parametrize(
    ("sections", "reason"),
    [
        ({}, Reason.FILLED_BY_HIGHER_RANKED),
        ({"companies": WIDE, "postings": {"p": {"company": "c", "capacity": 2}}}, Reason.MATCHED),
        ({"companies": {"c": {"capacity": 1, "students": ["a"]}}}, Reason.NOT_LISTED_BY_COMPANY),
        ({"vetoes": [["b", "p"]]}, Reason.VETOED),
        ({"postings": {"p": {"company": "c", "capacity": 0}}}, Reason.WITHDRAWN),
        ({"companies": {"c": {"capacity": 0, "students": ["a", "b"]}}}, Reason.WITHDRAWN),
        ({"students": {"a": ["q"], "b": ["p"]}, "postings": TWO}, Reason.COMPANY_FULL),
        ({"students": {"b": ["p"]}, "fixed": [["a", "p"]]}, Reason.COMPANY_FULL),
        (
            {"postings": {"p": {"company": "c", "capacity": 2}}, "companies": WIDE, "regions": {"r": {"cap": 1, "companies": {"c": 1}}}},
            Reason.REGION_CAP,
        ),
        ({"students": {"a": [], "b": ["q", "p"]}, "postings": TWO}, Reason.PREFERRED_OTHER),
    ],
)  # fmt: skip
def test_each_reason(sections: dict[str, Any], reason: Reason) -> None:
    assert answer(market_of(**sections), "b", "p") is reason


def test_the_lottery_is_named_when_it_decided() -> None:
    """Mutant: ties that are settled by id, so that b could never win."""
    answers = set()
    for secret in range(8):
        lottery = {"round": "r", "secret": f"{secret:02x}"}
        market = market_of(companies={"c": {"capacity": 1, "students": [["a", "b"]]}}, lottery=lottery)
        answers.add((answer(market, "a", "p"), answer(market, "b", "p")))
    lost = Reason.LOST_LOTTERY_IN_TIER
    assert answers == {(Reason.MATCHED, lost), (lost, Reason.MATCHED)}


@pytest.mark.parametrize(
    ("sections", "filling"),
    [
        ({}, Filling.FILLED),
        ({"students": {"a": [], "b": []}}, Filling.NO_CANDIDATE_LEFT),
        ({"students": {"a": ["q"], "b": []}, "postings": TWO}, Filling.COMPANY_FULL),
        ({"postings": {"p": {"company": "c", "capacity": 0}}}, Filling.WITHDRAWN),
        ({"postings": TWO, "companies": WIDE, "hubs": {"h": {"cap": 0, "companies": {"c": 0}}}}, Filling.REGION_CAP),
    ],
)  # fmt: skip
def test_each_filling(sections: dict[str, Any], filling: Filling) -> None:
    assert solve(market_of(**sections)).postings[0].filling is filling


def test_a_missed_lower_quota_is_flagged_and_not_forced() -> None:
    wanted = {"postings": {"p": {"company": "c", "capacity": 1, "minimum": 1}}}
    market = market_of(**wanted, companies={"c": {"capacity": 1, "students": [], "minimum": 1}})
    solution = solve(market)
    assert solution.matching == {}
    assert [each.is_below_minimum for each in solution.postings] == [True]
    assert solution.companies_below_minimum == ("c",)


def test_what_a_cap_costs_is_what_its_absence_gives() -> None:
    for seed in range(1, 200, 2):
        market = random_market(seed, has_caps=True)
        for cap, told in zip(market.caps, solve(market).caps, strict=True):
            without = match(replace(market, caps=tuple(each for each in market.caps if each is not cap)))
            assert len(without) - len(match(market)) == told.lost
            assert told.is_binding == (without != match(market))


@given(market_values())
def test_every_posting_of_every_list_is_explained_and_agrees_with_the_match(value: dict[str, Any]) -> None:
    """Mutant: an answer that falls through to a cap where there is none."""
    market = read_market(value)
    solution = solve(market)
    capped = {company for cap in market.caps for company in cap.targets}
    for student, wanted in market.students.items():
        answers = solution.explanations[student]
        assert tuple(posting for posting, _reason in answers) == wanted
        for posting, reason in answers:
            assert (reason is Reason.MATCHED) == (solution.matching.get(student) == posting)
            assert reason is not Reason.REGION_CAP or market.postings[posting].company in capped
            full = solution.postings[sorted(market.postings).index(posting)].filling is Filling.FILLED
            assert reason is not Reason.FILLED_BY_HIGHER_RANKED or full


@given(market_values())
def test_statistics_add_up(value: dict[str, Any]) -> None:
    market = read_market(value)
    solution = solve(market)
    counted = solution.statistics
    assert counted.matched == sum(counted.by_rank.values()) + counted.fixed == len(solution.matching)
    assert counted.students == counted.matched + len(solution.unmatched)
    assert sum(each.filled for each in solution.postings) == counted.matched


def test_whoever_waits_hears_of_each_stage_in_order() -> None:
    heard: list[Stage] = []
    solve(market_of(), heard.append)
    assert heard == list(Stage)
