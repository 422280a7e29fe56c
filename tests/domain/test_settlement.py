"""What money does to a debt: worked examples, and that no yen is lost or made."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from portal.domain.settlement import Debt, Standing, receive, take_back, use_advance

YEN = st.integers(min_value=1, max_value=10_000_000)


@pytest.mark.parametrize(
    ("outstanding", "amount", "applied", "excess", "standing"),
    [
        (1_100_000, 1_100_000, 1_100_000, 0, Standing.PAID),
        (1_100_000, 1_099_340, 1_099_340, 0, Standing.PARTLY_PAID),
        (660, 660, 660, 0, Standing.PAID),
        (1_100_000, 1_100_001, 1_100_000, 1, Standing.OVERPAID),
        (0, 5, 0, 5, Standing.OVERPAID),
    ],
)
def test_receive(outstanding: int, amount: int, applied: int, excess: int, standing: Standing) -> None:
    done = receive(Debt(1_100_000, outstanding), amount)
    assert (done.applied_yen, done.excess_yen, done.after.standing) == (applied, excess, standing)


def test_only_the_movement_that_pays_the_last_yen_completes() -> None:
    first = receive(Debt(100, 100), 40)
    second = receive(first.after, 60)
    third = receive(second.after, 10)
    assert [each.is_completed for each in (first, second, third)] == [False, True, False]


@pytest.mark.parametrize("amount", [0, -1])
def test_nothing_and_less_is_refused(amount: int) -> None:
    with pytest.raises(ValueError):
        receive(Debt(100, 100), amount)


@pytest.mark.parametrize("amounts", [(100, 101), (-1, 0), (100, -1)])
def test_a_debt_that_cannot_be_is_refused(amounts: tuple[int, int]) -> None:
    with pytest.raises(ValueError):
        Debt(*amounts)


@given(total=YEN, amounts=st.lists(YEN, max_size=8))
def test_every_yen_settles_or_is_an_advance(total: int, amounts: list[int]) -> None:
    debt = Debt(total, total)
    for amount in amounts:
        done = receive(debt, amount)
        assert done.applied_yen + done.excess_yen == amount
        debt = done.after
    assert total - debt.outstanding_yen + debt.excess_yen == sum(amounts)


@given(total=YEN, before=YEN, amount=YEN)
def test_taking_back_is_the_opposite_of_receiving(total: int, before: int, amount: int) -> None:
    debt = receive(Debt(total, total), before).after
    done = receive(debt, amount)
    undone = take_back(done.after, done.applied_yen, done.excess_yen)
    assert undone.after == debt
    assert undone.is_reopened == done.is_completed


@given(total=YEN, outstanding=YEN, excess=YEN)
def test_an_advance_is_used_as_far_as_it_goes(total: int, outstanding: int, excess: int) -> None:
    owed = min(total, outstanding)
    done = use_advance(Debt(total, owed, excess))
    assert done.applied_yen == min(owed, excess) == -done.excess_yen
    assert done.after.outstanding_yen == 0 or done.after.excess_yen == 0
