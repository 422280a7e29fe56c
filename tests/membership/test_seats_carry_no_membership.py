"""An invoice over fee and seats: the membership stands on the fee, whatever small return or payment there is on the seats.

Mutants that must fail here: a transfer fee counted on the lines that are the largest now; a contract that goes on for seats, is
taken up again on them, or hears of their money as of its fee.
"""

from __future__ import annotations

from datetime import date

import pytest
from flask import Flask
from sqlalchemy import select

from portal.accounts.enums import Role
from portal.accounts.models import Person
from portal.billing.models import AdvanceMove, BankDeposit, DepositStanding, FeeReturn
from portal.billing.queries.book_rules import book_problems
from portal.billing.queries.credits import left_of_lines
from portal.billing.queries.invoices import any_invoice
from portal.billing.services.advances import undo_move
from portal.billing.services.bank.applying import Share, apply_deposit
from portal.billing.services.bank.undoing import undo_deposit
from portal.billing.services.credits import issue_credit_note
from portal.core.db import db
from portal.core.errors import Refused
from portal.core.transaction import rollback, transaction
from portal.domain.renewal_flow import RenewalState
from portal.membership import queries
from portal.membership.models import ContractTerm
from portal.membership.queries.bills import leading_bill
from portal.membership.services import renewals
from portal.membership.services.tier_changes.planning import plan_upgrade
from portal.membership.services.tier_changes.upgrades import change_tier
from portal.notifications.models import Message
from tests.support import bank, seats
from tests.support import changes as given
from tests.support import renewals as season
from tests.support.people import actor_of, browser_of, staff
from tests.support.reader import Reader

pytestmark = pytest.mark.database
MARCH = date(2027, 3, 10)


@pytest.fixture
def renewed(app: Flask) -> tuple[Person, ContractTerm]:
    """A member that has renewed at C with two seats at 200,000 yen: 550,000 + 440,000 yen with tax."""
    admin = given.offered(arranged=seats.arranged)
    with season.on(season.OFFERS):
        return admin, season.renew(admin)


def paid_by_transfer(invoice_id: int, fee_yen: int) -> int:
    """The payer keeps back a fee; gives the deposit."""
    clerk = season.clerks_actor()
    rollback()
    owed = any_invoice(invoice_id).receivable.outstanding_yen
    bank.bring(bank.transfer(owed - fee_yen, "ミホンセイヤク"), by=clerk)
    deposit = bank.deposits()[-1]
    seen = bank.standing(deposit).round
    share = Share(invoice_id, owed - fee_yen, fee_yen, owed)
    rollback()
    with transaction():
        apply_deposit(
            deposit=db.session.get_one(BankDeposit, deposit.id), shares=[share], seen=seen, by=clerk, reasons="",
            is_automatic=False,
        )  # fmt: skip
    return deposit.id


def moved_up(admin: Person, term_id: int) -> None:
    rollback()
    tier = queries.tier_for("A", season.YEAR)
    assert tier is not None
    seen = plan_upgrade(db.session.get_one(ContractTerm, term_id), tier).fingerprint
    who = actor_of(admin)
    rollback()
    with transaction():
        change_tier(term_id=term_id, code="A", seen=seen, once="up", by=who)


@pytest.mark.parametrize("fee_yen", [0, 660])
def test_money_that_is_lost_after_a_change_of_tier_ends_its_credit(
    renewed: tuple[Person, ContractTerm], fee_yen: int
) -> None:
    admin, term = renewed
    first = season.invoice_of(term).id
    with season.on(MARCH):
        paid_by_transfer(first, fee_yen)
    with season.on(date(2027, 3, 20)):
        moved_up(admin, term.id)
        rollback()
        fee_line, seat_line = (line.id for line in any_invoice(first).lines)
        assert left_of_lines(any_invoice(first)) == {fee_line: 0, seat_line: 400_000}
        leading = leading_bill(term.id)
        assert leading is not None
        assert leading.invoice_id != first
    with season.on(date(2027, 3, 22)):
        clerk = season.clerks_actor()
        rollback()
        with transaction():
            undo_move(move=db.session.scalars(select(AdvanceMove)).one(), reason="x", by=clerk)
        assert season.renewal_of(admin).state is RenewalState.INVOICED
        assert db.session.get_one(ContractTerm, term.id, populate_existing=True).activated_on is None
        assert [problem.rule for problem in book_problems()] == []


def test_a_fee_that_is_no_longer_taken_over_is_owed_on_the_line_that_bore_it(
    renewed: tuple[Person, ContractTerm],
) -> None:
    first = season.invoice_of(renewed[1]).id
    with season.on(MARCH):
        deposit = paid_by_transfer(first, 660)
        fee_line, seat_line = (line.id for line in any_invoice(first).lines)
        assert left_of_lines(any_invoice(first)) == {fee_line: 499_400, seat_line: 400_000}
        clerk = season.clerks_actor()
        given_back(first, {fee_line: 200_000})
        assert left_of_lines(any_invoice(first)) == {fee_line: 299_400, seat_line: 400_000}
        rollback()
        with transaction():
            found = db.session.get_one(BankDeposit, deposit)
            undo_deposit(deposit=found, reason="x", seen=bank_round(deposit), by=clerk)
        rollback()
        assert left_of_lines(any_invoice(first)) == {fee_line: 300_000, seat_line: 400_000}
        assert db.session.query(FeeReturn).count() == 1


def bank_round(deposit_id: int) -> int:
    return db.session.get_one(DepositStanding, deposit_id, populate_existing=True).round


def given_back(invoice_id: int, amounts: dict[int, int]) -> None:
    clerk = season.clerks_actor()
    rollback()
    with transaction():
        issue_credit_note(
            invoice=any_invoice(invoice_id), amounts=amounts, reason="x", by=clerk, source_key=f"c{amounts}"
        )
    rollback()


def test_a_membership_ends_with_its_fee_and_paying_the_seats_makes_no_member(
    app: Flask, renewed: tuple[Person, ContractTerm]
) -> None:
    admin, term = renewed
    first = season.invoice_of(term).id
    with season.on(MARCH):
        fee_line = any_invoice(first).lines[0].id
        office = Reader(browser_of(app, staff(Role.SECRETARIAT, language="en")))
        form = office.get(f"/staff/billing/invoices/{first}/credit").form("/credit/preview")
        preview = office.submit(form, **{f"line_{any_invoice(first).lines[1].id}": "0", "reason": "x"})
        assert "The whole membership fee on this invoice is given back" in preview.text
        given_back(first, {fee_line: 500_000})
        term = db.session.get_one(ContractTerm, term.id, populate_existing=True)
        assert (term.cancelled_on, term.activated_on) == (MARCH, None)
        assert season.renewal_of(admin).state is RenewalState.DECLINED
        given.pay(first, any_invoice(first).receivable.outstanding_yen)
        rollback()
        assert db.session.get_one(ContractTerm, term.id, populate_existing=True).activated_on is None


def test_on_seats_alone_nothing_is_taken_up_again(app: Flask, renewed: tuple[Person, ContractTerm]) -> None:
    """Nobody becomes a member for the price of seats; once these are given back too, there is a new offer that bills all of it."""
    admin, term = renewed
    first = season.invoice_of(term).id
    with season.on(MARCH):
        fee_line, seat_line = (line.id for line in any_invoice(first).lines)
        given_back(first, {fee_line: 500_000})
        clerk, until = season.clerks_actor(), date(2027, 4, 10)
        for is_paid in (False, True):
            if is_paid:
                given.pay(first, any_invoice(first).receivable.outstanding_yen)
            with pytest.raises(Refused):
                season.do(renewals.reinstate, admin, until=until, reason="x", by=clerk)
            rollback()
            assert db.session.get_one(ContractTerm, term.id, populate_existing=True).cancelled_on == MARCH
        path = f"/staff/membership/renewals/members/{season.renewal_of(admin).id}/reinstate"
        page = Reader(browser_of(app, staff(Role.SECRETARIAT, language="en"))).get(path)
        assert "only the seats" in page.text
        given_back(first, {seat_line: 400_000})
        season.do(renewals.reinstate, admin, until=until, reason="x", by=clerk)
        assert season.renewal_of(admin).state is RenewalState.OFFERED
        assert any_invoice(season.invoice_of(season.renew(admin)).id).total_yen == 990_000


def test_money_for_the_seats_of_what_lapsed_is_no_fee_that_came_late(
    app: Flask, renewed: tuple[Person, ContractTerm]
) -> None:
    admin, term = renewed
    first = season.invoice_of(term).id
    while (now := season.renewal_of(admin)).state is not RenewalState.LAPSED:
        assert now.next_on is not None
        day = now.next_on
        season.look(day)
    with season.on(day):
        given_back(first, {any_invoice(first).lines[0].id: 500_000})
        given.pay(first, any_invoice(first).receivable.outstanding_yen)
        assert not [event for event in db.session.scalars(select(Message.event)) if "paid_late" in event]
        rollback()
        page = Reader(browser_of(app, admin)).get(f"/membership/renewals/{season.renewal_of(admin).id}")
        assert "会員資格はありません" not in page.text
