"""Taking a change back at once, against a payment, and killed at any statement: all of it or nothing."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from contextlib import suppress
from functools import partial

import pytest
from flask import Flask

from portal.billing.models import Receivable
from portal.billing.queries.book_rules import book_problems
from portal.core.db import db
from portal.core.errors import OutOfDate, Refused
from portal.core.transaction import commit, rollback
from portal.domain.tier_change_flow import ChangeState
from portal.membership.models import ContractTerm, TierChange
from portal.membership.queries.tier_changes import back_bill
from portal.membership.services.tier_changes import taking_back
from tests.billing.test_crashes import killed_at, points
from tests.support import changes as given
from tests.support import renewals as season
from tests.support.people import actor_of, staff
from tests.support.races import at_once

pytestmark = pytest.mark.database
EVERY = 1 if os.environ.get("RENKEI_EVERY_CRASH") else 25
ROUNDS = int(os.environ.get("RENKEI_ROUNDS", "2"))
MADE, BACK = ("A", ChangeState.AGREED, 550_000, False), ("C", ChangeState.TAKEN_BACK, 0, True)


@pytest.fixture(autouse=True)
def december(app: Flask) -> Iterator[None]:
    with season.on(given.DECEMBER):
        season.house()
        yield


def stands(change_id: int) -> tuple[str, ChangeState, int, bool]:
    """The tier, the state, what is owed for the change, and whether the tier before is billed again, all paid."""
    rollback()
    assert [problem.rule for problem in book_problems()] == []
    change = db.session.get_one(TierChange, change_id, populate_existing=True)
    term = db.session.get_one(ContractTerm, change.term_id, populate_existing=True)
    assert term.cancelled_on is None
    assert term.activated_on is not None
    owed = db.session.get_one(Receivable, change.invoice_id, populate_existing=True).outstanding_yen
    again = back_bill(change)
    if again is not None:
        assert db.session.get_one(Receivable, again, populate_existing=True).outstanding_yen == 0
    found = (term.tier_code, change.state, owed, again is not None)
    rollback()
    return found


def ready() -> tuple[int, Callable[[], int]]:
    """A change that was made, and a click of the office that takes it back."""
    change = given.upgrade(given.member("C"))
    number, seen, clerk = change.id, given.seen_back(change), actor_of(staff())

    def press() -> int:
        given.take_back(db.session.get_one(TierChange, number), seen=seen, by=clerk)
        return number

    return number, press


def test_eight_at_once_take_it_back_once(app: Flask) -> None:
    for _round in range(ROUNDS):
        number, press = ready()
        answers = at_once(app, *(press for _n in range(8)))
        assert len([each for each in answers if isinstance(each, int)]) == 1, answers
        assert all(isinstance(each, int | Refused) for each in answers), answers
        assert stands(number) == BACK


def test_a_payment_at_the_same_time_wins_or_comes_too_late(app: Flask) -> None:
    for _round in range(ROUNDS):
        number, press = ready()
        bill = db.session.get_one(TierChange, number).invoice_id or 0
        rollback()
        answers = at_once(app, press, partial(given.pay, bill, 550_000))
        rollback()
        owed = db.session.get_one(Receivable, bill, populate_existing=True)
        if isinstance(answers[0], int):
            assert (stands(number), owed.credited_yen) == (BACK, 733_332)
        else:
            assert isinstance(answers[0], Refused)
            assert stands(number) == ("A", ChangeState.AGREED, 0, False)


@pytest.mark.timeout(1800)
def test_taking_back_survives_a_kill_anywhere(app: Flask) -> None:
    _number, press = ready()
    died = 0
    for point in range(0, points(app, press) + 1, EVERY):
        number, press = ready()
        died += killed_at(app, point, press)
        assert stands(number) in (MADE, BACK)
        with suppress(OutOfDate):
            press()
        assert stands(number) == BACK
    assert died >= 3


def test_a_commit_in_between_is_caught(app: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    """The mutant: the tier before is billed again and committed before the new invoice is given back."""
    real = taking_back.bill_again

    def too_early(*some: object, **more: object) -> object:
        issued = real(*some, **more)  # type: ignore[arg-type]
        commit()
        return issued

    monkeypatch.setattr(taking_back, "bill_again", too_early)
    number, press = ready()
    caught = False
    for point in range(60, 400, 20):
        with suppress(Exception):
            killed_at(app, point, press)
        try:
            caught = stands(number) not in (MADE, BACK)
        except AssertionError:
            caught = True
        if caught:
            break
        number, press = ready()
    assert caught
