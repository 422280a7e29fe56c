"""Eight clerks press at once: a deposit is applied once. Each guard has a mutant without it that the test must catch."""

from __future__ import annotations

import itertools
import threading
from collections.abc import Callable
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import update

from portal.accounts.enums import Role
from portal.billing.deposits import DepositState
from portal.billing.models import BankDeposit, BankFile, DepositDecision, DepositStanding, Payment
from portal.billing.queries.book_rules import book_problems
from portal.billing.services.bank import applying as applying_services
from portal.billing.services.bank import decisions, importing, reading
from portal.billing.services.bank.accounts import add_account, issuers_key
from portal.billing.services.bank.applying import Share, apply_deposit
from portal.billing.services.bank.importing import import_file
from portal.billing.services.bank.parking import park_deposit
from portal.billing.services.bank.setting_aside import set_deposit_aside
from portal.billing.services.bank.undoing import undo_deposit
from portal.core.access import Actor
from portal.core.db import db
from portal.core.errors import OutOfDate, Refused
from portal.core.transaction import rollback, transaction
from tests.support.bank import bank_file, bring, deposits, standing, transfer
from tests.support.billing import bill
from tests.support.people import actor_of, company, staff
from tests.support.races import at_once

CLERKS = 8


@pytest.fixture
def clerk(app) -> Actor:
    return actor_of(staff(Role.SECRETARIAT))


def count(model: Any) -> int:
    rollback()
    return int(db.session.query(model).count())


def holds() -> None:
    rollback()
    assert [f"{p.rule}: {p.expected} / {p.found}" for p in book_problems()] == []


def applying(app: Flask, clerk: Actor) -> None:
    """All see the deposit undecided, then all apply it."""
    invoice = bill(company(name_kana="ミホンセイヤク"))
    bring(transfer(1_100_000, "ミホンセイヤク"), by=clerk)
    deposit_id, invoice_id = deposits()[0].id, invoice.id
    share = Share(invoice_id, 1_100_000, 0, 1_100_000)

    def press() -> None:
        with transaction():
            mine = db.session.get_one(BankDeposit, deposit_id)
            apply_deposit(deposit=mine, shares=[share], seen=0, by=clerk)

    answers = at_once(app, *[press] * CLERKS)
    assert [a for a in answers if a is not None and not isinstance(a, OutOfDate)] == []
    assert answers.count(None) == 1
    assert count(Payment) == 1
    assert count(DepositDecision) == 1
    holds()


def setting_aside(app: Flask, clerk: Actor) -> None:
    """All set a parked deposit aside: what parking had booked gets one opposite."""
    bring(transfer(5_000, "ダレカ"), by=clerk)
    (deposit,) = deposits()
    deposit_id = deposit.id
    with transaction():
        park_deposit(deposit=deposit, note="x", seen=0, by=clerk)

    def press() -> None:
        with transaction():
            mine = db.session.get_one(BankDeposit, deposit_id)
            set_deposit_aside(deposit=mine, reason="x", seen=1, by=clerk)

    answers = at_once(app, *[press] * CLERKS)
    assert [a for a in answers if a is not None and not isinstance(a, OutOfDate)] == []
    assert answers.count(None) == 1
    assert count(DepositDecision) == 2
    assert standing(deposit).state is DepositState.ASIDE
    holds()


def deciding_differently(app: Flask, clerk: Actor) -> None:
    """A third apply, a third park, a third set aside: one of them all."""
    invoice = bill(company(name_kana="ミホンセイヤク"))
    bring(transfer(1_100_000, "ミホンセイヤク"), by=clerk)
    deposit_id, invoice_id = deposits()[0].id, invoice.id

    def press() -> None:
        with transaction():
            mine = db.session.get_one(BankDeposit, deposit_id)
            apply_deposit(deposit=mine, shares=[Share(invoice_id, 1_100_000, 0, 1_100_000)], seen=0, by=clerk)

    def park() -> None:
        with transaction():
            mine = db.session.get_one(BankDeposit, deposit_id)
            park_deposit(deposit=mine, note="x", seen=0, by=clerk)

    def set_aside() -> None:
        with transaction():
            mine = db.session.get_one(BankDeposit, deposit_id)
            set_deposit_aside(deposit=mine, reason="x", seen=0, by=clerk)

    answers = at_once(app, *[press, park, set_aside] * (CLERKS // 3))
    # who comes with an old round after it was parked is the slower one, too
    assert all(a is None or isinstance(a, OutOfDate) for a in answers), answers
    assert answers.count(None) == 1
    assert count(DepositDecision) == 1
    holds()


def undoing(app: Flask, clerk: Actor) -> None:
    """All undo the same decision: the money is taken back once."""
    invoice = bill(company(name_kana="ミホンセイヤク"))
    bring(transfer(1_099_340, "ミホンセイヤク"), by=clerk)
    (deposit,) = deposits()
    deposit_id = deposit.id
    with transaction():
        apply_deposit(
            deposit=deposit, shares=[Share(invoice.id, 1_099_340, 660, 1_100_000)], seen=0, by=clerk
        )

    def press() -> None:
        with transaction():
            mine = db.session.get_one(BankDeposit, deposit_id)
            undo_deposit(deposit=mine, reason="x", seen=1, by=clerk)

    answers = at_once(app, *[press] * CLERKS)
    assert [a for a in answers if a is not None and not isinstance(a, Refused)] == []
    assert answers.count(None) == 1
    assert standing(deposit).state is DepositState.OPEN
    holds()


def importing_the_same(app: Flask, clerk: Actor) -> None:
    """All import one file, whose deposits they have all found to be new; the account is known."""
    with transaction():
        add_account(key=str(issuers_key()), name="", by=clerk)
    content = bank_file(transfer(5, "ダレカ"), transfer(5, "ダレカ"))

    def press() -> None:
        with transaction():
            import_file(content=content, name="x", by=clerk)

    answers = at_once(app, *[press] * CLERKS)
    assert [a for a in answers if a is not None and not isinstance(a, OutOfDate)] == []
    assert count(BankFile) == 1
    assert count(BankDeposit) == 2


RACES = (applying, setting_aside, deciding_differently, undoing, importing_the_same)


@pytest.mark.parametrize("race", RACES, ids=lambda race: race.__name__)
def test_one_wins(app: Flask, clerk: Actor, race: Callable[[Flask, Actor], None]) -> None:
    race(app, clerk)


Patch = pytest.MonkeyPatch


def moves_without_looking(patch: Patch) -> None:
    """Where the deposit stands is overwritten, and the round counted by whoever comes."""
    counter, lock = [0], threading.Lock()

    def careless(deposit_id: int, seen: int, was: DepositState, to: DepositState, *, round: int) -> bool:
        row = update(DepositStanding).where(DepositStanding.deposit_id == deposit_id)
        db.session.execute(row.values(state=to))
        return True

    real = decisions.DepositDecision

    def numbered(**values: Any) -> DepositDecision:
        with lock:
            counter[0] += 1
            return real(**values | {"round": 100 + counter[0]})

    patch.setattr(decisions, "move", careless)
    patch.setattr(decisions, "DepositDecision", _Numbered(real, numbered))


def looks_at_nothing(patch: Patch) -> None:
    """Neither the deposit nor what is owed is looked at again."""
    moves_without_looking(patch)
    patch.setattr(applying_services, "_check_owed", lambda invoice, share: None)


class _Numbered:
    """Stands for the table, but gives each decision a round of its own."""

    def __init__(self, real: Any, make: Callable[..., Any]) -> None:
        self._real, self._make = real, make

    def __call__(self, **values: Any) -> Any:
        return self._make(**values)

    def __getattr__(self, name: str) -> Any:
        return getattr(self._real, name)


def forgets_what_is_known(patch: Patch) -> None:
    """Files and deposits have no identity: whatever is imported is new."""
    real, counter = reading.plan_file, itertools.count(1)

    def careless(content: bytes, *, account_key: str = "") -> Any:
        from dataclasses import replace

        mine = next(counter)
        plan = real(content, account_key=account_key)
        fresh = [replace(each, identity=f"{mine}-{n}") for n, each in enumerate(plan.new)]
        return replace(plan, new=tuple(fresh), already=None, sha256=f"{mine:064}")

    patch.setattr(importing, "plan_file", careless)


MUTANTS = (
    (looks_at_nothing, applying),
    (moves_without_looking, undoing),
    (moves_without_looking, deciding_differently),
    (moves_without_looking, setting_aside),
    (forgets_what_is_known, importing_the_same),
)


@pytest.mark.parametrize(("mutant", "race"), MUTANTS, ids=lambda each: each.__name__)
def test_the_race_catches_its_mutant(
    app: Flask, clerk: Actor, monkeypatch: Patch, mutant: Callable[[Patch], None], race: Callable[..., None]
) -> None:
    mutant(monkeypatch)
    with pytest.raises(AssertionError):
        race(app, clerk)
