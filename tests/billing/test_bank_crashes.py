"""A clerk's process is killed before any SQL statement of applying or undoing a deposit, or of an import: nothing breaks."""

from __future__ import annotations

from collections.abc import Callable
from itertools import count

import pytest

from portal.accounts.enums import Role
from portal.accounts.models import Organisation
from portal.billing.deposits import DepositState
from portal.billing.models import BankDeposit, BankFile, DepositStanding
from portal.billing.queries.book_rules import book_problems
from portal.billing.services.bank import fees
from portal.billing.services.bank.applying import Share, apply_deposit
from portal.billing.services.bank.decisions import standing_of
from portal.billing.services.bank.importing import import_file
from portal.billing.services.bank.parking import park_deposit
from portal.billing.services.bank.setting_aside import set_deposit_aside
from portal.billing.services.bank.undoing import undo_deposit
from portal.core import transaction
from portal.core.db import db
from portal.core.transaction import rollback
from tests.billing.test_crashes import every, killed_at, points
from tests.support.bank import bank_file, bring, transfer
from tests.support.billing import bill
from tests.support.people import actor_of, company, staff

Work = Callable[[], None]


@pytest.fixture
def clerk(app):
    return actor_of(staff(Role.SECRETARIAT))


@pytest.fixture
def buyer_id(app):
    return company(name_kana="ミホンセイヤク").id


def holds() -> None:
    rollback()
    assert [f"{p.rule}: {p.expected} / {p.found}" for p in book_problems()] == []


def one_deposit(buyer_id: int, clerk, n: int) -> tuple[int, list[Share]]:
    """A deposit for two invoices, of the second of which the payer kept a fee."""
    buyer = db.session.get_one(Organisation, buyer_id)
    first, second = bill(buyer, source_key=f"a{n}"), bill(buyer, source_key=f"b{n}")
    shares = [Share(first.id, 1_100_000, 0, 1_100_000), Share(second.id, 1_099_560, 440, 1_100_000)]
    done = bring(transfer(2_199_560, "ミホンセイヤク", reference=str(n + 2)), by=clerk)
    file_id = done.file.id
    rollback()
    return int(db.session.query(BankDeposit.id).filter_by(bank_file_id=file_id).scalar()), shares


def standing(deposit_id: int) -> DepositStanding:
    rollback()
    return db.session.get_one(DepositStanding, deposit_id, populate_existing=True)


def apply(deposit_id: int, shares: list[Share], clerk) -> None:
    with transaction.transaction():
        mine = db.session.get_one(BankDeposit, deposit_id)
        apply_deposit(deposit=mine, shares=shares, seen=standing_of(deposit_id).round, by=clerk)


def undo(deposit_id: int, clerk) -> None:
    with transaction.transaction():
        mine = db.session.get_one(BankDeposit, deposit_id)
        undo_deposit(deposit=mine, reason="x", seen=standing_of(deposit_id).round, by=clerk)


def try_every_point(app, prepare: Callable[[int], tuple[int, Work]], ends_as: DepositState) -> int:
    """Kill at the points of the path, look, do it again where it was not done, look; gives how many died."""
    _deposit, work = prepare(-1)
    died = 0
    for point in range(0, points(app, work) + 1, every()):
        deposit, work = prepare(point)
        before = standing(deposit).state
        died += killed_at(app, point, work)
        holds()
        now = standing(deposit).state
        assert now in (before, ends_as)
        if now is before:
            work()
        assert standing(deposit).state is ends_as
        holds()
    return died


def test_applying_a_deposit_survives_a_kill_anywhere(app, clerk, buyer_id) -> None:
    def prepare(point: int) -> tuple[int, Work]:
        deposit, shares = one_deposit(buyer_id, clerk, point)
        return deposit, lambda: apply(deposit, shares, clerk)

    assert try_every_point(app, prepare, DepositState.APPLIED) >= 10


def test_undoing_a_deposit_survives_a_kill_anywhere(app, clerk, buyer_id) -> None:
    def prepare(point: int) -> tuple[int, Work]:
        deposit, shares = one_deposit(buyer_id, clerk, point)
        apply(deposit, shares, clerk)
        return deposit, lambda: undo(deposit, clerk)

    assert try_every_point(app, prepare, DepositState.OPEN) >= 10


def parked(n: int, clerk) -> int:
    """A deposit that stands as a suspense receipt."""
    done = bring(transfer(5_000, "ダレカ", reference=str(n + 2)), by=clerk)
    file_id = done.file.id
    rollback()
    mine = db.session.query(BankDeposit).filter_by(bank_file_id=file_id).one()
    with transaction.transaction():
        park_deposit(deposit=mine, note="x", seen=0, by=clerk)
    return int(mine.id)


def set_aside(deposit_id: int, clerk) -> None:
    with transaction.transaction():
        mine = db.session.get_one(BankDeposit, deposit_id)
        set_deposit_aside(deposit=mine, reason="x", seen=standing_of(deposit_id).round, by=clerk)


def test_setting_a_deposit_aside_survives_a_kill_anywhere(app, clerk) -> None:
    def prepare(point: int) -> tuple[int, Work]:
        deposit = parked(point, clerk)
        return deposit, lambda: set_aside(deposit, clerk)

    assert try_every_point(app, prepare, DepositState.ASIDE) >= 5


def test_undoing_what_was_set_aside_survives_a_kill_anywhere(app, clerk) -> None:
    def prepare(point: int) -> tuple[int, Work]:
        deposit = parked(point, clerk)
        set_aside(deposit, clerk)
        return deposit, lambda: undo(deposit, clerk)

    assert try_every_point(app, prepare, DepositState.OPEN) >= 5


def test_importing_a_file_survives_a_kill_anywhere(app, clerk, buyer_id) -> None:
    died = 0
    for point in count(0, every()):
        content = bank_file(*(transfer(1_000 + n, "ダレカ", reference=str(point + 1)) for n in range(3)))

        def work(content: bytes = content) -> None:
            with transaction.transaction():
                import_file(content=content, name="x", by=clerk)

        killed = killed_at(app, point, work)
        died += killed
        rollback()
        files = db.session.query(BankFile).count()
        assert db.session.query(BankDeposit).count() == 3 * files
        work()
        rollback()
        assert db.session.query(BankDeposit).count() == 3 * db.session.query(BankFile).count()
        if not killed:
            break
    assert died >= 5


def test_a_path_that_commits_in_between_is_caught(app, clerk, buyer_id, monkeypatch) -> None:
    """The mutant: the fee is committed before the money is booked."""
    real = fees.settlement.move

    def commits_too_early(*args, **more):
        done = real(*args, **more)
        transaction.commit()
        return done

    monkeypatch.setattr(fees.settlement, "move", commits_too_early)
    monkeypatch.setenv("RENKEI_EVERY_CRASH", "1")

    def prepare(point: int) -> tuple[int, Work]:
        deposit, shares = one_deposit(buyer_id, clerk, point)
        return deposit, lambda: apply(deposit, shares, clerk)

    with pytest.raises(AssertionError):
        try_every_point(app, prepare, DepositState.APPLIED)
