"""Fees by month: worked examples, and that no yen is lost, made or moved once a month is closed."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from portal.domain.ageing import LATE, Band, band_of, due_since
from portal.domain.deferral import Month, Share, months_of
from portal.domain.terms import FiscalYear

APRIL = Month(2026, 4)
YEAR = (date(2026, 4, 1), date(2027, 3, 31))
MONTHS = st.integers(min_value=2020 * 12, max_value=2030 * 12).map(lambda n: Month(0, 1).later(n))
DAYS = st.dates(date(2020, 1, 1), date(2030, 12, 31))


@st.composite
def shares(draw: st.DrawFn) -> Share:
    first = draw(DAYS)
    net = draw(st.integers(min_value=-10_000_000, max_value=10_000_000))
    last = first + timedelta(days=draw(st.integers(min_value=0, max_value=700)))
    return Share(draw(MONTHS), first, last, net, draw(st.integers(min_value=1, max_value=5)))


def test_a_year_in_equal_parts_and_the_rest_in_its_last_month() -> None:
    fee = Share(APRIL, *YEAR, 1_000_000)
    parts = [fee.earned_in(month) for month in months_of(FiscalYear(2026))]
    assert parts == [83_333, 83_333, 83_334] * 4
    assert fee.left_yen(Month(2026, 9)) == 500_000


def test_a_fee_that_is_booked_late_catches_up() -> None:
    fee = Share(Month(2026, 6), *YEAR, 1_200_000)
    assert [fee.earned_in(APRIL.later(n)) for n in range(4)] == [0, 0, 300_000, 100_000]
    back = Share(Month(2026, 9), *YEAR, -600_000)
    assert [back.earned_in(APRIL.later(n)) for n in range(4, 7)] == [0, -300_000, -50_000]


def test_next_years_fee_waits_whole() -> None:
    fee = Share(Month(2026, 12), date(2027, 4, 1), date(2028, 3, 31), 1_200_000)
    march = Month(2027, 3)
    assert (fee.left_yen(Month(2026, 11)), fee.left_yen(march), fee.has_begun(march.last_day)) == (
        0,
        1_200_000,
        False,
    )
    assert (fee.left_yen(march.later(1)), fee.has_begun(date(2027, 4, 1))) == (1_100_000, True)


@given(shares(), MONTHS)
def test_what_is_earned_and_what_is_left_is_the_fee(fee: Share, month: Month) -> None:
    booked = fee.net_yen * fee.count if month >= fee.booked else 0
    assert fee.earned_yen(month) + fee.left_yen(month) == booked
    end = max(Month.of(fee.period_to), fee.booked)
    assert (fee.earned_yen(end), fee.left_yen(end)) == (fee.net_yen * fee.count, 0)


@given(shares())
def test_the_months_add_up_and_a_return_mirrors_its_fee(fee: Share) -> None:
    first, last = min(Month.of(fee.period_from), fee.booked), max(Month.of(fee.period_to), fee.booked)
    span = [first.later(n) for n in range(last.place - first.place + 1)]
    assert sum(fee.earned_in(month) for month in span) == fee.net_yen * fee.count
    back = Share(fee.booked, fee.period_from, fee.period_to, -fee.net_yen, fee.count)
    assert [back.earned_in(month) for month in span] == [-fee.earned_in(month) for month in span]


@given(shares(), MONTHS)
def test_nothing_falls_into_a_month_before_the_booking(fee: Share, month: Month) -> None:
    if month < fee.booked:
        assert (fee.earned_in(month), fee.left_yen(month)) == (0, 0)


@given(DAYS)
def test_a_month_knows_its_days(day: date) -> None:
    month = Month.of(day)
    assert month.first_day <= day <= month.last_day
    assert Month.of(month.last_day) == month
    assert month.later(1).later(-1) == month


@pytest.mark.parametrize(
    ("late", "band"),
    [
        (-1, Band.NOT_DUE), (0, Band.NOT_DUE), (1, Band.DAYS_1_30), (30, Band.DAYS_1_30), (31, Band.DAYS_31_60),
        (60, Band.DAYS_31_60), (61, Band.DAYS_61_90), (90, Band.DAYS_61_90), (91, Band.OVER_90), (4000, Band.OVER_90),
    ],
)  # fmt: skip
def test_bands_of_days_late(late: int, band: Band) -> None:
    on = date(2026, 11, 21)
    due = date.fromordinal(on.toordinal() - late)
    assert band_of(due, on) is band
    assert (band in LATE) is (late > 0)


@given(DAYS, DAYS)
def test_a_band_begins_where_the_younger_one_ends(due_on: date, on: date) -> None:
    band = band_of(due_on, on)
    assert due_since(band, on) <= due_on
    younger = [each for each in Band if list(Band).index(each) < list(Band).index(band)]
    assert all(due_on < due_since(each, on) for each in younger)
