"""Partial returns add up to the invoice and never beyond, whatever the rounding."""

from __future__ import annotations

import math
from datetime import date
from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from portal.domain.credits import TooMuchReturned, left_of, net_of_gross, return_totals
from portal.domain.settlement import Debt, Standing, give_credit, pay_back, receive, take_credit_back
from portal.domain.tax import Line, RoundingMode, Subtotal, TaxCategory, total_by_rate

DAY = date(2026, 4, 1)
STANDARD, REDUCED, EXEMPT = TaxCategory.STANDARD_10, TaxCategory.REDUCED_8, TaxCategory.EXEMPT


def invoiced(
    *amounts: tuple[TaxCategory, int], mode: RoundingMode = RoundingMode.FLOOR
) -> tuple[Subtotal, ...]:
    return total_by_rate((Line("x", 1, yen, category) for category, yen in amounts), mode, DAY).subtotals


def test_a_part_carries_its_own_tax_and_the_rest_what_is_left() -> None:
    rows = invoiced((STANDARD, 105), (STANDARD, 105), (STANDARD, 105))  # 315 + 31
    first = return_totals(left_of(rows, ()), {STANDARD: 105}, RoundingMode.FLOOR, DAY)
    rest = return_totals(left_of(rows, first.subtotals), {STANDARD: 210}, RoundingMode.FLOOR, DAY)
    assert [(t.net_yen, t.tax_yen) for t in (first, rest)] == [(105, 10), (210, 21)]


def test_rounding_up_never_returns_more_tax_than_was_asked() -> None:
    rows = invoiced((STANDARD, 15), mode=RoundingMode.CEIL)  # tax 2
    first = return_totals(left_of(rows, ()), {STANDARD: 11}, RoundingMode.CEIL, DAY)
    rest = return_totals(left_of(rows, first.subtotals), {STANDARD: 4}, RoundingMode.CEIL, DAY)
    assert [t.tax_yen for t in (first, rest)] == [2, 0]


def test_more_than_is_left_is_refused_with_what_is_left() -> None:
    rows = invoiced((STANDARD, 100), (REDUCED, 50))
    with pytest.raises(TooMuchReturned) as caught:
        return_totals(left_of(rows, ()), {REDUCED: 51}, RoundingMode.FLOOR, DAY)
    assert (caught.value.category, caught.value.left_yen) == (REDUCED, 50)


@pytest.mark.parametrize("nets", [{EXEMPT: 1}, {STANDARD: -1}])
def test_what_the_invoice_does_not_have_is_refused(nets: dict[TaxCategory, int]) -> None:
    with pytest.raises(ValueError):
        return_totals(left_of(invoiced((STANDARD, 100)), ()), nets, RoundingMode.FLOOR, DAY)


@given(
    amounts=st.dictionaries(st.sampled_from(list(TaxCategory)), st.integers(1, 3_000_000), min_size=1),
    parts=st.lists(st.tuples(st.sampled_from(list(TaxCategory)), st.integers(1, 1_000_000)), max_size=12),
    mode=st.sampled_from(list(RoundingMode)),
)
def test_any_row_of_returns_adds_up_to_the_invoice(
    amounts: dict[TaxCategory, int], parts: list[tuple[TaxCategory, int]], mode: RoundingMode
) -> None:
    rows = invoiced(*amounts.items(), mode=mode)
    back: list[Subtotal] = []
    for category, yen in parts:
        left = left_of(rows, back)
        if category in left and 0 < yen <= left[category].net_yen:
            back += return_totals(left, {category: yen}, mode, DAY).subtotals
        assert all(each.net_yen >= 0 and each.tax_yen >= 0 for each in left_of(rows, back).values())
    rest = {category: each.net_yen for category, each in left_of(rows, back).items()}
    back += return_totals(left_of(rows, back), rest, mode, DAY).subtotals
    assert sum(each.gross_yen for each in back) == sum(row.gross_yen for row in rows)


@given(gross=st.integers(1, 5_000), mode=st.sampled_from(list(RoundingMode)))
@example(gross=121, mode=RoundingMode.CEIL)
def test_an_amount_with_tax_parts_into_net_and_tax(gross: int, mode: RoundingMode) -> None:
    row = Subtotal(STANDARD, Decimal("0.10"), 1, 0, 1)
    net, tax = net_of_gross(gross, row, mode)
    assert net + tax == gross
    exact = Fraction(gross, 11)
    rounded = {
        RoundingMode.FLOOR: math.floor(exact),
        RoundingMode.CEIL: math.ceil(exact),
        RoundingMode.HALF_UP: math.floor(exact + Fraction(1, 2)),
    }
    assert tax == rounded[mode]


@pytest.mark.parametrize(
    ("debt", "credit", "after", "standing"),
    [
        (Debt(100, 100), 100, Debt(100, 0, 0, 100), Standing.CANCELLED),
        (Debt(100, 100), 30, Debt(100, 70, 0, 30), Standing.UNPAID),
        (Debt(100, 60), 30, Debt(100, 30, 0, 30), Standing.PARTLY_PAID),
        (Debt(100, 60), 60, Debt(100, 0, 0, 60), Standing.PAID),
        (Debt(100, 0), 100, Debt(100, 0, 100, 100), Standing.OVERPAID),
        (Debt(100, 60), 80, Debt(100, 0, 20, 80), Standing.OVERPAID),
    ],
)
def test_a_credit_takes_from_what_is_owed_first(
    debt: Debt, credit: int, after: Debt, standing: Standing
) -> None:
    done = give_credit(debt, credit)
    assert (done.after, done.after.standing) == (after, standing)
    assert done.excess_yen == -done.applied_yen == after.excess_yen - debt.excess_yen


@pytest.mark.parametrize("amount", [0, -1, 71])
def test_a_credit_beyond_what_is_left_is_refused(amount: int) -> None:
    with pytest.raises(ValueError):
        give_credit(Debt(100, 70, 0, 30), amount)


@given(
    total=st.integers(1, 10**7),
    moves=st.lists(
        st.tuples(st.sampled_from(["money", "credit", "back"]), st.integers(1, 10**7)), max_size=10
    ),
)
def test_no_yen_is_lost_between_money_credits_and_repayments(
    total: int, moves: list[tuple[str, int]]
) -> None:
    debt, received, returned = Debt(total, total), 0, 0
    for kind, amount in moves:
        if kind == "money":
            debt, received = receive(debt, amount).after, received + amount
        elif kind == "credit" and amount <= debt.total_yen - debt.credited_yen:
            debt = give_credit(debt, amount).after
        elif kind == "back" and amount <= debt.excess_yen:
            debt, returned = pay_back(debt, amount).after, returned + amount
    assert debt.settled_yen + debt.excess_yen + returned == received
    assert debt.settled_yen + debt.credited_yen + debt.outstanding_yen == total


def test_a_credit_that_settled_is_taken_back() -> None:
    debt = Debt(1_100_000, 660)
    assert take_credit_back(give_credit(debt, 660).after, 660).after == debt
