from datetime import date
from decimal import ROUND_CEILING, ROUND_FLOOR, ROUND_HALF_UP, Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from portal.domain.tax import Line, RoundingMode, Subtotal, TaxCategory, rate_on, tax_on, total_by_rate

ON = date(2026, 4, 1)
S10, R8 = TaxCategory.STANDARD_10, TaxCategory.REDUCED_8
EXEMPT, OUTSIDE = TaxCategory.EXEMPT, TaxCategory.OUT_OF_SCOPE
FLOOR, CEIL, HALF_UP = RoundingMode.FLOOR, RoundingMode.CEIL, RoundingMode.HALF_UP


def line(unit_price_yen: int, category: TaxCategory = S10, quantity: int = 1) -> Line:
    return Line("Fee", quantity, unit_price_yen, category)


# The four dates are those on which the consumption tax law changed the combined national and local rate.
@pytest.mark.parametrize(
    ("category", "on", "rate"),
    [
        (S10, date(1989, 4, 1), "0.03"),
        (S10, date(1997, 3, 31), "0.03"),
        (S10, date(1997, 4, 1), "0.05"),
        (S10, date(2014, 3, 31), "0.05"),
        (S10, date(2014, 4, 1), "0.08"),
        (S10, date(2019, 9, 30), "0.08"),
        (S10, date(2019, 10, 1), "0.10"),
        (R8, date(2019, 10, 1), "0.08"),
        (EXEMPT, date(2026, 4, 1), "0"),
        (OUTSIDE, date(1980, 1, 1), "0"),
    ],
)
def test_rate_on_follows_the_law_by_date(category: TaxCategory, on: date, rate: str) -> None:
    assert rate_on(category, on) == Decimal(rate)


@pytest.mark.parametrize(("category", "on"), [(S10, date(1989, 3, 31)), (R8, date(2019, 9, 30))])
def test_rate_on_refuses_a_day_without_the_rate(category: TaxCategory, on: date) -> None:
    with pytest.raises(ValueError, match=category.value):
        rate_on(category, on)


def test_three_lines_of_105_yen_carry_31_yen_not_30() -> None:
    totals = total_by_rate([line(105)] * 3, FLOOR, ON)
    assert (totals.net_yen, totals.tax_yen, totals.gross_yen) == (315, 31, 346)


@pytest.mark.parametrize(
    ("fee", "tax", "gross"),
    [(2_000_000, 200_000, 2_200_000), (1_000_000, 100_000, 1_100_000), (500_000, 50_000, 550_000)],
)
@pytest.mark.parametrize("mode", RoundingMode)
def test_tier_fees_have_no_fraction_to_round(fee: int, tax: int, gross: int, mode: RoundingMode) -> None:
    totals = total_by_rate([line(fee)], mode, ON)
    assert (totals.net_yen, totals.tax_yen, totals.gross_yen) == (fee, tax, gross)


@pytest.mark.parametrize(
    ("net", "rate", "floor", "ceil", "half_up"),
    [
        (0, "0.10", 0, 0, 0),
        (1, "0.10", 0, 1, 0),  # 0.1
        (4, "0.10", 0, 1, 0),  # 0.4
        (5, "0.10", 0, 1, 1),  # 0.5
        (15, "0.10", 1, 2, 2),  # 1.5
        (25, "0.10", 2, 3, 3),  # 2.5: half up, not half to even
        (104, "0.10", 10, 11, 10),  # 10.4
        (6, "0.08", 0, 1, 0),  # 0.48
        (7, "0.08", 0, 1, 1),  # 0.56
        (999, "0.08", 79, 80, 80),  # 79.92
        (1_234_567, "0.10", 123_456, 123_457, 123_457),  # 123,456.7
    ],
)
def test_tax_on_rounds_and_mirrors(net: int, rate: str, floor: int, ceil: int, half_up: int) -> None:
    expected = {FLOOR: floor, CEIL: ceil, HALF_UP: half_up}
    assert {mode: tax_on(net, Decimal(rate), mode) for mode in RoundingMode} == expected
    assert {mode: -tax_on(-net, Decimal(rate), mode) for mode in RoundingMode} == expected


def test_total_by_rate_keeps_categories_apart_in_their_order() -> None:
    lines = [
        line(30_000, OUTSIDE),
        line(999, R8),  # 79.92 of tax
        line(105),
        line(700, EXEMPT, 2),
        line(105),  # 210 together: 21.0
    ]
    totals = total_by_rate(lines, FLOOR, ON)
    assert totals.subtotals == (
        Subtotal(S10, Decimal("0.10"), 210, 21, 231),
        Subtotal(R8, Decimal("0.08"), 999, 79, 1_078),
        Subtotal(EXEMPT, Decimal(0), 1_400, 0, 1_400),
        Subtotal(OUTSIDE, Decimal(0), 30_000, 0, 30_000),
    )
    assert (totals.net_yen, totals.tax_yen, totals.gross_yen) == (32_609, 100, 32_709)
    assert [part.percent for part in totals.subtotals] == [10, 8, 0, 0]
    assert (totals.mode, totals.on) == (FLOOR, ON)


def test_a_return_on_the_same_invoice_is_set_off_before_rounding() -> None:
    # 1,005 less 990 is 15: tax 1.5, rounded once; rounded apart it would be 100 - 99
    totals = total_by_rate([line(1_005), line(990, quantity=-1)], HALF_UP, ON)
    assert (totals.net_yen, totals.tax_yen, totals.gross_yen) == (15, 2, 17)


def test_no_lines_give_zeros() -> None:
    totals = total_by_rate([], FLOOR, ON)
    assert (totals.subtotals, totals.net_yen, totals.tax_yen, totals.gross_yen) == ((), 0, 0, 0)


def test_categories_know_their_mark() -> None:
    assert [category for category in TaxCategory if category.is_taxable] == [S10, R8]
    assert [category for category in TaxCategory if category.is_reduced] == [R8]


def test_a_line_takes_whole_numbers_alone() -> None:
    with pytest.raises(TypeError):
        Line("Fee", 1.5, 100, S10)  # type: ignore[arg-type]
    with pytest.raises(TypeError):
        Line("Fee", 1, Decimal("100"), S10)  # type: ignore[arg-type]
    with pytest.raises(ValueError, match="line"):
        Line("Fee", 1_000_000, 1_000_000_000, S10)


lines_of_any_kind = st.lists(
    st.builds(
        Line,
        st.just("x"),
        st.integers(-50, 50),
        st.integers(0, 9_999_999),
        st.sampled_from(TaxCategory),
    ),
    max_size=8,
)
modes = st.sampled_from(RoundingMode)


@given(lines_of_any_kind, modes)
def test_credit_note_mirrors_its_invoice(lines: list[Line], mode: RoundingMode) -> None:
    sale = total_by_rate(lines, mode, ON)
    back = [Line(x.description, -x.quantity, x.unit_price_yen, x.category) for x in lines]
    returned = total_by_rate(back, mode, ON)
    assert (returned.net_yen, returned.tax_yen) == (-sale.net_yen, -sale.tax_yen)
    assert returned.gross_yen == -sale.gross_yen


@given(lines_of_any_kind, modes, st.randoms(use_true_random=False))
def test_the_order_of_lines_does_not_matter(lines: list[Line], mode: RoundingMode, random) -> None:  # type: ignore[no-untyped-def]
    shuffled = list(lines)
    random.shuffle(shuffled)
    assert total_by_rate(shuffled, mode, ON) == total_by_rate(lines, mode, ON)


@given(lines_of_any_kind, modes)
def test_totals_add_up_and_tax_is_within_a_yen(lines: list[Line], mode: RoundingMode) -> None:
    totals = total_by_rate(lines, mode, ON)
    assert totals.gross_yen == totals.net_yen + totals.tax_yen
    assert totals.net_yen == sum(x.quantity * x.unit_price_yen for x in lines)
    for part in totals.subtotals:
        assert part.gross_yen == part.net_yen + part.tax_yen
        assert abs(part.tax_yen - part.net_yen * part.rate) < 1


@given(st.integers(0, 999_999_999_999), st.sampled_from(["0.03", "0.05", "0.08", "0.10"]))
def test_tax_on_agrees_with_decimal_rounding(net: int, rate: str) -> None:
    exact = net * Decimal(rate)
    rounded = {FLOOR: ROUND_FLOOR, CEIL: ROUND_CEILING, HALF_UP: ROUND_HALF_UP}
    for mode, rule in rounded.items():
        assert tax_on(net, Decimal(rate), mode) == int(exact.to_integral_value(rule))
