"""A membership stands on money: when it goes from the invoice that the contract rests on, the contract awaits it again.

Mutants that must fail here: news of an invoice alone that had been paid in full; news of an invoice on which as much settles as
before; news though an advance of the invoice covers the loss.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from typing import Any

import pytest
from flask import Flask

from portal.accounts.enums import Role
from portal.accounts.models import Person
from portal.billing.enums import FeeProduct, ReceivableState
from portal.billing.models import AdvanceMove, Invoice
from portal.billing.queries.book_rules import book_problems
from portal.billing.queries.credits import left_of_lines
from portal.billing.queries.invoices import any_invoice
from portal.billing.services.advances import move_advance, undo_move
from portal.billing.services.credits import issue_credit_note
from portal.billing.services.payments import record_bank_payment
from portal.billing.services.replacements import Replacement, replace_invoice
from portal.billing.signals import invoice_reopened
from portal.core import clock
from portal.core.access import Actor
from portal.core.db import db
from portal.core.transaction import rollback, transaction
from portal.domain.settlement import Debt
from portal.domain.terms import TermState
from portal.membership.models import TierChange
from portal.membership.queries.bills import leading_bill
from tests.billing.payer import Payer
from tests.billing.returning import attempt_of, owed, settle_down
from tests.support import changes as given
from tests.support import renewals as season
from tests.support.billing import bill, buyer, fee
from tests.support.people import actor_of, company, staff

pytestmark = pytest.mark.database
FEE = 550_000


@pytest.fixture(autouse=True)
def april(app: Flask) -> Iterator[None]:
    with season.on(given.DECEMBER):
        season.house()
    with season.on(date(2026, 4, 20)):
        yield


@pytest.fixture
def clerk(app: Flask) -> Actor:
    return actor_of(staff(Role.SECRETARIAT))


@pytest.fixture
def member(payer: Payer, run_jobs: Any) -> Person:
    """A member of tier C whose fee is paid by card."""
    payer.stand_in.control.move_clock(at=clock.now().timestamp())
    admin = given.member("C", paid_yen=0)
    payer.choose(payer.open(given.invoice_of(admin), actor_of(admin)), "card")
    settle_down(payer, run_jobs)
    assert state(admin) is TermState.ACTIVE
    return admin


def state(admin: Person) -> TermState:
    return given.term_of(admin).state


def issue_anew(invoice: Invoice, clerk: Actor) -> Invoice:
    """At four times the amount."""
    wanted = Replacement(
        buyer=buyer(), subject={"ja": "会費", "en": "Fee"}, purchase_order="", lines=[fee(2_000_000, product=FeeProduct.MEMBERSHIP)]
    )  # fmt: skip
    with transaction():
        return replace_invoice(
            invoice=any_invoice(invoice.id), wanted=wanted, reason="金額", by=clerk, source_key="anew"
        )


def lose(payer: Payer, invoice: Invoice, run_jobs: Any, amount_yen: int | None = None) -> None:
    """The card's holder contests the payment, and the case is lost."""
    intent = str(attempt_of(invoice).intent_id)
    name = str(payer.stand_in.control.dispute(intent, **({"amount": amount_yen} if amount_yen else {}))["id"])
    payer.stand_in.control.decide_dispute(name, "lost")
    settle_down(payer, run_jobs)


def standing(admin: Person) -> tuple[str, int]:
    """What the contract rests on: its state, and what money settles of it."""
    rollback()
    bill = leading_bill(given.term_of(admin).id)
    assert bill is not None
    owed(any_invoice(bill.invoice_id))
    return bill.state, bill.debt.settled_yen


@pytest.mark.parametrize("amount_yen", [None, 5_000])
def test_lost_after_a_change_of_tier_the_membership_awaits_its_money(
    payer: Payer, member: Person, run_jobs: Any, amount_yen: int | None
) -> None:
    first = given.invoice_of(member)
    given.upgrade(member, "A")
    settle_down(payer, run_jobs)
    assert state(member) is TermState.ACTIVE
    assert standing(member) == (ReceivableState.PARTLY_PAID, FEE)
    lose(payer, first, run_jobs, amount_yen)
    assert standing(member)[1] == FEE - (amount_yen or FEE)
    assert state(member) is TermState.AWAITING_PAYMENT
    bill = leading_bill(given.term_of(member).id)
    assert bill is not None
    given.pay(bill.invoice_id, bill.outstanding_yen)
    assert state(member) is TermState.ACTIVE


def test_lost_after_the_invoice_was_issued_anew(
    payer: Payer, member: Person, clerk: Actor, run_jobs: Any
) -> None:
    first = given.invoice_of(member)
    issue_anew(first, clerk)
    settle_down(payer, run_jobs)
    assert state(member) is TermState.ACTIVE
    lose(payer, first, run_jobs)
    assert standing(member) == (ReceivableState.UNPAID, 0)
    assert state(member) is TermState.AWAITING_PAYMENT


def test_money_that_is_moved_back_carries_nothing(
    payer: Payer, member: Person, clerk: Actor, run_jobs: Any
) -> None:
    new = issue_anew(given.invoice_of(member), clerk)
    settle_down(payer, run_jobs)
    with transaction():
        undo_move(move=db.session.query(AdvanceMove).one(), reason="誤り", by=clerk)
    assert state(member) is TermState.AWAITING_PAYMENT
    assert standing(member) == (ReceivableState.UNPAID, 0)
    assert owed(new).outstanding_yen == 2_200_000


def test_money_of_a_later_invoice_leaves_the_membership_alone(
    payer: Payer, member: Person, clerk: Actor, run_jobs: Any
) -> None:
    """In December the contract still rests on the first invoice, which stays settled."""
    with season.on(given.DECEMBER):
        payer.stand_in.control.move_clock(at=clock.now().timestamp())
        given.upgrade(member, "A")
        settle_down(payer, run_jobs)
        with transaction():
            undo_move(move=db.session.query(AdvanceMove).one(), reason="誤り", by=clerk)
        assert standing(member)[0] == ReceivableState.OVERPAID
        assert state(member) is TermState.ACTIVE


def test_an_advance_of_the_invoice_covers_what_is_moved_away(app: Flask, clerk: Actor) -> None:
    """Nobody hears of an invoice on which as much settles as before."""
    payer = company()
    source, target = bill(payer), bill(payer)
    for key, invoice, yen in (("a", source, 1_200_000), ("b", target, 1_000_000)):
        with transaction():
            record_bank_payment(
                invoice=any_invoice(invoice.id), amount_yen=yen, received_on=clock.today(), payer_name="", by=clerk, once=key
            )  # fmt: skip
    with transaction():
        move = move_advance(
            source=any_invoice(source.id), target=any_invoice(target.id), amount_yen=100_000, reason="r", by=clerk, source_key="m"
        )  # fmt: skip
    with transaction():
        record_bank_payment(
            invoice=any_invoice(target.id), amount_yen=100_000, received_on=clock.today(), payer_name="", by=clerk, once="c"
        )  # fmt: skip
    heard: list[int] = []
    listening = invoice_reopened.connected_to(lambda invoice, **more: heard.append(invoice.id))
    with listening, transaction():
        undo_move(move=db.session.get_one(AdvanceMove, move.id), reason="誤り", by=clerk)
    assert heard == []
    assert owed(target).state is ReceivableState.PAID


@pytest.mark.parametrize(
    ("before", "now", "falls"),
    [
        (Debt(100, 0), Debt(100, 100), True),
        (Debt(100, 0), Debt(100, 0), False),
        (Debt(100, 60), Debt(100, 100), True),
        (Debt(100, 60), Debt(100, 60), False),
        (Debt(100, 60), Debt(100, 30), False),
        (Debt(100, 60), Debt(100, 0, 0, 70), False),  # given back: nothing is owed
        (Debt(100, 0, 0, 40), Debt(100, 40, 0, 0), True),  # a credit that had settled it is undone
        (Debt(100, 30, 0, 30), Debt(100, 60, 0, 0), False),
    ],
)
def test_what_counts_as_less(before: Debt, now: Debt, falls: bool) -> None:
    assert before.falls_to(now) is falls


@pytest.mark.parametrize("is_back", [False, True], ids=["upgraded", "taken back"])
def test_nobody_stays_a_member_on_an_invoice_that_was_given_back_whole(clerk: Actor, is_back: bool) -> None:
    """The money of the old invoice had been brought back to it before. Mutant: nothing follows while another invoice stands."""
    with season.on(given.DECEMBER):
        admin = given.member("C")
        change = given.upgrade(admin).id
        rollback()
        first = db.session.get_one(TierChange, change).credited_invoice_id or 0
        for move in [each.id for each in db.session.query(AdvanceMove)]:
            with transaction():
                undo_move(move=db.session.get_one(AdvanceMove, move), reason="誤り", by=clerk)
        if is_back:
            given.take_back(db.session.get_one(TierChange, change))
            rollback()
        assert state(admin) is TermState.ACTIVE
        rest = left_of_lines(any_invoice(first))
        rollback()
        with transaction():
            issue_credit_note(
                invoice=any_invoice(first), amounts=rest, reason="返還", by=clerk, source_key="whole"
            )
        rollback()
        bill_now = leading_bill(given.term_of(admin).id)
        assert bill_now is not None
        assert bill_now.debt.settled_yen == 0
        assert state(admin) is TermState.AWAITING_PAYMENT
        assert book_problems() == []
