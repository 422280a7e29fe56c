"""What a change of tier costs: the worked example of the documentation, and what holds for every day and price."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from portal.domain.credits import left_of
from portal.domain.settlement import Debt
from portal.domain.tax import Line, RoundingMode, TaxCategory, total_by_rate
from portal.domain.tier_change import (
    Billed,
    ChangeCost,
    CostReason,
    ListPrice,
    Proration,
    cost_of_change,
    remaining_of,
)
from portal.domain.tier_change_flow import (
    NEXT,
    ChangeKind,
    ChangeState,
    Outcome,
    calendar_step,
    last_day,
)

T10 = TaxCategory.STANDARD_10
FIRST, LAST = date(2026, 4, 1), date(2027, 3, 31)
DECEMBER = date(2026, 12, 10)
FEES = {"A": 2_000_000, "B": 1_000_000, "C": 500_000}


def tier(code: str) -> ListPrice:
    return ListPrice(code, FEES[code], T10)


def billed(fee_yen: int, *, paid_yen: int | None = None, mode: RoundingMode = RoundingMode.FLOOR) -> Billed:
    totals = total_by_rate([Line("fee", 1, fee_yen, T10)], mode, FIRST)
    paid = totals.gross_yen if paid_yen is None else paid_yen
    debt = Debt(totals.gross_yen, totals.gross_yen - paid)
    return Billed(fee_yen, left_of(totals.subtotals, []), debt, mode, FIRST)


def change(old: str, new: str, on: date, how: Proration = Proration.BY_MONTH, **more: int) -> ChangeCost:
    remaining = remaining_of(FIRST, LAST, on, how)
    return cost_of_change(
        old=tier(old), new=tier(new), remaining=remaining, billed=billed(FEES[old], **more), rounding=RoundingMode.FLOOR
    )  # fmt: skip


@pytest.mark.parametrize(
    ("old", "new", "how", "back", "asked", "to_pay"),
    [  # docs/tier-changes.md: on 10 December four of twelve months, or 112 of 365 days, remain
        ("C", "B", Proration.BY_MONTH, 166_666, 333_333, 366_666 - 183_332),
        ("C", "A", Proration.BY_MONTH, 166_666, 666_666, 733_332 - 183_332),
        ("B", "A", Proration.BY_MONTH, 333_333, 666_666, 733_332 - 366_666),
        ("C", "B", Proration.BY_DAY, 153_424, 306_849, 337_533 - 168_766),
        ("C", "A", Proration.BY_DAY, 153_424, 613_698, 675_067 - 168_766),
        ("B", "A", Proration.BY_DAY, 306_849, 613_698, 675_067 - 337_533),
    ],
)
def test_the_worked_example(old: str, new: str, how: Proration, back: int, asked: int, to_pay: int) -> None:
    cost = change(old, new, DECEMBER, how)
    assert (cost.given_back_yen, cost.asked_yen, cost.to_pay_yen) == (back, asked, to_pay)


def test_what_is_unpaid_is_owed_less_and_the_new_invoice_is_owed_whole() -> None:
    cost = change("C", "A", DECEMBER, paid_yen=0)
    assert (cost.advance_yen, cost.to_pay_yen) == (0, 733_332)
    assert cost.still_owed_yen == 550_000 - 183_332
    assert [reason.code for reason in cost.reasons] == [
        CostReason.REMAINING, CostReason.GIVEN_BACK, CostReason.ASKED, CostReason.STILL_OWED,
    ]  # fmt: skip


def test_no_more_goes_back_than_is_left_of_the_fee() -> None:
    left = billed(500_000)
    less = Billed(100_000, left.left, left.debt, left.rounding, FIRST)
    remaining = remaining_of(FIRST, LAST, FIRST, Proration.BY_MONTH)
    cost = cost_of_change(
        old=tier("C"), new=tier("A"), remaining=remaining, billed=less, rounding=RoundingMode.FLOOR
    )
    assert (cost.given_back_yen, cost.asked_yen) == (100_000, 2_000_000)
    assert CostReason.LESS_LEFT in [reason.code for reason in cost.reasons]


@pytest.mark.parametrize("mode", list(RoundingMode))
@pytest.mark.parametrize("written_off", [1, 7, 366_668, 366_669, 499_999, 549_990, 549_991, 549_999, 550_000])
@pytest.mark.parametrize("is_paid", [True, False])
def test_what_was_written_off_is_not_given_back(mode: RoundingMode, written_off: int, is_paid: bool) -> None:
    """With its tax never more than still stands, and at most a yen less where no amount fits."""
    fee = billed(500_000, paid_yen=0, mode=mode)
    stands = fee.debt.total_yen - written_off
    debt = Debt(fee.debt.total_yen, 0 if is_paid else stands, 0, written_off)
    cost = cost_of_change(
        old=tier("C"), new=tier("A"), remaining=remaining_of(FIRST, LAST, DECEMBER, Proration.BY_MONTH),
        billed=replace(fee, debt=debt), rounding=mode,
    )  # fmt: skip
    share = total_by_rate([Line("fee", 1, 166_666, T10)], mode, FIRST).gross_yen
    back = cost.credit.gross_yen if cost.credit else 0
    assert min(share, stands) - 1 <= back <= min(share, stands)
    assert (back == share) is (CostReason.WRITTEN_OFF not in {each.code for each in cost.reasons})
    assert cost.advance_yen + (cost.still_owed_yen if not is_paid else 0) <= stands


def test_the_month_and_the_day_of_the_change_count() -> None:
    for day, months, days in (
        (date(2026, 4, 30), 12, 336),
        (date(2027, 3, 31), 1, 1),
        (date(2026, 3, 1), 12, 365),
    ):
        assert remaining_of(FIRST, LAST, day, Proration.BY_MONTH).units == months
        assert remaining_of(FIRST, LAST, day, Proration.BY_DAY).units == days
    with pytest.raises(ValueError, match="over"):
        remaining_of(FIRST, LAST, date(2027, 4, 1), Proration.BY_DAY)


def test_a_late_beginners_share_is_counted_of_its_own_term() -> None:
    """Who joins in June pays the whole price; moving up on the first day costs what the higher tier would have."""
    june = date(2026, 6, 15)
    for how in Proration:
        remaining = remaining_of(june, LAST, june, how)
        assert remaining.share_of(2_000_000) == 2_000_000


days = st.integers(0, 364).map(lambda n: FIRST + timedelta(days=n))
prices = st.integers(1, 50_000_000)
modes, ways = st.sampled_from(RoundingMode), st.sampled_from(Proration)


@given(prices, prices, days, ways, modes, modes, st.integers(0, 100))
def test_every_yen_is_accounted_for(
    old_yen: int, new_yen: int, on: date, how: Proration, then: RoundingMode, now: RoundingMode, paid: int
) -> None:
    was = billed(old_yen, mode=then)
    was = billed(old_yen, paid_yen=was.debt.total_yen * paid // 100, mode=then)
    cost = cost_of_change(
        old=ListPrice("old", old_yen, T10), new=ListPrice("new", new_yen, T10),
        remaining=remaining_of(FIRST, LAST, on, how), billed=was, rounding=now,
    )  # fmt: skip
    back = cost.credit.gross_yen if cost.credit else 0
    assert 0 <= cost.given_back_yen <= old_yen
    assert 0 <= cost.asked_yen <= new_yen
    assert 0 <= back <= was.debt.total_yen
    if cost.effect:
        settled = cost.effect.after.settled_yen + cost.effect.after.excess_yen
        assert settled == was.debt.settled_yen  # money is neither made nor lost
        assert was.debt.outstanding_yen - cost.effect.after.outstanding_yen + cost.effect.excess_yen == back
    assert cost.to_pay_yen + cost.advance_yen == cost.invoice.gross_yen
    if new_yen >= old_yen:
        assert cost.asked_yen >= cost.given_back_yen


@given(prices, days, days, ways)
def test_less_remains_later(yearly: int, first: date, second: date, how: Proration) -> None:
    early, late = sorted((first, second))
    shares = [remaining_of(FIRST, LAST, day, how).share_of(yearly) for day in (early, late)]
    assert shares[0] >= shares[1] > 0 or yearly < 365


@given(prices, prices, prices, days, ways)
def test_by_way_of_another_tier_costs_the_same(a: int, b: int, c: int, on: date, how: Proration) -> None:
    """What was asked for the tier in between goes back whole when it is left on the same day."""
    remaining = remaining_of(FIRST, LAST, on, how)

    def step(old: int, new: int, was: Billed) -> ChangeCost:
        return cost_of_change(
            old=ListPrice("old", old, T10), new=ListPrice("new", new, T10), remaining=remaining, billed=was,
            rounding=RoundingMode.FLOOR,
        )  # fmt: skip

    there, direct = step(a, b, billed(a)), step(a, c, billed(a))
    on_from_there = step(b, c, billed(there.asked_yen)) if there.asked_yen else None
    if on_from_there is not None:
        assert on_from_there.given_back_yen == there.asked_yen
        assert on_from_there.asked_yen == direct.asked_yen


def test_no_state_is_open_for_ever() -> None:
    far = date(2100, 1, 1)
    for state in ChangeState:
        step = calendar_step(state, LAST, "A", Outcome(None, False), far)
        assert (step is not None) == state.is_open
        assert step is None or step in NEXT[state]
    waiting = [state for state in ChangeState if NEXT[state]]
    assert {state for state in waiting if not state.is_open} == {
        ChangeState.AGREED
    }  # done, but the office may undo it
    assert NEXT[ChangeState.AGREED] == (ChangeState.TAKEN_BACK,)


def test_the_calendar_follows_what_became_of_the_renewal() -> None:
    def plan(outcome: Outcome) -> ChangeState | None:
        return calendar_step(ChangeState.PLANNED, LAST, "C", outcome, DECEMBER)

    assert plan(Outcome(None, False)) is None
    assert plan(Outcome("C", True)) is ChangeState.AGREED
    assert plan(Outcome("A", True)) is ChangeState.OVERTAKEN
    assert plan(Outcome(None, True)) is ChangeState.OVERTAKEN


def test_the_last_day_of_a_wish() -> None:
    assert last_day(ChangeKind.UPGRADE, DECEMBER, LAST) == date(2027, 1, 9)
    assert last_day(ChangeKind.UPGRADE, date(2027, 3, 20), LAST) == LAST
    assert last_day(ChangeKind.DOWNGRADE, DECEMBER, LAST) == LAST
