"""What if: each change does what it says, and the comparison names who moves."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given

from portal.domain.matching import CapKind, Lottery, MalformedFileError, match, read_market
from portal.domain.matching.attempts import (
    AddedVeto,
    Attempt,
    CapLimit,
    CompanyCapacity,
    MergedTiers,
    Move,
    Override,
    PostingCapacity,
    SplitTier,
    WrongOverrideError,
    attempt,
    changed,
)
from portal.domain.matching.explaining import Constraint, ConstraintKind
from tests.domain.matching.markets import FORMAT, market_values

BASE = read_market(
    {
        "format": FORMAT,
        "students": {"a": ["p", "q"], "b": ["p"], "d": ["q"]},
        "postings": {"p": {"company": "c", "capacity": 1}, "q": {"company": "e", "capacity": 1}},
        "companies": {
            "c": {"capacity": 1, "students": [["a", "b"]]},
            "e": {"capacity": 2, "students": ["a", "d"]},
        },
        "regions": {"r": {"cap": 1, "companies": {"e": 1}}},
        "lottery": {"round": "r", "secret": "00"},
    }
)  # a obtains p, d obtains q, b nothing


def test_the_base() -> None:
    assert match(BASE) == {"a": "p", "d": "q"}


@pytest.mark.parametrize(
    ("override", "matching"),
    [
        (PostingCapacity("p", 0), {"a": "q"}),
        (PostingCapacity("p", 2), {"a": "p", "d": "q"}),
        (CompanyCapacity("c", 0), {"a": "q"}),
        (AddedVeto("a", "p"), {"a": "q", "b": "p"}),
        (CapLimit(CapKind.REGION, "r", 0), {"a": "p"}),
        (CapLimit(CapKind.REGION, "r", None), {"a": "p", "d": "q"}),
        (SplitTier("c", 0, (("b",), ("a",))), {"a": "q", "b": "p"}),
        (MergedTiers("e", 0), {"a": "p", "d": "q"}),
    ],
)  # fmt: skip
def test_each_override(override: Override, matching: dict[str, str]) -> None:
    assert match(changed(BASE, [override])) == matching


def test_another_lottery_is_another_draw() -> None:
    drawn = {tuple(match(changed(BASE, [Lottery("r", f"{n:02x}")])).items()) for n in range(16)}
    assert drawn == {(("a", "p"), ("d", "q")), (("a", "q"), ("b", "p"))}


def test_the_difference() -> None:
    found = attempt(BASE, Attempt("a is vetoed", (AddedVeto("a", "p"),)))
    assert found.moves == (
        Move("a", "p", "q", 1, 2),
        Move("b", None, "p", None, 1),
        Move("d", "q", None, 1, None),
    )
    assert (found.better, found.worse) == (1, 2)
    assert found.before.by_rank == {1: 2}
    assert found.after.by_rank == {1: 1, 2: 1}
    assert found.binding_before == (Constraint(ConstraintKind.POSTING, "p"),)
    assert found.binding_after == (Constraint(ConstraintKind.POSTING, "q"),)


def test_a_cap_that_binds_is_named() -> None:
    wide = changed(BASE, [PostingCapacity("q", 2), AddedVeto("a", "p")])
    found = attempt(wide, Attempt("no cap", (CapLimit(CapKind.REGION, "r", None),)))
    assert found.binding_before == (Constraint(ConstraintKind.CAP, "r"),)
    assert found.binding_after == ()
    assert [move.student for move in found.moves] == ["d"]


@pytest.mark.parametrize(
    "override",
    [
        PostingCapacity("x", 1),
        CompanyCapacity("x", 1),
        CapLimit(CapKind.HUB, "r", 1),
        SplitTier("c", 7, (("a",),)),
        SplitTier("c", 0, (("a",), ("d",))),
        MergedTiers("e", 1),
    ],
)
def test_an_override_of_what_is_not_there(override: Override) -> None:
    with pytest.raises(WrongOverrideError):
        changed(BASE, [override])


@pytest.mark.parametrize(
    "override", [PostingCapacity("p", -1), PostingCapacity("p", 0), AddedVeto("b", "p"), AddedVeto("x", "p")]
)
def test_a_change_that_contradicts_what_stays(override: Override) -> None:
    """b was placed at p before the round."""
    with pytest.raises(MalformedFileError):
        changed(replace(BASE, fixed={"b": "p"}), [override])


@given(market_values())
def test_nothing_changed_moves_nobody(value: dict[str, Any]) -> None:
    market = read_market(value)
    found = attempt(market, Attempt("nothing", ()))
    assert found.moves == ()
    assert found.binding_before == found.binding_after
