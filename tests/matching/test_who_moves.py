"""Who moves is counted without telling which posting anybody likes more; names stand behind a reason."""

from __future__ import annotations

import pytest

from portal.domain.matching.comparing import Turn
from portal.matching.pages import moves_words
from portal.matching.services.outputs import told_moves


@pytest.mark.parametrize(
    ("better", "worse", "shown"),
    [
        (0, 0, [None, None, None]), (1, 0, [None, None, None]), (3, 0, [None, None, None]), (9, 0, [10, None, None]),
        (3, 2, [6, None, None]), (9, 2, [12, None, None]), (4, 9, [14, None, None]), (9, 8, [18, 9, 8]), (5, 5, [11, 5, 5]),
    ],
)  # fmt: skip
def test_who_moves_is_told_only_where_none_of_it_is_few(
    better: int, worse: int, shown: list[int | None]
) -> None:
    counts = {Turn.BETTER: better, Turn.WORSE: worse, Turn.ELSEWHERE: 1, Turn.PLACED: 6, Turn.UNPLACED: 2}
    told = told_moves(counts)
    assert moves_words({"moves": told}) == [*shown, None, None]
    assert moves_words({"moves": told_moves(counts | {Turn.UNPLACED: 5})})[3:] == [6, 5]
    assert (
        moves_words({"moves": {"elsewhere": 1, "better": 1, "worse": 0, "placed": 9, "unplaced": 0}})
        == [None] * 5
    )  # kept before
    assert set(told) == {"elsewhere", "better", "worse", "placed", "unplaced"}  # nothing else stands open
