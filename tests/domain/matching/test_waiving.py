"""Waivers, comparisons, records of changes and small cells."""

from __future__ import annotations

import json

import pytest
from hypothesis import given

from portal.domain.matching import Recipe, format_result, generate, match, read_market, solve
from portal.domain.matching.attempts import WrongOverrideError, changed
from portal.domain.matching.checking import check, find_blocking_pairs
from portal.domain.matching.comparing import Moved, Turn, compare
from portal.domain.matching.overrides import all_alike, override_value, put_first, read_override
from portal.domain.matching.results import hash_of_result
from portal.domain.matching.waiving import Waiver, WaiverImpossibleError, waive, waived_result
from tests.domain.matching.markets import market_values


@given(market_values())
def test_nobody_blocks_a_stable_matching_and_a_waiver_names_who_does(value: dict[str, object]) -> None:
    market = read_market(value)
    matching = match(market)
    assert find_blocking_pairs(market, matching) == ()
    result = json.loads(format_result(solve(market)))
    for student in sorted(market.students):
        for posting in [*sorted(market.postings), None]:
            try:
                done = waive(market, matching, Waiver(student, posting))
            except WaiverImpossibleError:
                continue
            listed = posting is None or posting in market.students[student]
            findings = check(market, done.matching)
            if findings.is_feasible:
                assert done.blocking == findings.blocking_pairs
                assert listed
            value_of = waived_result(market, result, Waiver(student, posting))
            assert value_of["matching"].get(student) == posting
            assert value_of["record"]["result_sha256"] == hash_of_result(value_of)
            assert sum(value_of["statistics"]["by_rank"].values()) <= len(done.matching)


def test_who_moves_is_said_in_words() -> None:
    lists = {"a": ["p", "q"], "b": ["p", "q"], "c": ["p"], "d": ["q"], "e": ["p"]}
    before = {"a": "p", "b": "q", "c": "p", "e": "p"}
    after = {"a": "q", "b": "p", "d": "q", "e": "x"}
    assert compare(lists, before, after) == (
        Moved("a", Turn.WORSE, "p", "q"),
        Moved("b", Turn.BETTER, "q", "p"),
        Moved("c", Turn.UNPLACED, "p", None),
        Moved("d", Turn.PLACED, None, "q"),
        Moved("e", Turn.ELSEWHERE, "p", "x"),
    )


def test_changes_come_back_from_their_record() -> None:
    market = generate(Recipe(30, 5, 1, ties=0.7))
    company = max(market.companies, key=lambda name: max(map(len, market.companies[name].tiers), default=0))
    some = max(market.companies[company].tiers, key=len)[:1]
    for override in [*put_first(market, company, some), *all_alike(market, company)]:
        assert read_override(json.loads(json.dumps(override_value(override)))) == override
    flat = changed(market, all_alike(market, company))
    assert len(flat.companies[company].tiers) == 1
    assert (
        changed(market, put_first(market, company, some)).companies[company].tiers
        != market.companies[company].tiers
    )
    for bad in (
        {},
        {"kind_of_change": "x"},
        {"kind_of_change": "lottery"},
        {"kind_of_change": "cap_limit", "kind": "x"},
    ):
        with pytest.raises(WrongOverrideError):
            read_override(bad)
