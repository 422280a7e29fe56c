"""Counts that are shown tell of no few people: not by themselves, not by their sum, not beside another picture."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from portal.domain.matching.small_cells import hidden_cells, hidden_ranks, hidden_table, is_near

COUNTS = st.dictionaries(st.integers(1, 9), st.integers(0, 30), max_size=9)


@given(COUNTS)
def test_no_small_cell_can_be_worked_out_from_the_sum(counts: dict[int, int]) -> None:
    shown = hidden_cells(counts)
    hidden = [counts[key] for key, count in shown.items() if count is None]
    assert all(count is None or count == counts[key] for key, count in shown.items())
    assert not any(0 < count < 5 for count in shown.values() if count is not None)
    assert len(hidden) in (0, len(counts)) or (len(hidden) > 1 and sum(hidden) >= 5)
    assert (
        not hidden or len(hidden) == len(counts) or any(shown.values())
    )  # noughts alone would say where all are


@given(COUNTS)
def test_a_rank_that_everybody_obtained_is_not_told(counts: dict[int, int]) -> None:
    shown = hidden_ranks(counts)
    people = sum(counts.values())
    assert not people or all(count != people for count in shown.values())
    assert shown == hidden_cells(counts) or set(shown.values()) == {None}


@pytest.mark.parametrize("counts", [{1: 4}, {1: 3, 2: 0, 3: 0}, {1: 0, 2: 2}, {1: 0, 2: 9}, {1: 40}])
def test_one_cell_among_noughts_is_hidden_with_them(counts: dict[int, int]) -> None:
    assert set(hidden_ranks(counts).values()) == {None}


def test_a_table_with_both_sums_known_is_shown_whole_or_not_at_all() -> None:
    assert hidden_table({"a": 20, "b": 3, "c": 37, "d": 60}) == dict.fromkeys("abcd")
    assert hidden_table({"a": 20, "b": 0, "c": 37}) == {"a": 20, "b": 0, "c": 37}


@pytest.mark.parametrize(
    ("other", "near"),
    [
        ({1: 7, 2: 7}, False), ({1: 6, 2: 8}, True), ({1: 11, 2: 3}, True), ({1: 12, 2: 12}, False),
        ({1: None, 2: None}, False), ({1: None, 2: 8}, True), ({}, False),
    ],
)  # fmt: skip
def test_what_differs_by_few_is_near(other: dict[int, int | None], near: bool) -> None:
    assert is_near([(1, 7), (2, 7)], other) is near
