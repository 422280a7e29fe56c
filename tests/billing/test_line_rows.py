"""Rows of a form with lines: as many as were sent, whatever else stands in the request."""

from __future__ import annotations

import pytest

from portal.billing.line_forms import MOST_LINES, rows_sent


@pytest.mark.parametrize(
    ("sent", "rows"),
    [
        ((), 3),
        (("price_2",), 3),
        (("price_7",), 7),
        ((f"price_{MOST_LINES}",), MOST_LINES),
        (("price_21",), 3),
        (("price_" + "9" * 5_000,), 3),
        (("price_\uff15", "price_", "price_-4"), 3),
    ],
)
def test_rows_are_those_of_our_own_names(sent: tuple[str, ...], rows: int) -> None:
    assert rows_sent(dict.fromkeys(sent, "1"), 3) == rows
