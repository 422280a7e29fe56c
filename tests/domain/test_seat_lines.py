"""Lines of an invoice are shared out among its arrangements of seats: each once, whatever was mended or moved.

Mutants that must fail here: the first line alike for everybody; rows taken before what says just so; anything told where the
numbers differ.
"""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from portal.domain.seat_lines import Said, lines_of_each
from portal.domain.tax import TaxCategory

T10, FREE = TaxCategory.STANDARD_10, TaxCategory.EXEMPT
SAID = st.tuples(
    st.integers(1, 3), st.sampled_from([0, 150_000, 200_000, 300_000]), st.sampled_from([T10, FREE])
)


def said(*pairs: tuple[int, int], tax: TaxCategory = T10) -> list[Said]:
    return [(seats, price, tax) for seats, price in pairs]


@pytest.mark.parametrize(
    ("agreed", "lines", "found"),
    [
        (said((2, 300), (4, 200)), said((2, 300), (4, 200)), [[0], [1]]),
        (said((2, 300), (4, 200)), said((4, 200), (2, 300)), [[1], [0]]),
        (said((2, 300), (4, 200)), said((4, 150), (2, 300)), [[1], [0]]),  # moved, one mended
        (said((2, 300), (4, 200)), said((4, 150), (2, 250)), [[1], [0]]),  # moved, both mended
        (said((2, 300), (2, 200)), said((2, 200), (2, 200)), [[0], [1]]),
        (said((2, 200), (2, 300)), said((2, 200), (2, 200)), [[0], [1]]),
        (said((2, 300), (3, 200)), said((3, 300), (2, 200)), [[0], [1]]),  # row by row, other seats
        (said((2, 300), (2, 300)), said((2, 300), (2, 300)), [[0], [1]]),
        (said((2, 300), (2, 200)), said((2, 200), (2, 300), tax=FREE), [[1], [0]]),  # moved, another tax
        (said((2, 300), (4, 200)), said((1, 100), (3, 500)), [[0], [1]]),  # nothing but the order
        (said((2, 300), (4, 200)), said((4, 200)), [[], [0]]),
        (said((2, 300), (2, 200)), said((2, 250)), [[], []]),
        (said((2, 300), (4, 200)), said((1, 300), (4, 200), (1, 300)), [[0, 2], [1]]),
        (said((2, 300)), [*said((1, 150)), *said((1, 150), tax=FREE)], [[0]]),
        (said((2, 300)), said((1, 300), (1, 300), tax=FREE), [[0, 1]]),
        (said((2, 300)), [], [[]]),
        ([], said((2, 300)), []),
    ],
)
def test_lines_are_told(agreed: list[Said], lines: list[Said], found: list[list[int]]) -> None:
    assert lines_of_each(agreed, lines) == found


@given(st.lists(SAID, max_size=4), st.lists(SAID, max_size=5))
def test_each_line_is_borne_once(agreed: list[Said], lines: list[Said]) -> None:
    found = lines_of_each(agreed, lines)
    given_out = [line for each in found for line in each]
    assert len(found) == len(agreed)
    assert len(given_out) == len(set(given_out))
    if len(agreed) == len(lines):
        assert sorted(given_out) == list(range(len(lines)))


@given(st.lists(SAID, max_size=5).flatmap(lambda them: st.tuples(st.just(them), st.permutations(them))))
def test_lines_that_only_moved_are_found_again(both: tuple[list[Said], list[Said]]) -> None:
    agreed, lines = both
    assert [[lines[line] for line in each] for each in lines_of_each(agreed, lines)] == [
        [one] for one in agreed
    ]
