"""Steps in lists."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from portal.domain.internships.ranking import OF_ONE_LIST, Ranking, Step, put, rearranged


@pytest.mark.parametrize(
    ("step", "item", "after"),
    [
        (Step.FIRST, 3, [3, 1, 2]),
        (Step.UP, 2, [2, 1, 3]),
        (Step.UP, 1, [1, 2, 3]),
        (Step.DOWN, 1, [2, 1, 3]),
        (Step.DOWN, 3, [1, 2, 3]),
        (Step.LAST, 1, [2, 3, 1]),
        (Step.LAST, 9, [1, 2, 3, 9]),
        (Step.FIRST, 9, [9, 1, 2, 3]),
        (Step.UP, 9, [1, 2, 3]),
        (Step.REMOVE, 2, [1, 3]),
        (Step.REMOVE, 9, [1, 2, 3]),
    ],
)
def test_a_step_in_a_list(step: Step, item: int, after: list[int]) -> None:
    assert rearranged([1, 2, 3], item, step) == after


def test_a_place_beyond_the_ends_is_an_end() -> None:
    assert (put([1, 2], 9, -5), put([1, 2], 9, 99), put([1, 2, 9], 9, 1)) == ([9, 1, 2], [1, 2, 9], [1, 9, 2])


def test_steps_between_tiers() -> None:
    given = Ranking.of([[1], [2, 3], [4]], [5])
    assert given.step(2, Step.UP).tiers == ((1,), (2,), (3,), (4,))
    assert given.step(2, Step.DOWN).tiers == ((1,), (3,), (2,), (4,))
    assert given.step(4, Step.UP).tiers == ((1,), (4,), (2, 3))
    assert given.step(1, Step.DOWN).tiers == ((2, 3), (1,), (4,))
    assert given.step(4, Step.TIE).tiers == ((1,), (2, 3, 4))
    assert given.step(3, Step.TIE).tiers == ((1, 3), (2,), (4,))
    assert given.step(1, Step.TIE) == given == given.step(5, Step.TIE)
    assert given.step(1, Step.UP) == given == given.step(4, Step.DOWN)
    assert given.step(5, Step.LAST) == Ranking.of([[1], [2, 3], [4], [5]], [])
    assert given.step(1, Step.REFUSE) == Ranking.of([[2, 3], [4]], [5, 1])
    assert given.step(4, Step.REMOVE) == Ranking.of([[1], [2, 3]], [5])
    assert given.step(9, Step.UP) == given
    assert given.tied(5, 1).tiers == ((1, 5), (2, 3), (4,))
    assert given.tied(1, 5) == given == given.tied(1, 1)


def test_a_gap_is_counted_on_the_page_that_was_seen() -> None:
    given = Ranking.of([[1], [2, 3], [4]], [5])
    assert given.between(1, 2).tiers == ((2, 3), (1,), (4,))
    assert given.between(1, 1) == given == given.between(1, 0)
    assert given.between(2, 3).tiers == ((1,), (3,), (4,), (2,))
    assert given.between(5, 0) == Ranking.of([[5], [1], [2, 3], [4]], [])


def test_the_rest_is_tied_at_the_end() -> None:
    given = Ranking.of([[1]], [5])
    assert given.with_rest([1, 2, 3, 5]) == Ranking.of([[1], [2, 3]], [5])
    assert given.with_rest([1, 5]) == given


NUMBERS = st.integers(1, 8)


@given(st.lists(st.tuples(NUMBERS, st.sampled_from(Step)), max_size=40))
def test_whatever_is_pressed_everybody_stands_in_one_place(presses: list[tuple[int, Step]]) -> None:
    ranking, order = Ranking(), list[int]()
    for who, step in presses:
        ranking, order = (
            ranking.step(who, step),
            rearranged(order, who, step) if step in OF_ONE_LIST else order,
        )
        everybody = [each for tier in ranking.tiers for each in tier] + list(ranking.unacceptable)
        assert len(everybody) == len(set(everybody))
        assert all(ranking.tiers)
        assert len(order) == len(set(order))


@given(st.permutations(range(1, 7)), st.lists(st.booleans(), min_size=6, max_size=6))
def test_every_order_with_ties_can_be_reached_by_two_buttons(order: list[int], joins: list[bool]) -> None:
    ranking = Ranking()
    for who, is_tied in zip(order, joins, strict=True):
        ranking = ranking.step(who, Step.LAST)
        ranking = ranking.step(who, Step.TIE) if is_tied else ranking
    wanted: list[list[int]] = []
    for who, is_tied in zip(order, joins, strict=True):
        if is_tied and wanted:
            wanted[-1].append(who)
        else:
            wanted.append([who])
    assert ranking == Ranking.of(wanted, [])
