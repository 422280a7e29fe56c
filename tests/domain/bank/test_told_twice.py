"""Money that may be here already, or came before it was asked for, is never applied by itself."""

from __future__ import annotations

from datetime import date, timedelta
from itertools import permutations
from typing import Any

import pytest

from portal.domain.reconciliation import (
    Claim,
    Deposit,
    Grade,
    Line,
    Match,
    OpenClaims,
    Payer,
    Reason,
    Recorded,
    Rules,
    match_all,
    may_be_same,
    told_twice,
)

DAY = date(2026, 11, 20)
NAME = "カ)ミホンセイヤク"


def line(id: int, file: int, name: str = NAME, **values: Any) -> Line:
    return Line(**{"id": id, "file_id": file, "booked_on": DAY, "amount_yen": 550, "name": name} | values)


def match(recorded: Recorded | None = None, issued_on: date | None = None, **values: Any) -> Match:
    """A deposit of a confirmed payer over the exact amount of the one invoice that it owes."""
    claim = Claim(7, "INV-2026-000007", 3, 550, date(2026, 12, 31), issued_on or date(2026, 11, 1))
    claims = OpenClaims([claim], [Payer(3, "ミホンセイヤク", (NAME,))], None, [recorded] if recorded else [])
    deposit = Deposit(1, 550, NAME, booked_on=DAY)._replace(**values)
    return match_all([deposit], claims, Rules())[1]


def test_a_deposit_that_nothing_speaks_against_is_sure() -> None:
    assert match().grade is Grade.AUTOMATIC


def test_equal_deposits_of_two_files_may_be_one() -> None:
    assert told_twice([line(1, 1), line(2, 2), line(3, 2)]) == {1: (2, 3), 2: (1,), 3: (1,)}


@pytest.mark.parametrize(
    "other",
    [
        line(2, 1),  # one file tells of a transfer once: these are two
        line(2, 2, booked_on=DAY + timedelta(days=1)),
        line(2, 2, amount_yen=551),
        line(2, 2, "ベツノカイシヤ"),
    ],
)
def test_what_differs_is_other_money(other: Line) -> None:
    assert told_twice([line(1, 1), other]) == {}


@pytest.mark.parametrize("name", ["", "ﾐﾎﾝｾｲﾔｸ", "株式会社ミホンセイヤク", "0000012345 ｶ)ﾐﾎﾝｾｲﾔｸ"])
def test_files_spell_a_payer_differently_or_leave_it_out(name: str) -> None:
    assert told_twice([line(1, 1), line(2, 2, name)]) == {1: (2,), 2: (1,)}


def test_a_name_that_one_file_cuts_off_is_the_same() -> None:
    whole = "ﾐﾎﾝｼﾞﾖｳﾎｳｶｶﾞｸｿｳｺﾞｳｹﾝｷﾕｳｶｲﾊﾂｻ-ﾋﾞｽ"
    assert may_be_same(whole, whole[:26])
    assert may_be_same(whole[:26], whole)
    assert told_twice([line(1, 1, whole), line(2, 2, whole[:26]), line(3, 2, "ﾍﾞﾂ")]) == {1: (2,), 2: (1,)}
    assert not may_be_same(whole, whole[:20])


def test_the_order_of_lines_makes_no_difference() -> None:
    lines = [line(1, 1), line(2, 2, ""), line(3, 2), line(4, 3, "ﾍﾞﾂ")]
    found = [{id: set(others) for id, others in told_twice(some).items()} for some in permutations(lines)]
    assert all(each == {1: {2, 3}, 2: {1, 4}, 3: {1}, 4: {2}} for each in found)


def test_many_equal_amounts_of_a_day_are_compared_once_each() -> None:
    """A fee that everybody pays on the same day, in two files: names are not compared pair by pair."""
    lines = [line(n, n % 2, f"ｶ)ﾐﾎﾝ{n // 2}X") for n in range(40_000)]
    assert told_twice(lines)[0] == (1,)


def test_money_that_may_be_here_already_waits_for_a_look() -> None:
    best = match(is_told_twice=True).proposals[0]
    assert Reason.SAME_MONEY in best.reasons
    assert best.grade is Grade.POSSIBLE


@pytest.mark.parametrize("days", [-10, 0, 10])
def test_what_was_recorded_by_hand_about_that_day_is_a_doubt(days: int) -> None:
    recorded = Recorded(3, 550, DAY + timedelta(days=days), 6)
    found = match(recorded)
    assert found.by_hand == (recorded,)
    assert Reason.BY_HAND in found.proposals[0].reasons
    assert found.grade is Grade.POSSIBLE


@pytest.mark.parametrize(
    "recorded",
    [
        Recorded(3, 550, DAY + timedelta(days=11), 6),
        Recorded(3, 550, DAY - timedelta(days=11), 6),
        Recorded(3, 551, DAY, 6),
        Recorded(4, 550, DAY, 6, "ベツノカイシヤ"),
    ],
)
def test_other_payments_by_hand_are_none_of_it(recorded: Recorded) -> None:
    assert match(recorded).grade is Grade.AUTOMATIC


def test_a_payment_by_hand_under_the_same_name_counts_whosever_it_was() -> None:
    assert match(Recorded(4, 550, DAY, 6, "ﾐﾎﾝｾｲﾔｸ")).grade is Grade.POSSIBLE


def test_who_owes_nothing_any_more_is_told_of_the_payment_by_hand() -> None:
    claims = OpenClaims([], [Payer(3, "ミホンセイヤク")], None, [Recorded(3, 550, DAY, 6)])
    found = match_all([Deposit(1, 550, NAME, booked_on=DAY)], claims, Rules())[1]
    assert (found.proposals, [each.invoice_id for each in found.by_hand]) == ((), [6])


def test_money_from_before_the_invoice_is_never_sure() -> None:
    assert match(issued_on=DAY).grade is Grade.AUTOMATIC
    early = match(issued_on=DAY + timedelta(days=1))
    assert Reason.BEFORE_INVOICE in early.proposals[0].reasons
    assert early.grade is Grade.POSSIBLE


def test_an_invoice_that_was_there_is_proposed_before_one_that_was_not() -> None:
    """Both by its number and by its payer: only the second had been issued when the money came."""
    later = Claim(1, "INV-2026-000001", 3, 550, date(2026, 12, 1), DAY + timedelta(days=30))
    there = Claim(2, "INV-2026-000002", 3, 550, date(2026, 12, 31), DAY - timedelta(days=30))
    claims = OpenClaims([later, there], [Payer(3, "ミホンセイヤク", (NAME,))])
    found = match_all([Deposit(1, 550, NAME, booked_on=DAY)], claims, Rules())[1]
    assert [each.parts[0].invoice_id for each in found.proposals] == [2, 1]
