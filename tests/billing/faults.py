"""What must not go wrong with money, one function each: it raises AssertionError when it does.

`test_faults` runs them on the real code, and each again on the mutant that it must fail.
"""

from __future__ import annotations

import threading
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import func, select, update
from sqlalchemy.exc import DatabaseError, IntegrityError, OperationalError

from portal.billing.documents import party
from portal.billing.enums import AttemptState, PayMethod, ReceivableState
from portal.billing.models import (
    AdvanceMove,
    CreditNote,
    Invoice,
    NumberSeries,
    Payment,
    Receivable,
    Refund,
    WebhookEvent,
)
from portal.billing.queries.book_rules import book_problems
from portal.billing.queries.claims import claim_problems
from portal.billing.queries.invoices import any_invoice
from portal.billing.services import (
    advances,
    credit_plans,
    credits,
    events,
    news,
    refunds,
    replacements,
    settlement,
)
from portal.billing.services.news import Found
from portal.billing.services.payments import record_bank_payment
from portal.core import clock, transaction
from portal.core.access import Actor
from portal.core.db import db
from portal.core.errors import Refused
from portal.core.transaction import rollback
from portal.domain.settlement import Debt
from tests.billing.payer import Payer, event_of
from tests.support.billing import bill, fee
from tests.support.people import company


@dataclass
class World:
    """Everything that a fault needs."""

    app: Flask
    payer: Payer
    contact: Actor
    clerk: Actor
    run_jobs: Callable[[], int]
    patch: pytest.MonkeyPatch

    def books_fit(self) -> None:
        rollback()
        problems = book_problems()
        assert not problems, [f"{p.rule}: {p.expected} / {p.found}" for p in problems]
        assert list(claim_problems()) == []

    def count(self, model: Any) -> int:
        rollback()
        return int(db.session.scalar(select(func.count()).select_from(model)) or 0)

    def paid(self, invoice: Invoice) -> int:
        rollback()
        total = select(func.coalesce(func.sum(Payment.amount_yen), 0)).where(Payment.invoice_id == invoice.id)
        return int(db.session.scalar(total) or 0)

    def state(self, invoice: Invoice) -> ReceivableState:
        rollback()
        return db.session.get_one(Receivable, invoice.id, populate_existing=True).state

    def card_paid(self) -> Invoice:
        """An invoice paid by card at the provider; the news waits."""
        invoice = bill(company())
        self.payer.choose(self.payer.open(invoice, self.contact), "card")
        return invoice

    def pay_transfer(self, invoice: Invoice, amount_yen: int, once: str) -> None:
        with transaction.transaction():
            record_bank_payment(
                invoice=any_invoice(invoice.id),
                amount_yen=amount_yen,
                received_on=clock.today(),
                payer_name="",
                by=self.clerk,
                once=once,
            )

    def together(self, *works: Callable[[], None]) -> list[BaseException]:
        """Run at once, each in a thread with a session of its own; what they raised."""
        raised: list[BaseException] = []

        def run(work: Callable[[], None]) -> None:
            with self.app.app_context():
                try:
                    work()
                except Exception as error:
                    raised.append(error)
                finally:
                    db.session.remove()

        rollback()
        threads = [threading.Thread(target=run, args=(work,)) for work in works]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join(110)
        return raised


def doubled_deliveries(world: World) -> None:
    """Each event four times: one row each, the money once."""
    invoice = world.card_paid()
    unique = world.payer.news()
    for body, headers in unique * 4:
        assert world.payer.post(body, headers) == 200
    world.run_jobs()
    assert world.count(WebhookEvent) == len(unique)
    assert world.paid(invoice) == 1_100_000
    world.books_fit()


def acknowledged_but_not_kept(world: World) -> None:
    """When the commit fails the provider must not hear 200; what it hears 200 for is there."""
    world.card_paid()
    body, headers = world.payer.news()[0]
    kept_commit = transaction.commit

    def fails() -> None:
        rollback()
        raise OperationalError("COMMIT", {}, Exception("the disk is full"))

    world.patch.setattr(transaction, "commit", fails)
    try:
        answer = world.payer.post(body, headers)
    except OperationalError:  # under test an error reaches us; in service it is a 500
        answer = 500
    world.patch.setattr(transaction, "commit", kept_commit)
    assert answer >= 500
    assert world.count(WebhookEvent) == 0
    assert world.payer.post(body, headers) == 200
    assert world.count(WebhookEvent) == 1


def two_workers_look_at_once(world: World) -> None:
    """Two pieces of news about the same money; both workers have looked before either writes."""
    invoice = world.card_paid()
    for body, headers in world.payer.news():
        assert world.payer.post(body, headers) == 200
    rollback()
    money = select(WebhookEvent.id).where(
        WebhookEvent.type.in_(["payment_intent.succeeded", "charge.succeeded"])
    )
    first, second = db.session.scalars(money).all()
    both, looked = threading.Barrier(2), events.look

    def look_together(event: WebhookEvent) -> Found | None:
        found = looked(event)
        both.wait(30)
        return found

    world.patch.setattr(events, "look", look_together)
    world.together(lambda: events.apply_event(first), lambda: events.apply_event(second))
    world.patch.setattr(events, "look", looked)
    world.run_jobs()
    assert world.paid(invoice) == 1_100_000
    assert world.state(invoice) is ReceivableState.PAID
    world.books_fit()


def the_same_news_by_two_workers(world: World) -> None:
    """One event run by two workers at once is applied by one of them."""
    invoice = world.card_paid()
    for body, headers in world.payer.news():
        world.payer.post(body, headers)
    rollback()
    paid = select(WebhookEvent.id).where(WebhookEvent.type == "payment_intent.succeeded")
    event_id = int(db.session.scalars(paid).one())
    both, looked, applied = threading.Barrier(2), events.look, []
    really = news.apply

    def look_together(event: WebhookEvent) -> Found | None:
        found = looked(event)
        both.wait(30)
        return found

    def note(*args: Any, **more: Any) -> Any:
        applied.append(1)
        return really(*args, **more)

    world.patch.setattr(events, "look", look_together)
    world.patch.setattr(news, "apply", note)
    world.together(lambda: events.apply_event(event_id), lambda: events.apply_event(event_id))
    assert len(applied) == 1
    assert world.paid(invoice) == 1_100_000


def somebody_paid_in_between(world: World) -> None:
    """What was read is old by the time it is written: the movement starts anew instead of overwriting."""
    invoice = bill(company())
    world.pay_transfer(invoice, 400_000, "first")
    fresh, calls = settlement.debt_of, []

    def old_at_first(invoice_id: int) -> Debt:
        calls.append(1)
        return Debt(1_100_000, 1_100_000) if len(calls) == 2 else fresh(invoice_id)

    world.patch.setattr(settlement, "debt_of", old_at_first)
    world.pay_transfer(invoice, 500_000, "second")
    world.patch.setattr(settlement, "debt_of", fresh)
    rollback()
    assert db.session.get_one(Receivable, invoice.id, populate_existing=True).outstanding_yen == 200_000
    world.books_fit()


def two_transfers_at_once(world: World) -> None:
    """Two clerks record two halves at the same moment: both count."""
    invoice = bill(company())
    raised = world.together(
        *(lambda n=n: world.pay_transfer(invoice, 550_000, f"half{n}") for n in range(2))  # type: ignore[misc]
    )
    assert raised == []
    assert world.state(invoice) is ReceivableState.PAID
    world.books_fit()


def one_form_sent_twice_at_once(world: World) -> None:
    """A double click on "record": one payment."""
    invoice = bill(company())
    raised = world.together(*(lambda: world.pay_transfer(invoice, 300_000, "same") for _n in range(4)))
    assert raised == []
    assert world.paid(invoice) == 300_000
    world.books_fit()


def numbers_with_rollbacks(world: World) -> None:
    """16 writers, a tenth of them roll back: numbers run from 1 without gap or twin."""
    buyers = [company() for _n in range(4)]

    def issue(n: int) -> None:
        with transaction.transaction():
            bill(buyers[n % 4])
            if n % 10 == 3:
                raise RuntimeError("the transaction does not come to its end")

    def writer(first: int) -> None:
        for n in range(first, 64, 16):
            finished = False
            while not finished:
                try:
                    issue(n)
                except OperationalError:  # a busy machine kept the lock for too long: the writer comes again
                    continue
                except RuntimeError:
                    pass
                finished = True

    raised = world.together(*(lambda first=first: writer(first) for first in range(16)))  # type: ignore[misc]
    assert raised == []
    rollback()
    numbers = sorted(db.session.scalars(select(Invoice.series_sequence)))
    assert numbers == list(range(1, len(numbers) + 1))
    assert len(numbers) == 64 - sum(n % 10 == 3 for n in range(64))
    assert db.session.scalar(select(NumberSeries.last)) == len(numbers)
    world.books_fit()


def an_old_look_after_a_new_one(world: World) -> None:
    """A worker that looked early and writes late does not take a payment back."""
    invoice = bill(company())
    attempt = world.payer.open(invoice, world.contact, PayMethod.BANK_TRANSFER)
    customer = world.payer.choose(attempt, "bank_transfer")
    intent_id = str(world.payer.provider.fetch_checkout(str(attempt.session_id)).payment_intent_id)
    early = Found(intent=world.payer.provider.fetch_payment_intent(intent_id))
    world.payer.transfer(customer, 1_100_000)
    world.payer.deliver()
    world.run_jobs()
    with transaction.transaction():
        news.apply(early, on=clock.today(), books_money=True)
    assert world.payer.attempt(attempt.id).state is AttemptState.PAID
    assert world.state(invoice) is ReceivableState.PAID
    world.books_fit()


def a_message_that_lies(world: World) -> None:
    """A well-signed message says paid, the provider's own record does not: no money moves."""
    from portal.gateways.stripe_standin.webhooks import sign

    invoice = bill(company())
    attempt = world.payer.open(invoice, world.contact, PayMethod.BANK_TRANSFER)
    world.payer.choose(attempt, "bank_transfer")
    body, headers = next(
        each for each in world.payer.news() if event_of(each[0])["type"] == "payment_intent.requires_action"
    )
    lie = body.replace(b"requires_action", b"succeeded").replace(
        b'"amount_received": 0', b'"amount_received": 1100000'
    )
    stamp = sign(lie.decode(), world.payer.stand_in.webhook_secret, int(clock.now().timestamp()))
    assert world.payer.post(lie, headers | {"Stripe-Signature": stamp}) == 200
    world.run_jobs()
    assert world.paid(invoice) == 0


def a_message_nobody_signed(world: World) -> None:
    """A forged body is refused and not kept."""
    world.card_paid()
    body, headers = world.payer.news()[0]
    assert world.payer.post(body + b" ", headers) == 400
    assert world.count(WebhookEvent) == 0


def an_invoice_changed_afterwards(world: World) -> None:
    """Issued and received rows can be neither changed nor deleted, whoever tries."""
    invoice = bill(company())
    world.pay_transfer(invoice, 1_100_000, "k")
    names = {name for name, table in db.metadata.tables.items() if table.info.get("frozen")}
    assert {
        "invoices",
        "invoice_lines",
        "quotes",
        "receipts",
        "payments",
        "allocations",
        "journal_entries",
        "ledger_transfers",
    } <= names
    for name in (
        "invoices",
        "invoice_lines",
        "receipts",
        "payments",
        "allocations",
        "journal_entries",
        "ledger_transfers",
    ):
        table = db.metadata.tables[name]
        for statement in (update(table).values(id=table.c.id), table.delete()):
            try:
                with transaction.transaction() as session:
                    session.execute(statement)
            except DatabaseError:
                continue
            raise AssertionError(f"{name} could be changed: {statement}")


def give_back(world: World, invoice: Invoice, key: str) -> None:
    with transaction.transaction():
        whole = any_invoice(invoice.id)
        credits.issue_credit_note(
            invoice=whole, amounts={line.id: line.amount_yen for line in whole.lines}, reason="取消", by=world.clerk, source_key=key
        )  # fmt: skip


def everything_given_back_by_eight_at_once(world: World) -> None:
    """Eight clerks cancel one invoice at the same moment: one credit note, seven refusals."""
    invoice = bill(company())
    raised = world.together(*(lambda n=n: give_back(world, invoice, f"test:{n}") for n in range(8)))  # type: ignore[misc]
    assert [type(each) for each in raised] == [Refused] * 7, raised
    assert world.count(CreditNote) == 1
    assert world.state(invoice) is ReceivableState.CANCELLED
    world.books_fit()


def somebody_gave_back_in_between(world: World) -> None:
    """What was left was read before another clerk gave it back: the second is refused, not issued."""
    invoice = bill(company())
    left, by_rate, debt = (
        credit_plans.left_of_lines(any_invoice(invoice.id)),
        credit_plans.left_to_return(any_invoice(invoice.id)),
        Debt(1_100_000, 1_100_000),
    )
    give_back(world, invoice, "test:first")
    stale = {"left_of_lines": left, "left_to_return": by_rate}
    for name, old in stale.items():
        world.patch.setattr(credit_plans, name, _old_once(old, getattr(credit_plans, name)))
    world.patch.setattr(settlement, "debt_of", _old_once(debt, settlement.debt_of, times=2))
    raised = world.together(lambda: give_back(world, invoice, "test:second"))
    assert [type(each) for each in raised] == [Refused], raised
    assert world.count(CreditNote) == 1
    world.books_fit()


def _old_once(old: Any, fresh: Callable[..., Any], *, times: int = 1) -> Callable[..., Any]:
    calls: list[int] = []

    def read(*args: Any) -> Any:
        calls.append(1)
        return old if len(calls) <= times else fresh(*args)

    return read


def one_advance_paid_back_by_eight_at_once(world: World) -> None:
    """Eight clerks write down the same repayment: the advance goes back once."""
    invoice = bill(company())
    world.pay_transfer(invoice, 1_150_000, "too much")

    def pay_back(n: int) -> None:
        with transaction.transaction():
            refunds.record_refund(
                invoice=any_invoice(invoice.id), amount_yen=50_000, paid_on=clock.today(), note="", by=world.clerk, once=f"r{n}"
            )  # fmt: skip

    raised = world.together(*(lambda n=n: pay_back(n) for n in range(8)))  # type: ignore[misc]
    assert [type(each) for each in raised] == [Refused] * 7, raised
    assert world.count(Refund) == 1
    world.books_fit()


def move_on(world: World, source: Invoice, target: Invoice, key: str, amount_yen: int = 50_000) -> None:
    with transaction.transaction():
        advances.move_advance(
            source=any_invoice(source.id), target=any_invoice(target.id), amount_yen=amount_yen, reason="", by=world.clerk, source_key=key
        )  # fmt: skip


def one_advance_moved_by_eight_at_once(world: World) -> None:
    """Eight clerks move the same advance, four to one invoice and four to another: it goes once."""
    payer = company()
    source, targets = bill(payer), (bill(payer), bill(payer))
    world.pay_transfer(source, 1_150_000, "too much")
    raised = world.together(*(lambda n=n: move_on(world, source, targets[n % 2], f"m{n}") for n in range(8)))  # type: ignore[misc]
    assert [type(each) for each in raised] == [Refused] * 7, raised
    assert world.count(AdvanceMove) == 1
    world.books_fit()


def two_advances_cross(world: World) -> None:
    """Each of two invoices gives to a third and is undone at once with the other's: nobody waits for ever, nothing is lost."""
    payer = company()
    first, second, third = (bill(payer) for _n in range(3))
    for n, source in enumerate((first, second)):
        world.pay_transfer(source, 1_150_000, f"p{n}")
        move_on(world, source, third, f"m{n}")
    rollback()
    moves = db.session.scalars(select(AdvanceMove.id)).all()

    def undo(move_id: int) -> None:
        with transaction.transaction():
            move = db.session.get_one(AdvanceMove, move_id)
            advances.undo_move(move=move, reason="誤り", by=world.clerk)

    works = [lambda move_id=move_id: undo(move_id) for move_id in moves]
    raised = world.together(*works, *works)  # type: ignore[arg-type]
    assert [type(each) for each in raised] in (
        [Refused] * 2,
        [Refused, IntegrityError],
        [IntegrityError] * 2,
    ), raised
    assert world.state(third) is ReceivableState.UNPAID
    world.books_fit()


def somebody_moved_it_in_between(world: World) -> None:
    """The advance was read before another clerk moved it: the second is refused."""
    payer = company()
    source, target = bill(payer), bill(payer)
    world.pay_transfer(source, 1_150_000, "too much")
    old = Debt(1_100_000, 0, 50_000)
    move_on(world, source, target, "m1")
    real, calls = settlement.debt_of, []

    def stale(invoice_id: int) -> Debt:
        calls.append(invoice_id)
        return old if invoice_id == source.id and calls.count(source.id) <= 2 else real(invoice_id)

    world.patch.setattr(settlement, "debt_of", stale)
    raised = world.together(lambda: move_on(world, source, target, "m2"))
    assert [type(each) for each in raised] == [Refused], raised
    assert world.count(AdvanceMove) == 1
    world.books_fit()


def one_invoice_issued_anew_by_eight_at_once(world: World) -> None:
    """Eight clerks correct one amount at the same moment: one new invoice, one credit note, the money moved once."""
    invoice = bill(company())
    world.pay_transfer(invoice, 1_100_000, "all")

    def anew(n: int) -> None:
        with transaction.transaction():
            whole = any_invoice(invoice.id)
            wanted = replacements.Replacement(
                buyer=party(whole.buyer), subject={"ja": "会費", "en": "Fee"}, purchase_order="", lines=[fee(400_000 + n)],
            )  # fmt: skip
            replacements.replace_invoice(
                invoice=whole, wanted=wanted, reason="誤り", by=world.clerk, source_key=f"r{n}"
            )

    raised = world.together(*(lambda n=n: anew(n) for n in range(8)))  # type: ignore[misc]
    assert [type(each) for each in raised] == [Refused] * 7, raised
    assert (world.count(Invoice), world.count(CreditNote), world.count(AdvanceMove)) == (2, 1, 1)
    world.books_fit()


FAULTS = (
    one_invoice_issued_anew_by_eight_at_once,
    one_advance_moved_by_eight_at_once,
    two_advances_cross,
    somebody_moved_it_in_between,
    everything_given_back_by_eight_at_once,
    somebody_gave_back_in_between,
    one_advance_paid_back_by_eight_at_once,
    doubled_deliveries,
    acknowledged_but_not_kept,
    two_workers_look_at_once,
    the_same_news_by_two_workers,
    somebody_paid_in_between,
    two_transfers_at_once,
    one_form_sent_twice_at_once,
    numbers_with_rollbacks,
    an_old_look_after_a_new_one,
    a_message_that_lies,
    a_message_nobody_signed,
    an_invoice_changed_afterwards,
)
