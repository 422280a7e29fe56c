"""Refunds through the provider: asked, sent, waiting, failing, made there without us; the books fit at every step."""

from __future__ import annotations

import pytest

from portal.accounts.enums import Role
from portal.billing.enums import DifferenceKind, PayMethod, ReceivableState
from portal.billing.models import PayerBalance, ProviderDifference, Refund, RefundOrder, RefundReversal
from portal.billing.queries.invoices import any_invoice
from portal.billing.queries.refundable import refundable
from portal.billing.returns import Booking, OrderKind, OrderState
from portal.billing.services.comparison import compare_with_provider
from portal.billing.services.replacements import Replacement, replace_invoice
from portal.billing.services.returns import foreign
from portal.billing.services.returns.orders import order_refund
from portal.billing.services.returns.sending import send_refund
from portal.core.db import db
from portal.core.errors import Refused
from portal.core.transaction import rollback, transaction
from portal.domain.ledger import Account
from portal.gateways.payments import ProviderUnavailable
from portal.notifications.models import Message
from tests.billing.payer import Payer
from tests.billing.returning import (
    ask_back,
    attempt_of,
    balances,
    give_back,
    orders,
    owed,
    paid_by_card,
    settle_down,
)
from tests.support.billing import bill, buyer, fee
from tests.support.people import actor_of, company, person, staff

pytestmark = pytest.mark.database


@pytest.fixture
def contact(app):
    return actor_of(person(at=company(), roles=(Role.BILLING,)))


@pytest.fixture
def clerk(app):
    return actor_of(staff(Role.SECRETARIAT))


def mails(event: str) -> list[Message]:
    rollback()
    return db.session.query(Message).filter_by(event=f"billing/{event}").all()


def test_a_card_payment_goes_back_in_part(payer: Payer, contact, clerk, run_jobs) -> None:
    invoice = paid_by_card(payer, contact, run_jobs)
    give_back(invoice, clerk, 400_000)
    ask_back(invoice, clerk, 440_000)
    assert (owed(invoice).excess_yen, owed(invoice).state) == (0, ReceivableState.PAID)
    assert balances()[Account.REFUNDS_UNDER_WAY] == -440_000
    settle_down(payer, run_jobs)
    (order,) = orders()
    assert (order.state, order.booking, order.kind) == (
        OrderState.SUCCEEDED,
        Booking.ADVANCE,
        OrderKind.PAYMENT,
    )
    assert owed(invoice).state is ReceivableState.PAID
    assert balances() == {
        Account.STRIPE_CLEARING: 660_000, Account.FEE_REVENUE: -600_000, Account.TAX_PAYABLE: -60_000,
    }  # fmt: skip
    assert db.session.query(Refund).one().amount_yen == 440_000
    assert len(mails("refund_given_back")) == 1
    assert "440,000" in mails("refund_given_back")[0].text
    compare_with_provider()
    assert db.session.query(ProviderDifference).count() == 0
    owed(invoice)


def test_only_an_advance_of_this_payment_goes_back(payer: Payer, contact, clerk, run_jobs) -> None:
    invoice = paid_by_card(payer, contact, run_jobs)
    for amount in (1, 0):
        with pytest.raises(Refused) as refused:
            ask_back(invoice, clerk, amount)
        assert refused.value.field == "amount_yen"
    give_back(invoice, clerk, 100_000)
    with pytest.raises(Refused):
        ask_back(invoice, clerk, 110_001)
    assert ask_back(invoice, clerk, 60_000).id == ask_back(invoice, clerk, 60_000).id
    ask_back(invoice, clerk, 50_000, once="second")
    with pytest.raises(Refused):
        ask_back(invoice, clerk, 1, once="third")
    settle_down(payer, run_jobs)
    assert [each.state for each in orders()] == [OrderState.SUCCEEDED] * 2
    owed(invoice)


@pytest.mark.parametrize("waiting", ["pending", "requires_action"])
@pytest.mark.parametrize("end", ["succeeded", "failed", "canceled"])
def test_a_refund_waits_and_ends(payer: Payer, contact, clerk, run_jobs, waiting: str, end: str) -> None:
    invoice = paid_by_card(payer, contact, run_jobs)
    give_back(invoice, clerk, 400_000)
    payer.stand_in.control.begin_refunds_as(waiting)
    ask_back(invoice, clerk, 440_000)
    settle_down(payer, run_jobs)
    (order,) = orders()
    assert order.state.value in ("refund_pending", "requires_action")
    assert (owed(invoice).excess_yen, db.session.query(Refund).count()) == (0, 0)
    payer.stand_in.control.decide_refund(order.provider_id, end)
    settle_down(payer, run_jobs)
    went = end == "succeeded"
    assert owed(invoice).excess_yen == (0 if went else 440_000)
    assert db.session.query(Refund).count() == went
    assert len(mails("refund_failed")) == (not went)
    assert Account.REFUNDS_UNDER_WAY not in balances()


def test_a_refund_that_the_bank_sends_back_is_an_advance_again(
    payer: Payer, contact, clerk, run_jobs
) -> None:
    invoice = paid_by_card(payer, contact, run_jobs)
    give_back(invoice, clerk, 400_000)
    ask_back(invoice, clerk, 440_000)
    settle_down(payer, run_jobs)
    (order,) = orders()
    payer.stand_in.control.decide_refund(order.provider_id, "failed")
    settle_down(payer, run_jobs)
    assert orders()[0].state is OrderState.FAILED
    assert (owed(invoice).state, owed(invoice).excess_yen) == (ReceivableState.OVERPAID, 440_000)
    assert db.session.query(RefundReversal).count() == 1
    assert balances()[Account.STRIPE_CLEARING] == 1_100_000
    payer.stand_in.control.begin_refunds_as("succeeded")
    ask_back(invoice, clerk, 440_000, once="again")
    settle_down(payer, run_jobs)
    assert (owed(invoice).excess_yen, balances()[Account.STRIPE_CLEARING]) == (0, 660_000)


def test_what_the_provider_refuses_is_an_advance_again(payer: Payer, contact, clerk, run_jobs) -> None:
    """Somebody has given all of it back on the provider's pages a moment before."""
    invoice = paid_by_card(payer, contact, run_jobs)
    give_back(invoice, clerk, 1_000_000)
    payer.provider.refund(
        payment_intent_id=attempt_of(invoice).intent_id, amount_yen=1_100_000, idempotency_key="there"
    )
    ask_back(invoice, clerk, 1_100_000)
    run_jobs()
    assert orders()[0].state is OrderState.FAILED
    assert owed(invoice).excess_yen in (0, 1_100_000)
    settle_down(payer, run_jobs)
    assert (owed(invoice).state, owed(invoice).excess_yen) == (ReceivableState.CANCELLED, 0)
    assert sorted(each.state.value for each in orders()) == ["failed", "succeeded"]


def test_a_transfer_goes_back_to_the_payers_bank(payer: Payer, contact, clerk, run_jobs) -> None:
    invoice = bill(company())
    attempt = payer.open(invoice, contact, PayMethod.BANK_TRANSFER)
    payer.transfer(payer.choose(attempt, "bank_transfer"), 1_100_000)
    settle_down(payer, run_jobs)
    give_back(invoice, clerk, 100_000)
    ask_back(invoice, clerk, 110_000)
    settle_down(payer, run_jobs)
    first, second = orders()
    assert (first.kind, second.kind) == (OrderKind.PAYMENT, OrderKind.BALANCE)
    assert {first.state, second.state} == {OrderState.SUCCEEDED}
    assert db.session.query(PayerBalance).one().balance_yen == 0
    assert (owed(invoice).excess_yen, balances()[Account.STRIPE_CLEARING]) == (0, 990_000)
    assert len(mails("refund_given_back")) == 1


def test_a_transfer_whose_bank_refuses_it_stays_in_the_payers_balance(
    payer: Payer, contact, clerk, run_jobs
) -> None:
    invoice = bill(company())
    attempt = payer.open(invoice, contact, PayMethod.BANK_TRANSFER)
    payer.transfer(payer.choose(attempt, "bank_transfer"), 1_100_000)
    settle_down(payer, run_jobs)
    give_back(invoice, clerk, 100_000)
    ask_back(invoice, clerk, 110_000)
    settle_down(payer, run_jobs)
    payer.stand_in.control.decide_refund(orders()[1].provider_id, "failed")
    settle_down(payer, run_jobs)
    assert [each.state for each in orders()] == [OrderState.SUCCEEDED, OrderState.FAILED]
    assert db.session.query(PayerBalance).one().balance_yen == 110_000
    assert len(mails("refund_failed")) == 1
    owed(invoice)


def test_a_part_that_arrived_for_a_cancelled_invoice_goes_back(
    payer: Payer, contact, clerk, run_jobs
) -> None:
    """The payment is given up at the provider: what had come of it can be sent to the payer's bank."""
    invoice = bill(company())
    attempt = payer.open(invoice, contact, PayMethod.BANK_TRANSFER)
    payer.transfer(payer.choose(attempt, "bank_transfer"), 300_000)
    settle_down(payer, run_jobs)
    give_back(invoice, clerk, 1_000_000)
    with pytest.raises(Refused):
        ask_back(invoice, clerk, 299_999)
    ask_back(invoice, clerk, 300_000)
    settle_down(payer, run_jobs)
    assert [each.kind for each in orders()] == [OrderKind.PART, OrderKind.BALANCE]
    assert {each.state for each in orders()} == {OrderState.SUCCEEDED}
    assert owed(invoice).state is ReceivableState.CANCELLED
    assert Account.STRIPE_CLEARING not in balances()
    compare_with_provider()
    assert db.session.query(ProviderDifference).count() == 0


def refund_there(payer: Payer, invoice, amount: int, key: str = "there") -> str:
    intent = attempt_of(invoice).intent_id
    return payer.provider.refund(payment_intent_id=intent, amount_yen=amount, idempotency_key=key).id


def test_a_refund_made_there_is_booked_when_there_is_an_advance(
    payer: Payer, contact, clerk, run_jobs
) -> None:
    invoice = paid_by_card(payer, contact, run_jobs)
    give_back(invoice, clerk, 100_000)
    refund_there(payer, invoice, 110_000)
    settle_down(payer, run_jobs)
    assert (owed(invoice).excess_yen, balances()[Account.STRIPE_CLEARING]) == (0, 990_000)
    assert db.session.query(ProviderDifference).count() == 0


def test_a_refund_made_there_without_an_advance_is_decided_by_one_click(
    payer: Payer, contact, clerk, run_jobs
) -> None:
    owing, credited = (paid_by_card(payer, contact, run_jobs) for _n in range(2))
    for each in (owing, credited):
        refund_there(payer, each, 110_000, f"there{each.id}")
    settle_down(payer, run_jobs)
    kinds = [each.kind for each in db.session.query(ProviderDifference)]
    assert kinds == [DifferenceKind.REFUNDED] * 2
    first, second = orders()
    assert {owed(each).state for each in (owing, credited)} == {ReceivableState.PAID}
    with transaction():
        foreign.book_as_owed(order=db.session.merge(first), reason="二重払い", by=clerk)
    assert (owed(owing).state, owed(owing).outstanding_yen) == (ReceivableState.PARTLY_PAID, 110_000)
    with pytest.raises(Refused), transaction():
        foreign.book_as_advance(order=db.session.merge(second), by=clerk)
    rollback()
    give_back(credited, clerk, 100_000)
    for _again in range(2):
        try:
            with transaction():
                foreign.book_as_advance(order=db.session.get_one(RefundOrder, second.id), by=clerk)
        except Refused:
            continue
    assert (owed(credited).state, owed(credited).excess_yen) == (ReceivableState.PAID, 0)
    assert balances()[Account.STRIPE_CLEARING] == 2_200_000 - 220_000


def test_a_refund_that_had_reopened_the_invoice_and_fails_pays_it_again(
    payer: Payer, contact, clerk, run_jobs
) -> None:
    invoice = paid_by_card(payer, contact, run_jobs)
    name = refund_there(payer, invoice, 110_000)
    settle_down(payer, run_jobs)
    with transaction():
        foreign.book_as_owed(order=db.session.query(RefundOrder).one(), reason="x", by=clerk)
    payer.stand_in.control.decide_refund(name, "failed")
    settle_down(payer, run_jobs)
    assert owed(invoice).state is ReceivableState.PAID
    assert balances()[Account.STRIPE_CLEARING] == 1_100_000


def test_news_of_refunds_doubled_and_shuffled_books_once(payer: Payer, contact, clerk, run_jobs) -> None:
    invoice = paid_by_card(payer, contact, run_jobs)
    give_back(invoice, clerk, 400_000)
    payer.stand_in.control.begin_refunds_as("pending")
    ask_back(invoice, clerk, 440_000)
    run_jobs()
    payer.stand_in.control.decide_refund(orders()[0].provider_id, "succeeded")
    news = payer.news()
    for body, headers in [*reversed(news), *news, *news[::2]]:
        assert payer.post(body, headers) == 200
    run_jobs()
    assert db.session.query(Refund).count() == 1
    assert (owed(invoice).excess_yen, balances()[Account.STRIPE_CLEARING]) == (0, 660_000)


def test_an_order_whose_answer_got_lost_is_not_sent_twice(
    payer: Payer, contact, clerk, run_jobs, monkeypatch
) -> None:
    """After a day the provider has forgotten the key; so we look before we ask."""
    invoice = paid_by_card(payer, contact, run_jobs)
    give_back(invoice, clerk, 400_000)
    order_id = ask_back(invoice, clerk, 440_000).id
    real = payer.provider.refund

    def loses_the_answer(**asked):
        real(**asked)
        raise ProviderUnavailable("the line is cut")

    monkeypatch.setattr(payer.provider, "refund", loses_the_answer, raising=False)
    rollback()
    with pytest.raises(ProviderUnavailable):
        send_refund(order_id)
    monkeypatch.undo()
    payer.stand_in.control.move_clock(advance=90_000)
    rollback()
    send_refund(order_id)
    assert orders()[0].state is OrderState.SUCCEEDED
    assert payer.provider.fetch_payment_intent(attempt_of(invoice).intent_id).refunded_yen == 440_000
    owed(invoice)


def test_an_order_that_was_never_sent_is_sent_by_the_comparison(
    payer: Payer, contact, clerk, run_jobs
) -> None:
    from portal.jobs.models import Job

    invoice = paid_by_card(payer, contact, run_jobs)
    give_back(invoice, clerk, 400_000)
    ask_back(invoice, clerk, 440_000)
    with transaction() as session:
        session.query(Job).filter_by(name="billing.send_refund").delete()
    compare_with_provider()
    run_jobs()
    assert orders()[0].state is OrderState.SUCCEEDED
    owed(invoice)


def test_the_books_are_verified_against_refunds_and_cases(payer: Payer, contact, clerk, run_jobs) -> None:
    """An order, a case or a loss that the books do not know is a problem that `renkei books verify` names."""
    from portal.billing.models import Dispute, WriteOff
    from portal.billing.queries.book_rules import book_problems
    from portal.billing.returns import DisputeState, OrderOrigin
    from portal.core import clock

    invoice = paid_by_card(payer, contact, run_jobs)
    attempt_id = attempt_of(invoice).id
    whose = {"organisation_id": invoice.organisation_id, "invoice_id": invoice.id, "attempt_id": attempt_id}
    order = {
        "kind": OrderKind.PAYMENT,
        "origin": OrderOrigin.OFFICE,
        "booking": Booking.ADVANCE,
        "created_at": clock.now(),
    }
    planted = (
        RefundOrder(key="a", amount_yen=5, state=OrderState.PENDING, **whose, **order),
        RefundOrder(key="b", amount_yen=7, state=OrderState.SUCCEEDED, **whose, **order),
        Dispute(
            provider_id="dp_x", amount_yen=9, held_yen=9, fee_yen=3, state=DisputeState.NEEDS_RESPONSE, opened_at=clock.now(), **whose
        ),
        WriteOff(source="x", invoice_id=invoice.id, amount_yen=4, reason="x", written_off_on=clock.today(), created_at=clock.now()),
    )  # fmt: skip
    owed(invoice)
    with transaction() as session:
        session.add_all(planted)
    found = {(problem.expected, problem.found) for problem in book_problems()}
    assert {(5, 0), (7, 0), (9, 0), (3, 0), (4, 0)} <= found


def test_money_that_was_moved_goes_back_from_the_invoice_where_it_is(
    payer: Payer, contact, clerk, run_jobs
) -> None:
    """Paid by card, issued anew over less, then the new one is given back: it goes to the card, once."""
    invoice = paid_by_card(payer, contact, run_jobs)
    with transaction():
        new = replace_invoice(
            invoice=any_invoice(invoice.id),
            wanted=Replacement(buyer=buyer(), subject={"ja": "会費", "en": "Fee"}, purchase_order="", lines=[fee(900_000)]),
            reason="金額の誤り", by=clerk, source_key="anew",
        )  # fmt: skip
    give_back(new, clerk, 900_000)
    number = attempt_of(invoice).id
    assert [(each.attempt.id, each.left_yen) for each in refundable(any_invoice(new.id))] == [
        (number, 990_000)
    ]

    def ask(of, amount: int) -> None:
        with transaction():
            order_refund(
                invoice=any_invoice(of.id), attempt_id=number, amount_yen=amount, note="", by=clerk, once=str(amount)
            )  # fmt: skip

    ask(new, 990_000)
    settle_down(payer, run_jobs)
    assert (owed(new).state, owed(new).excess_yen) == (ReceivableState.CANCELLED, 0)
    assert [each.left_yen for each in refundable(any_invoice(invoice.id))] == [110_000]
    with pytest.raises(Refused):
        ask(new, 1)
    ask(invoice, 110_000)
    settle_down(payer, run_jobs)
    assert (owed(invoice).excess_yen, {each.state for each in orders()}) == (0, {OrderState.SUCCEEDED})
    assert Account.STRIPE_CLEARING not in balances()
    compare_with_provider()
    assert db.session.query(ProviderDifference).count() == 0
