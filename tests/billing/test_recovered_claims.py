"""Money moves on a claim that was written off: by itself it takes the whole write-off back first, by hand it is refused."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select

from portal.accounts.enums import Role
from portal.audit.models import AuditEntry
from portal.billing.enums import PayMethod, ReceivableState
from portal.billing.models import (
    AdvanceMove,
    CheckoutAttempt,
    Invoice,
    JournalEntry,
    PayerBalance,
    Payment,
    Receipt,
    WebhookEvent,
    WriteOffReversal,
)
from portal.billing.queries.invoices import any_invoice
from portal.billing.queries.returns import find_write_off
from portal.billing.services import events, settlement
from portal.billing.services.advances import undo_move
from portal.billing.services.bank.applying import Share, apply_deposit
from portal.billing.services.returns.writeoffs import undo_write_off, write_off
from portal.billing.services.reversals import reverse_payment
from portal.billing.signals import invoice_paid
from portal.core import clock
from portal.core.db import db
from portal.core.errors import OutOfDate, Refused
from portal.core.transaction import rollback, transaction
from portal.domain.ledger import Account, EntryKind
from portal.domain.settlement import Debt
from portal.notifications.models import Message
from tests.billing.payer import Payer
from tests.billing.returning import balances, owed, settle_down
from tests.billing.test_crashes import every, fits, killed_at, points
from tests.billing.test_receipts_of_advances import move, pay
from tests.billing.test_writeoffs import off, text
from tests.support import bank
from tests.support.billing import bill, fee
from tests.support.people import actor_of, browser_of, company, person, staff
from tests.support.races import at_once


@pytest.fixture
def clerk(app: Flask) -> Any:
    return actor_of(staff(Role.SECRETARIAT))


@pytest.fixture
def contact(app: Flask) -> Any:
    return actor_of(person(at=company(), roles=(Role.BILLING,)))


def waiting(payer: Payer, contact: Any) -> tuple[Invoice, str]:
    """An invoice with an account of the company's own at the provider, and whose that is."""
    invoice = bill(company())
    customer = payer.choose(payer.open(invoice, contact, PayMethod.BANK_TRANSFER), "bank_transfer")
    return invoice, customer


def mails(event: str) -> list[Message]:
    rollback()
    return [each for each in db.session.query(Message) if each.event == f"billing/{event}"]


def last_entry() -> int | None:
    rollback()
    return db.session.scalars(select(JournalEntry.id).order_by(JournalEntry.id.desc())).first()


@pytest.mark.database
def test_what_comes_late_pays_the_claim_whole_with_a_receipt(
    payer: Payer, contact: Any, clerk: Any, run_jobs: Callable[[], int]
) -> None:
    invoice, customer = waiting(payer, contact)
    off(invoice, clerk)
    payer.transfer(customer, 1_100_000)
    paid: list[int] = []
    with invoice_paid.connected_to(lambda sender, **more: paid.append(sender.id)):
        settle_down(payer, run_jobs)
    found = owed(invoice)
    assert (found.state, found.written_off_yen, found.excess_yen) == (ReceivableState.PAID, 0, 0)
    assert (balances().get(Account.LOSSES, 0), balances()[Account.STRIPE_CLEARING]) == (0, 1_100_000)
    assert paid == [invoice.id]
    assert db.session.query(Receipt).one().received_yen == 1_100_000
    assert len(mails("receipt_issued")) == 1
    (told,) = mails("write_off_undone")
    assert told.address == clerk.email
    assert invoice.number in told.text
    assert "¥1,100,000の入金がありました" in told.text
    trail = [each.verb for each in db.session.query(AuditEntry).order_by(AuditEntry.id)]
    assert trail.count("invoice.recovered") == 1
    assert trail.index("invoice.recovered") < trail.index("invoice.paid")
    for body, headers in payer.news():
        payer.post(body, headers)
    settle_down(payer, run_jobs)
    assert (owed(invoice).state, db.session.query(WriteOffReversal).count()) == (ReceivableState.PAID, 1)


@pytest.mark.database
def test_a_part_that_comes_late_leaves_the_rest_to_be_paid(
    app: Flask, payer: Payer, contact: Any, clerk: Any, run_jobs: Callable[[], int]
) -> None:
    invoice, customer = waiting(payer, contact)
    off(invoice, clerk)
    payer.transfer(customer, 400_000)
    settle_down(payer, run_jobs)
    found = owed(invoice)
    assert (found.outstanding_yen, found.claimed_yen, found.excess_yen, found.written_off_yen) == (700_000, 700_000, 0, 0)  # fmt: skip
    page = text(browser_of(app, staff(Role.SECRETARIAT)), f"/staff/billing/invoices/{invoice.id}")
    assert "入金などの動きがあったため自動的に取消" in page
    assert "前受金として" not in page
    off(invoice, clerk, 700_000, "again")
    assert owed(invoice).claimed_yen == 700_000


@pytest.mark.database
def test_hands_are_told_to_undo_it_first_at_every_door(clerk: Any) -> None:
    """A transfer, a deposit, a payment or an advance that is taken back: the same words, and nothing is written."""
    body = company()
    first, second = bill(body, fee(100_000)), bill(body, fee(1_000_000))
    pay(first, 160_000, clerk)
    number = move(first, second, 50_000, clerk)
    pay(second, 300_000, clerk)
    off(second, clerk, 750_000)
    bank.bring(bank.transfer(750_000, "ダレカ"), by=clerk)
    share = Share(second.id, 750_000, 0, 0)

    def deposit() -> None:
        apply_deposit(deposit=bank.deposits()[0], shares=[share], seen=0, by=clerk)

    def back() -> None:
        undo_move(move=db.session.get_one(AdvanceMove, number), reason="x", by=clerk)

    def reverse() -> None:
        row = db.session.scalars(select(Payment).order_by(Payment.id.desc())).first()
        assert row is not None
        reverse_payment(payment=row, invoice=any_invoice(second.id), reason="x", by=clerk)

    before = last_entry()
    for deed in (lambda: pay(second, 1, clerk), deposit, reverse, back):
        with pytest.raises(Refused) as refused, transaction():
            deed()
        assert "先に請求書の画面で貸倒処理を取り消してください" in str(refused.value.message), deed
    assert last_entry() == before
    assert owed(second).claimed_yen == 750_000


@pytest.mark.database
def test_money_that_the_card_company_takes_back_makes_all_of_it_owed(
    payer: Payer, contact: Any, clerk: Any, run_jobs: Callable[[], int]
) -> None:
    """300,000 yen of 1,100,000 are here by card, the rest is written off; then the card payment is contested, and lost."""
    invoice = bill(company())
    pay(invoice, 800_000, clerk)
    payer.choose(payer.open(any_invoice(invoice.id), contact), "card")
    settle_down(payer, run_jobs)
    with transaction():
        first = db.session.query(Payment).order_by(Payment.id).first()
        assert first is not None
        reverse_payment(payment=first, invoice=any_invoice(invoice.id), reason="x", by=clerk)
    off(invoice, clerk, 800_000)
    control = payer.stand_in.control
    intent = str(db.session.query(CheckoutAttempt).one().intent_id)
    control.decide_dispute(str(control.dispute(intent)["id"]), "lost")
    settle_down(payer, run_jobs)
    found = owed(invoice)
    assert (found.outstanding_yen, found.written_off_yen, found.state) == (
        1_100_000,
        0,
        ReceivableState.UNPAID,
    )
    (told,) = mails("write_off_undone")
    assert "決済サービス側で動きがありました" in told.text


@pytest.mark.database
def test_nobody_is_advised_to_send_back_what_is_for_a_claim_that_was_written_off(
    app: Flask, clerk: Any
) -> None:
    """On the page of a deposit in the company's name, and on that of its money at the provider."""
    body = company()
    invoice = bill(body)
    bank.know(body, "ミホンセイヤク", clerk)
    off(invoice, clerk)
    bank.bring(bank.transfer(1_100_000, "ミホンセイヤク"), by=clerk)
    with transaction() as session:
        held = PayerBalance(customer="cus_1", organisation_id=body.id, balance_yen=700, seen_at=clock.now())
        session.add(held)
    urls = (f"/staff/billing/deposits/{bank.deposits()[0].id}", f"/staff/billing/balances/{held.id}")
    office = browser_of(app, staff(Role.SECRETARIAT))
    for url in urls:
        page = text(office, url)
        assert f"{invoice.number}</a>の¥1,100,000は貸倒処理済みです" in page, url


def test_recovering_survives_a_kill_anywhere(app: Flask, payer: Payer, contact: Any, clerk: Any) -> None:
    died = 0

    def prepared() -> tuple[int, Callable[[], object]]:
        invoice, customer = waiting(payer, contact)
        number = off(invoice, clerk, source=f"w{invoice.id}").invoice_id
        payer.transfer(customer, 1_100_000)
        payer.deliver()
        rollback()
        paid = select(WebhookEvent.id).where(WebhookEvent.type == "payment_intent.succeeded")
        event_id = db.session.scalars(paid.order_by(WebhookEvent.id.desc())).first()
        rollback()
        return number, lambda: events.apply_event(int(event_id or 0))

    _first, work = prepared()
    for point in range(0, points(app, work) + 1, every()):
        number, work = prepared()
        died += killed_at(app, point, work)
        assert fits(number) in (ReceivableState.CANCELLED, ReceivableState.PAID)
        work()
        work()
        found = owed(any_invoice(number))
        assert (found.state, found.written_off_yen, found.excess_yen) == (ReceivableState.PAID, 0, 0)
    assert died >= 3


@pytest.mark.database
def test_writing_off_undoing_and_paying_at_once_end_paid(
    app: Flask, payer: Payer, contact: Any, clerk: Any
) -> None:
    """Whoever comes first: the money settles the claim, and one reversal stands for each write-off."""
    invoice, customer = waiting(payer, contact)
    row, number = off(invoice, clerk).id, invoice.id
    payer.transfer(customer, 1_100_000)
    payer.deliver()
    rollback()
    news = list(db.session.scalars(select(WebhookEvent.id).order_by(WebhookEvent.id)))
    rollback()

    def undone() -> bool:
        with transaction():
            found = find_write_off(row)
            undo_write_off(row=found, invoice=any_invoice(found.invoice_id), reason="x", by=clerk)
        return True

    def again() -> bool:
        with transaction():
            write_off(invoice=any_invoice(number), owed_yen=1_100_000, reason="x", by=clerk, source="again")
        return True

    calls = [lambda n=n: events.apply_event(n) for n in news]  # type: ignore[misc]
    done = at_once(app, *calls, undone, undone, again)
    assert all(each is None or each is True or isinstance(each, Refused | OutOfDate) for each in done), done
    for each in news:
        events.apply_event(each)
    found = owed(any_invoice(number))
    assert (found.state, found.written_off_yen, found.excess_yen) == (ReceivableState.PAID, 0, 0)
    undone_entries = select(JournalEntry).where(JournalEntry.kind == EntryKind.WRITE_OFF_UNDONE)
    assert len(db.session.scalars(undone_entries).all()) == db.session.query(WriteOffReversal).count()


@pytest.mark.database
def test_a_hand_that_read_before_it_was_written_off_is_refused(clerk: Any, monkeypatch: Any) -> None:
    invoice = bill(company())
    off(invoice, clerk)
    fresh, calls = settlement.debt_of, []

    def old_at_first(invoice_id: int) -> Debt:
        calls.append(1)
        return Debt(1_100_000, 1_100_000) if len(calls) <= 2 else fresh(invoice_id)

    monkeypatch.setattr(settlement, "debt_of", old_at_first)
    with pytest.raises(Refused):
        pay(invoice, 1_100_000, clerk)
    monkeypatch.setattr(settlement, "debt_of", fresh)
    assert (len(calls), owed(invoice).written_off_yen, db.session.query(Payment).count()) == (3, 1_100_000, 0)
