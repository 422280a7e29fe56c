"""Worked instances from papers and from other programs, with the answers that these publish."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from portal.domain.matching import Market, check, match, read_market
from tests.domain.matching.markets import FORMAT
from tests.domain.matching.oracle import Oracle

INSTANCES = {
    path.stem: json.loads(path.read_text()) for path in (Path(__file__).parent / "instances").glob("*.json")
}


def market_of(instance: dict[str, Any]) -> Market:
    """Residents are students, a hospital is a company with one posting of its name."""
    if "students" in instance:
        return read_market(
            {"format": FORMAT, **{key: instance[key] for key in ("students", "postings", "companies")}}
        )
    capacities = instance["capacities"]
    return read_market(
        {
            "format": FORMAT,
            "students": instance["residents"],
            "postings": {h: {"company": h, "capacity": capacities[h]} for h in capacities},
            "companies": {
                h: {"capacity": capacities[h], "students": instance["hospitals"][h]} for h in capacities
            },
        }
    )


@pytest.mark.parametrize("name", ["nrmp_8x4", "matching_readme_hr_5x3", "matching_docs_spa_5x4x2"])
def test_published_answer(name: str) -> None:
    expected = INSTANCES[name]["expected"]
    answer = expected.get("resident_optimal") or expected["student_optimal"]
    market = market_of(INSTANCES[name])
    assert match(market) == {student: posting for student, posting in answer.items() if posting}
    assert check(market, match(market)).is_good


def test_the_nrmp_example_has_one_stable_matching() -> None:
    oracle = Oracle(market_of(INSTANCES["nrmp_8x4"]))
    assert len(oracle.stable()) == INSTANCES["nrmp_8x4"]["expected"]["n_stable"]


def test_a_tie_decides_how_many_are_placed() -> None:
    """Each lottery gives one of the two sizes, and both occur."""
    instance = INSTANCES["hrt_two_sizes"]
    value = {"lottery": {"round": "r", "secret": "00"}}
    sizes = set()
    for secret in range(32):
        market = market_of(instance)
        value["lottery"]["secret"] = f"{secret:02x}"
        drawn = Market(market.students, market.postings, market.companies, lottery=read_lottery(value))
        sizes.add(len(match(drawn)))
        assert check(drawn, match(drawn)).is_good
    assert sorted(sizes) == instance["expected"]["weakly_stable_sizes"]


def read_lottery(value: dict[str, Any]) -> Any:
    return read_market({"format": FORMAT, "students": {}, "postings": {}, "companies": {}, **value}).lottery
