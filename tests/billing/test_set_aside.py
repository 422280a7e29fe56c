"""Money that is nothing to book here is set aside: with a reason, without an entry, and so that it can be undone."""

from __future__ import annotations

from typing import Any

import pytest
from flask import Flask

from portal.audit.models import AuditEntry
from portal.billing.deposits import DepositState
from portal.billing.models import JournalEntry, Receivable
from portal.billing.queries.bank import money_outside
from portal.billing.queries.book_rules import book_problems
from portal.billing.services.bank.applying import Share, apply_deposit
from portal.billing.services.bank.parking import park_deposit
from portal.billing.services.bank.setting_aside import set_deposit_aside
from portal.billing.services.bank.undoing import undo_deposit
from portal.core import clock
from portal.core.db import db
from portal.core.errors import OutOfDate, Refused
from portal.core.transaction import rollback, transaction
from tests.support.bank import bring, deposits, standing, transfer
from tests.support.billing import bill
from tests.support.people import browser_of, company

pytestmark = pytest.mark.database


@pytest.fixture
def office(app: Flask, who: Any) -> Any:
    app.config["WTF_CSRF_ENABLED"] = False
    yield browser_of(app, who)
    app.config["WTF_CSRF_ENABLED"] = True


def entries() -> int:
    rollback()
    return int(db.session.query(JournalEntry).count())


def aside(deposit: Any, clerk: Any, reason: str = "interest") -> None:
    with transaction():
        set_deposit_aside(deposit=deposit, reason=reason, seen=standing(deposit).round, by=clerk)


def test_interest_is_set_aside_without_an_entry_and_undone(clerk: Any) -> None:
    bring(transfer(12, "ﾌﾂｳﾖｷﾝ ﾘｿｸ"), transfer(34, "ダレカ"), by=clerk)
    interest, _other = deposits()
    with transaction(), pytest.raises(Refused) as refused:
        set_deposit_aside(deposit=interest, reason=" ", seen=0, by=clerk)
    assert refused.value.field == "why"
    aside(interest, clerk)
    assert standing(interest).state is DepositState.ASIDE
    assert entries() == 0
    outside = money_outside(clock.today())
    assert (outside.undecided, outside.aside) == ((1, 34), (1, 12))
    assert book_problems() == []
    with transaction(), pytest.raises(OutOfDate):
        set_deposit_aside(deposit=interest, reason="again", seen=0, by=clerk)
    with transaction():
        undo_deposit(deposit=interest, reason="it was a fee", seen=1, by=clerk)
    assert standing(interest).state is DepositState.OPEN
    assert money_outside(clock.today()).aside == (0, 0)
    assert entries() == 0
    assert book_problems() == []
    verbs = [row.verb for row in db.session.query(AuditEntry).order_by(AuditEntry.id)]
    assert verbs[-2:] == ["deposit.set_aside", "deposit.undone"]


def test_what_parking_had_booked_gets_its_opposite(clerk: Any) -> None:
    bring(transfer(12, "ﾘｿｸ"), by=clerk)
    (deposit,) = deposits()
    with transaction():
        park_deposit(deposit=deposit, note="whose?", seen=0, by=clerk)
    aside(deposit, clerk)
    assert entries() == 2
    assert book_problems() == []
    with transaction():
        undo_deposit(deposit=deposit, reason="x", seen=2, by=clerk)
    assert standing(deposit).state is DepositState.OPEN
    assert entries() == 2
    assert book_problems() == []


def test_the_double_of_a_deposit_that_was_applied(clerk: Any) -> None:
    """Money told of twice: one pays, the other is set aside, and the books know one."""
    invoice = bill(company(name_kana="ミホンセイヤク"))
    bring(transfer(1_100_000, "ミホンセイヤク"), by=clerk)
    bring(transfer(1_100_000, "ミホンセイヤク", reference="9"), by=clerk)
    one, double = deposits()
    with transaction():
        shares = [Share(invoice.id, 1_100_000, 0, 1_100_000)]
        apply_deposit(deposit=one, shares=shares, seen=0, by=clerk)
    aside(double, clerk, "told of twice")
    rollback()
    assert db.session.get_one(Receivable, invoice.id).excess_yen == 0
    assert book_problems() == []


def test_a_cancellation_is_set_aside_only_where_its_deposit_never_was_here(clerk: Any) -> None:
    bring(transfer(7_000, "ダレカ", is_cancelled=True), by=clerk)
    (alone,) = deposits()
    aside(alone, clerk, "from before the first file")
    assert standing(alone).state is DepositState.ASIDE
    assert book_problems() == []
    bring(transfer(8_000, "ダレカ"), by=clerk)
    deposit = deposits()[1]
    with transaction():
        park_deposit(deposit=deposit, note="x", seen=0, by=clerk)
    bring(transfer(8_000, "ダレカ", is_cancelled=True), by=clerk)
    back = deposits()[2]
    with transaction(), pytest.raises(Refused):
        set_deposit_aside(deposit=back, reason="x", seen=0, by=clerk)


def test_the_office_sets_aside_and_finds_it_again(office: Any, clerk: Any) -> None:
    invoice = bill(company(name_kana="ミホンセイヤク"))
    bring(transfer(1_100_000, "ミホンセイヤク"), transfer(12, "ﾘｿｸ"), by=clerk)
    own, interest = deposits()
    address = f"/staff/billing/deposits/{interest.id}"
    assert "It is nothing to book here" in office.get(address).text
    empty = office.post(f"{address}/set-aside", data={"seen": "0", "why": ""})
    assert empty.status_code == 422
    done = office.post(f"{address}/set-aside", data={"seen": "0", "why": "interest of the half year"})
    assert done.status_code == 303
    page = office.get(address).text
    assert "¥12 are set aside. Nothing was booked." in page
    assert "interest of the half year" in page
    assert "Nothing was booked; the deposit is to be decided again." in page
    assert "It is nothing to book here" not in page
    assert office.post(f"{address}/set-aside", data={"seen": "0", "why": "x"}).status_code == 409
    office.post(f"/staff/billing/deposits/{own.id}/set-aside", data={"seen": "0", "why": "own account"})
    listed = office.get("/staff/billing/deposits?show=set_aside").text
    assert "¥12" in listed
    assert "¥1,100,000" in listed
    assert invoice.number not in listed  # it was proposed, and is paid by nothing
    assert "¥12" not in office.get("/staff/billing/deposits").text
    books = office.get("/staff/books").text
    assert "2 deposits, ¥1,100,012 together, were set aside" in books
    undone = office.post(f"{address}/undo", data={"seen": "1", "reason": "a fee after all"})
    assert undone.status_code == 303
    assert "¥12" in office.get("/staff/billing/deposits").text
    assert book_problems() == []
