"""Who moves is counted without telling which posting anybody likes more; names stand behind a reason."""

from __future__ import annotations

import pytest

from portal.domain.matching.comparing import Turn
from portal.matching.pages import moves_words
from portal.matching.services.outputs import told_moves


@pytest.mark.parametrize(
    ("better", "worse", "shown"),
    [
        (0, 0, [0, 0]), (1, 0, [None, None]), (0, 1, [None, None]), (9, 0, [None, None]), (3, 2, [None, None]),
        (9, 2, [None, None]), (4, 9, [None, None]), (9, 8, [9, 8]), (5, 5, [5, 5]),
    ],
)  # fmt: skip
def test_better_and_worse_are_told_only_where_neither_is_few(
    better: int, worse: int, shown: list[int | None]
) -> None:
    counts = {Turn.BETTER: better, Turn.WORSE: worse, Turn.ELSEWHERE: 1, Turn.PLACED: 1, Turn.UNPLACED: 2}
    told = told_moves(counts)
    assert moves_words({"moves": told}) == [better + worse + 1, *shown, 1, 2]
    assert set(told) == {"elsewhere", "better", "worse", "placed", "unplaced"}  # nothing else stands open
