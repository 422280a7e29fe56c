"""Malformed files are refused with every fault at its path."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from portal.domain.exchange.faults import MOST_FAULTS
from portal.domain.matching import MalformedFileError, parse_market, read_market

GOOD: dict[str, Any] = {
    "format": "renkei-matching/1",
    "students": {"s1": ["p1", "p2"], "s2": ["p2"]},
    "postings": {
        "p1": {"company": "c1", "capacity": 1},
        "p2": {"company": "c1", "capacity": 2, "minimum": 1},
    },
    "companies": {"c1": {"capacity": 2, "students": ["s1", ["s2", "s9"]]}},
    "vetoes": [["s1", "p2"]],
    "fixed": [["s9", "p1"]],
    "regions": {"r1": {"cap": 2, "companies": {"c1": 1}}},
    "lottery": {"round": "2026-main", "secret": "00ff"},
}


def faults_of(content: bytes) -> list[str]:
    with pytest.raises(MalformedFileError) as caught:
        parse_market(content)
    return [f"{fault.path} {fault.code}" for fault in caught.value.faults]


def changed(path: list[Any], value: Any) -> bytes:
    made = json.loads(json.dumps(GOOD))
    inner = made
    for key in path[:-1]:
        inner = inner[key]
    inner[path[-1]] = value
    return json.dumps(made).encode()


def test_the_example_is_read() -> None:
    market = read_market(GOOD)
    assert market.fixed == {"s9": "p1"}
    assert market.companies["c1"].tiers == (("s1",), ("s2", "s9"))
    assert market.everybody == ["s1", "s2", "s9"]


@pytest.mark.parametrize(
    ("path", "value", "fault"),
    [
        (["format"], "renkei-matching/2", "$.format wrong_format"),
        (["students", "s1", 1], "p7", "$.students.s1[1] unknown_posting"),
        (["students", "s1", 1], "p1", "$.students.s1[1] listed_twice"),
        (["students", "s1", 1], 7, "$.students.s1[1] wrong_type"),
        (["students", "s1"], "p1", "$.students.s1 wrong_type"),
        (["students"], [], "$.students wrong_type"),
        (["students", "a b"], ["x"], '$.students["a b"][0] unknown_posting'),
        (["students", "s\0"], [], '$.students["s\\u0000"] bad_id'),
        (["students", "\ud800"], [], '$.students["\\ud800"] bad_id'),
        (["students", ""], [], '$.students[""] bad_id'),
        (["postings", "p1", "company"], "c2", "$.postings.p1.company unknown_company"),
        (["postings", "p1", "capacity"], -1, "$.postings.p1.capacity negative"),
        (["postings", "p1", "capacity"], True, "$.postings.p1.capacity wrong_type"),
        (["postings", "p1", "capacity"], 1.0, "$.postings.p1.capacity wrong_type"),
        (["postings", "p1", "capacity"], "1", "$.postings.p1.capacity wrong_type"),
        (["postings", "p1", "capacity"], None, "$.postings.p1.capacity wrong_type"),
        (["postings", "p1", "capacity"], 1_000_001, "$.postings.p1.capacity too_great"),
        (["postings", "p1", "capacity"], 10**400, "$.postings.p1.capacity too_great"),
        (["postings", "p1", "minimum"], -3, "$.postings.p1.minimum negative"),
        (["postings", "p1", "colour"], 1, "$.postings.p1.colour unknown_key"),
        (["postings", "p1"], {"company": "c1"}, "$.postings.p1.capacity missing"),
        (["companies", "c1", "students", 0], "s7", "$.companies.c1.students[0] unknown_student"),
        (["companies", "c1", "students", 0], "s2", "$.companies.c1.students[1][0] listed_twice"),
        (["companies", "c1", "students", 1], [], "$.companies.c1.students[1] empty_tier"),
        (["companies", "c1", "students", 1], ["s2", ["s9"]], "$.companies.c1.students[1][1] wrong_type"),
        (["companies", "c1", "students", 1], ["s2", "s1"], "$.companies.c1.students[1][1] listed_twice"),
        (["vetoes", 0], ["s1"], "$.vetoes[0] wrong_type"),
        (["vetoes", 0], ["s7", "p1"], "$.vetoes[0][0] unknown_student"),
        (["vetoes", 0], ["s1", "p7"], "$.vetoes[0][1] unknown_posting"),
        (["vetoes"], [["s1", "p1"], ["s1", "p1"]], "$.vetoes[1] listed_twice"),
        (["fixed"], [["s9", "p1"], ["s9", "p2"]], "$.fixed[1] fixed_twice"),
        (["fixed"], [["s9", "p1"], ["s8", "p1"]], "$.fixed[1] fixed_over_capacity"),
        (["fixed"], [["s9", "p7"]], "$.fixed[0][1] unknown_posting"),
        (["fixed"], [["s1", "p2"], ["s9", "p1"]], "$.fixed[0] fixed_vetoed"),
        (["fixed", 0, 0], "", "$.fixed[0][0] bad_id"),
        (["companies", "c1", "capacity"], 0, "$.fixed[0] fixed_over_capacity"),
        (["regions", "r1", "cap"], 0, "$.fixed[0] fixed_over_capacity"),
        (["regions", "r1", "companies", "c7"], 1, "$.regions.r1.companies.c7 unknown_company"),
        (["regions", "r1", "companies", "c1"], -1, "$.regions.r1.companies.c1 negative"),
        (["hubs"], {"h1": {"cap": 1, "companies": {"c1": 1}}}, "$.hubs.h1.companies.c1 capped_twice"),
        (["lottery", "secret"], "xyz", "$.lottery.secret bad_secret"),
        (["lottery", "secret"], "", "$.lottery.secret bad_secret"),
        (["lottery", "round"], 5, "$.lottery.round wrong_type"),
        (["lottery"], {}, "$.lottery.secret missing"),
        (["vetos"], [], "$.vetos unknown_key"),
    ],
)  # fmt: skip
def test_each_fault_has_its_path(path: list[Any], value: Any, fault: str) -> None:
    assert fault in faults_of(changed(path, value))


@pytest.mark.parametrize(
    ("content", "fault"),
    [
        (b"", "$ not_json"),
        (b"\xff\xfe", "$ not_utf8"),
        (b"[1, 2", "$ not_json"),
        (b"[]", "$ wrong_type"),
        (b"null", "$ wrong_type"),
        (b"[" * 1_000_000, "$ too_deep"),
        (b'{"a":' * 200_000, "$ too_deep"),
        (b'{"format": NaN}', "$ not_json"),
        (b'{"format": "renkei-matching/1", "format": 1}', "$.format key_twice"),
        (b'{"students": {"s1": [], "s1": []}}', "$.students.s1 key_twice"),
        (b"{}", "$.students missing"),
    ],
)
def test_what_is_no_market_at_all(content: bytes, fault: str) -> None:
    assert fault in faults_of(content)


def test_every_fault_is_listed_and_not_the_first_alone() -> None:
    made = json.loads(changed(["postings", "p1", "capacity"], -1))
    made["students"]["s2"] = ["p2", "p2", "p8"]
    made["companies"]["c1"]["capacity"] = 1.5
    made["vetoes"].append(["s1", "p2"])
    found = faults_of(json.dumps(made).encode())
    assert sorted(found) == [
        "$.companies.c1.capacity wrong_type",
        "$.fixed[0] fixed_over_capacity",
        "$.fixed[0] fixed_over_capacity",
        "$.postings.p1.capacity negative",
        "$.students.s2[1] listed_twice",
        "$.students.s2[2] unknown_posting",
        "$.vetoes[1] listed_twice",
    ]


def test_lists_of_a_million_entries() -> None:
    """One fault for a list that cannot be, at most MOST_FAULTS in memory for pairs that are all wrong."""
    assert faults_of(changed(["students", "s1"], ["p1"] * 1_000_000)) == ["$.students.s1 list_too_long"]
    assert "$.companies.c1.students list_too_long" in faults_of(
        changed(["companies", "c1", "students"], ["s1"] * 1_000_000)
    )
    with pytest.raises(MalformedFileError) as caught:
        parse_market(changed(["vetoes"], [["s1", "p1"]] * 100_000))
    assert len(caught.value.faults) == MOST_FAULTS
    assert caught.value.total == 99_999


def test_a_cycle_of_fixed_pairs() -> None:
    pairs = [["s1", "p1"], ["s2", "p2"], ["s1", "p2"], ["s2", "p1"]]
    found = faults_of(changed(["fixed"], pairs))
    assert {"$.fixed[2] fixed_twice", "$.fixed[3] fixed_twice"} <= set(found)


def test_details_are_short_ascii() -> None:
    with pytest.raises(MalformedFileError) as caught:
        parse_market(changed(["students", "s1", 0], "\ud800\n" + "é" * 200))
    fault = caught.value.faults[0]
    assert str(fault).isascii()
    assert len(str(fault)) < 200


def test_the_example_of_the_manual_is_read() -> None:
    manual = (Path(__file__).resolve().parents[3] / "docs" / "matching.md").read_text(encoding="utf-8")
    market = parse_market(manual.partition("```json\n")[2].partition("```")[0].encode())
    assert sorted(market.everybody) == ["s1", "s2", "s9"]
