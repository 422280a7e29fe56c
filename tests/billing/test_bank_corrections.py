"""A movement of a 03 file that corrects an earlier one takes that one back, as a cancellation of a 01 file does."""

from __future__ import annotations

from datetime import datetime, time, timedelta
from typing import Any

import pytest
from flask import Flask

from portal.accounts.enums import Role
from portal.billing.deposits import DepositState
from portal.billing.models import Payment
from portal.billing.services.bank.accounts import set_rules
from portal.billing.services.bank.importing import Imported, import_file
from portal.billing.services.bank.reading import plan_file
from portal.billing.services.bank.setting_aside import set_deposit_aside
from portal.billing.services.bank.sure import apply_sure_deposits
from portal.billing.services.bank.taking_back import taken_back
from portal.core import clock
from portal.core.access import Actor
from portal.core.db import db
from portal.core.transaction import rollback, transaction
from portal.domain.zengin import BankFile, Direction, Entry, FileForm, FileKind, Statement, write
from tests.support import bank
from tests.support.billing import bill
from tests.support.people import actor_of, company, staff

pytestmark = pytest.mark.database
NAME = "ミホンセイヤク"
CORRECTION: dict[str, Any] = {"category": "19", "direction": Direction.OUT}


@pytest.fixture
def clerk(app: Flask) -> Actor:
    made = actor_of(staff(Role.SECRETARIAT))
    with transaction():
        set_rules(fee_yen=1000, applies_itself=True, by=made)
    return made


def movements(*entries: Entry) -> bytes:
    return write(BankFile(FileKind.MOVEMENTS, FileForm.FIXED, (Statement(bank.header(), entries),)))


def brought(*entries: Entry, by: Actor) -> Imported:
    with transaction():
        return import_file(content=movements(*entries), name="入出金.txt", by=by)


def states() -> list[DepositState]:
    return [bank.standing(each).state for each in bank.deposits()]


def test_a_correction_in_the_same_file_takes_the_transfer_back(clerk: Actor) -> None:
    body = company()
    yen = bill(body).total_yen
    bank.know(body, NAME, clerk)
    came = bank.transfer(yen, NAME, reference="1", category="11")
    back = bank.transfer(yen, NAME, reference="2", **CORRECTION)
    with transaction():
        plan = plan_file(movements(came, back))
        assert (len(plan.deposits), plan.total_yen, plan.cancelled_yen, plan.left_out) == (1, yen, yen, 0)
        (told,) = taken_back(plan, 10).values()
        assert told.line == 2
    brought(came, back, by=clerk)
    apply_sure_deposits()
    rollback()
    assert states() == [DepositState.CANCELLED] * 2
    assert db.session.query(Payment).count() == 0


def test_a_correction_on_a_later_day_does_the_same_and_once(clerk: Actor) -> None:
    came = bank.transfer(77_000, NAME, reference="1", category="11")
    back = bank.transfer(77_000, NAME, reference="2", **CORRECTION)
    with transaction():
        set_rules(fee_yen=1000, applies_itself=False, by=clerk)
    brought(came, by=clerk)
    assert len(brought(back, by=clerk).plan.cancellations) == 1
    assert states() == [DepositState.CANCELLED] * 2
    again = brought(came, back, by=clerk).plan
    assert (again.known, len(again.new)) == (2, 0)


def test_other_money_out_is_still_left_out(clerk: Actor) -> None:
    paid = bank.transfer(330, "テスウリヨウ", category="14", direction=Direction.OUT)
    put_right = bank.transfer(500, "リソク", category="19")
    plan = brought(paid, put_right, by=clerk).plan
    assert (len(plan.deposits), len(plan.cancellations), plan.left_out) == (1, 0, 1)


@pytest.mark.parametrize("is_set_aside", [False, True])
def test_a_cancellation_may_be_imported_before_its_deposit(clerk: Actor, is_set_aside: bool) -> None:
    """Files are imported in any order: money that the bank took back pays nothing by itself."""
    body = company()
    yen = bill(body).total_yen
    bank.know(body, NAME, clerk)
    bank.bring(bank.transfer(yen, NAME, is_cancelled=True), by=clerk, itself=True)
    (back,) = bank.deposits()
    if is_set_aside:
        with transaction():
            set_deposit_aside(deposit=back, reason="from before the first file", seen=0, by=clerk)
    bank.bring(bank.transfer(yen, NAME), by=clerk, itself=True)
    apply_sure_deposits()
    rollback()
    waiting = [DepositState.ASIDE, DepositState.OPEN]
    assert states() == (waiting if is_set_aside else [DepositState.CANCELLED] * 2)
    assert db.session.query(Payment).count() == 0


def test_money_that_comes_again_after_a_day_pays_by_itself(clerk: Actor) -> None:
    body, today = company(), clock.today()
    with clock.frozen(datetime.combine(today, time(10), clock.OFFICE_ZONE)):
        yen = bill(body).total_yen
        bank.know(body, NAME, clerk)
        bank.bring(bank.transfer(yen, NAME, is_cancelled=True), by=clerk, itself=True)
        (back,) = bank.deposits()
        with transaction():
            set_deposit_aside(deposit=back, reason="from before the first file", seen=0, by=clerk)
    with clock.frozen(datetime.combine(today + timedelta(days=1), time(10), clock.OFFICE_ZONE)):
        bank.bring(bank.transfer(yen, NAME), by=clerk, itself=True)
        apply_sure_deposits()
    assert states() == [DepositState.ASIDE, DepositState.APPLIED]
