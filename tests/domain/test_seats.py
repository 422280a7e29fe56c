"""The price of extra seats for the rest of a term."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from portal.domain.seats import cost_of_seats, last_day_to_agree
from portal.domain.tax import RoundingMode, TaxCategory
from portal.domain.tier_change import Proration, remaining_of

FIRST, LAST = date(2026, 4, 1), date(2027, 3, 31)
T10 = TaxCategory.STANDARD_10


@given(st.integers(1, 100), st.integers(0, 5_000_000), st.integers(0, 364), st.sampled_from(Proration))
def test_a_share_is_never_dearer_than_the_year(seats: int, price: int, day: int, way: Proration) -> None:
    rest = remaining_of(FIRST, LAST, FIRST + timedelta(days=day), way)
    cost = cost_of_seats(seats, price, T10, rest, RoundingMode.FLOOR)
    assert cost.totals.net_yen == cost.unit_yen * seats <= price * seats
    assert cost.totals.tax_yen == cost.totals.net_yen // 10


def test_no_seat_is_no_arrangement_and_an_offer_has_thirty_days() -> None:
    with pytest.raises(ValueError, match="one seat"):
        cost_of_seats(0, 1, T10, remaining_of(FIRST, LAST, FIRST, Proration.BY_DAY), RoundingMode.FLOOR)
    assert last_day_to_agree(FIRST, LAST) == date(2026, 5, 1)
    assert last_day_to_agree(date(2027, 3, 30), LAST) == LAST
