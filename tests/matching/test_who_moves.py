"""Who moves stands by name without telling which posting anybody likes more."""

from __future__ import annotations

import pytest

from portal.domain.matching.comparing import Turn
from portal.matching.pages import ELSEWHERE, TURNS, _turns, moves_words


def test_better_and_worse_are_one_word_beside_a_name() -> None:
    moved = [["s1", "better", "p1", "p2"], ["s2", "worse", "p2", "p1"], ["s3", "placed", None, "p3"]]
    assert _turns(moved, {"s1": "甲", "s2": "乙", "s3": "丙"}) == [
        (ELSEWHERE, ["乙", "甲"]),
        (TURNS[Turn.PLACED], ["丙"]),
    ]


@pytest.mark.parametrize(
    ("better", "worse", "shown"),
    [(0, 0, [0, 0]), (1, 0, [None, 0]), (3, 2, [None, None]), (9, 2, [None, None]), (9, 8, [9, 8])],
)
def test_few_are_not_counted_by_what_they_like(better: int, worse: int, shown: list[int | None]) -> None:
    figures = {"moves": {"better": better, "worse": worse, "placed": 1, "unplaced": 2, "elsewhere": 0}}
    assert moves_words(figures) == [*shown, 1, 2]
