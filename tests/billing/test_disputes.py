"""Contested card payments: money is held apart, owed again only when lost, and the office is told in time."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from portal.accounts.enums import Role
from portal.accounts.models import Organisation
from portal.billing.enums import DifferenceKind, ReceivableState
from portal.billing.models import Dispute, ProviderDifference, Receipt, ReceiptVoid, RefundOrder, WriteOff
from portal.billing.queries.invoices import any_invoice
from portal.billing.queries.returns import claim_of, disputes_of
from portal.billing.returns import DisputeState
from portal.billing.services.advances import move_advance
from portal.billing.services.comparison import compare_with_provider
from portal.billing.services.replacements import Replacement, replace_invoice
from portal.billing.services.returns import disputes, foreign
from portal.billing.services.returns.writeoffs import write_off
from portal.billing.signals import invoice_cancelled, invoice_reopened
from portal.core import clock
from portal.core.db import db
from portal.core.errors import Refused
from portal.core.transaction import rollback, transaction
from portal.domain.ledger import Account
from portal.notifications.models import Message
from tests.billing.payer import Payer
from tests.billing.returning import (
    ask_back,
    attempt_of,
    balances,
    give_back,
    owed,
    paid_by_card,
    settle_down,
)
from tests.billing.test_provider_refunds import refund_there
from tests.support.billing import bill, buyer, fee
from tests.support.people import actor_of, company, person, staff

pytestmark = pytest.mark.database


@pytest.fixture
def contact(app):
    return actor_of(person(at=company(), roles=(Role.BILLING,)))


@pytest.fixture
def clerk(app):
    return actor_of(staff(Role.SECRETARIAT))


@pytest.fixture
def invoice(payer: Payer, contact, clerk, run_jobs):
    return paid_by_card(payer, contact, run_jobs)


def contest(payer: Payer, invoice, **how) -> str:
    return str(payer.stand_in.control.dispute(attempt_of(invoice).intent_id, **how)["id"])


def one() -> Dispute:
    rollback()
    return db.session.query(Dispute).one()


def mails(event: str) -> list[Message]:
    rollback()
    return db.session.query(Message).filter_by(event=f"billing/{event}").all()


def test_what_is_contested_is_held_apart_and_the_invoice_stays_paid(payer: Payer, invoice, run_jobs) -> None:
    contest(payer, invoice)
    settle_down(payer, run_jobs)
    dispute = one()
    assert (dispute.state, dispute.held_yen, dispute.fee_yen) == (
        DisputeState.NEEDS_RESPONSE,
        1_100_000,
        1_500,
    )
    assert owed(invoice).state is ReceivableState.PAID
    kept = balances()
    assert kept[Account.DISPUTED] == 1_100_000
    assert kept[Account.DISPUTE_FEES] == 1_500
    assert kept[Account.STRIPE_CLEARING] == -1_500
    (mail,) = mails("dispute_opened")
    assert invoice.number in mail.text


def test_an_inquiry_takes_nothing(payer: Payer, invoice, run_jobs) -> None:
    name = contest(payer, invoice, is_inquiry=True)
    settle_down(payer, run_jobs)
    assert (one().state, one().held_yen) == (DisputeState.INQUIRY, 0)
    payer.stand_in.control.decide_dispute(name, "warning_closed")
    settle_down(payer, run_jobs)
    assert one().state is DisputeState.CLOSED
    assert balances()[Account.STRIPE_CLEARING] == 1_100_000
    owed(invoice)


def test_what_is_won_comes_back(payer: Payer, invoice, run_jobs) -> None:
    name = contest(payer, invoice)
    payer.stand_in.control.decide_dispute(name, "under_review")
    payer.stand_in.control.decide_dispute(name, "won")
    settle_down(payer, run_jobs)
    assert (one().state, one().held_yen, one().closed_on) == (DisputeState.WON, 0, clock.today())
    assert owed(invoice).state is ReceivableState.PAID
    assert balances()[Account.STRIPE_CLEARING] == 1_098_500
    assert Account.DISPUTED not in balances()
    assert db.session.query(ReceiptVoid).count() == 0


def test_what_is_lost_is_owed_again(payer: Payer, invoice, run_jobs) -> None:
    told = []
    with invoice_reopened.connected_to(lambda sender, **more: told.append(sender.id)):
        payer.stand_in.control.decide_dispute(contest(payer, invoice), "lost")
        settle_down(payer, run_jobs)
    assert told == [invoice.id]
    assert (owed(invoice).state, owed(invoice).outstanding_yen) == (ReceivableState.UNPAID, 1_100_000)
    assert (one().state, one().held_yen) == (DisputeState.LOST, 0)
    assert db.session.query(ReceiptVoid).count() == 1
    assert balances()[Account.STRIPE_CLEARING] == -1_500
    assert len(mails("dispute_ended")) == len(mails("dispute_lost")) == 1
    compare_with_provider()
    assert db.session.query(ProviderDifference).count() == 0


def test_a_part_that_is_lost_is_owed_again(payer: Payer, invoice, run_jobs) -> None:
    payer.stand_in.control.decide_dispute(contest(payer, invoice, amount=100_000), "lost")
    settle_down(payer, run_jobs)
    assert (owed(invoice).state, owed(invoice).outstanding_yen) == (ReceivableState.PARTLY_PAID, 100_000)


def test_what_was_paid_back_before_is_a_loss(payer: Payer, invoice, clerk, run_jobs) -> None:
    """440,000 went back as a refund by bank; the card's holder wins all the same."""
    from portal.billing.services.refunds import record_refund

    give_back(invoice, clerk, 400_000)
    with transaction():
        record_refund(
            invoice=any_invoice(invoice.id), amount_yen=440_000, paid_on=clock.today(), note="", by=clerk, once="b"
        )  # fmt: skip
    payer.stand_in.control.decide_dispute(contest(payer, invoice), "lost")
    settle_down(payer, run_jobs)
    assert owed(invoice).outstanding_yen == 660_000
    assert balances()[Account.LOSSES] == 440_000


def test_an_advance_of_the_invoice_covers_what_is_lost(payer: Payer, invoice, clerk, run_jobs) -> None:
    from portal.billing.services.payments import record_bank_payment

    with transaction():
        record_bank_payment(
            invoice=any_invoice(invoice.id), amount_yen=1_100_000, received_on=clock.today(), payer_name="", by=clerk, once="x"
        )  # fmt: skip
    payer.stand_in.control.decide_dispute(contest(payer, invoice), "lost")
    settle_down(payer, run_jobs)
    assert (owed(invoice).state, owed(invoice).excess_yen) == (ReceivableState.PAID, 0)
    standing = db.session.query(Receipt).count() - db.session.query(ReceiptVoid).count()
    assert standing == 1


def test_a_lost_claim_is_written_off_once_with_a_reason(payer: Payer, invoice, clerk, run_jobs) -> None:
    payer.stand_in.control.decide_dispute(contest(payer, invoice), "lost")
    settle_down(payer, run_jobs)

    def drop(reason: str, amount: int = 1_100_000) -> WriteOff:
        with transaction():
            return write_off(
                invoice=any_invoice(invoice.id), owed_yen=amount, reason=reason, by=clerk, source="dispute:1"
            )  # fmt: skip

    for reason, amount in ((" ", 1), ("回収不能", 1_100_001), ("回収不能", 0)):
        with pytest.raises(Refused):
            drop(reason, amount)
    told = []
    with invoice_cancelled.connected_to(lambda sender, **more: told.append(sender.id)):
        assert drop("回収不能").id == drop("回収不能").id
    assert told == []
    assert (owed(invoice).state, owed(invoice).outstanding_yen) == (ReceivableState.CANCELLED, 0)
    assert balances()[Account.LOSSES] == 1_100_000
    with pytest.raises(Refused):
        give_back(invoice, clerk, 1)


def test_nothing_that_is_contested_can_be_refunded(payer: Payer, invoice, clerk, run_jobs) -> None:
    give_back(invoice, clerk, 100_000)
    contest(payer, invoice)
    settle_down(payer, run_jobs)
    with pytest.raises(Refused):
        ask_back(invoice, clerk, 110_000)


@pytest.mark.parametrize("end", ["won", "lost"])
def test_news_doubled_and_backwards_books_once(payer: Payer, invoice, run_jobs, end: str) -> None:
    name = contest(payer, invoice)
    payer.stand_in.control.decide_dispute(name, "under_review")
    early = payer.provider.fetch_dispute(name)
    payer.stand_in.control.decide_dispute(name, end)
    news = payer.news()
    for body, headers in [*reversed(news), *news]:
        assert payer.post(body, headers) == 200
    run_jobs()
    rollback()
    disputes.take_note(early)
    assert one().state.value == end
    assert owed(invoice).outstanding_yen == (1_100_000 if end == "lost" else 0)


def test_the_office_is_reminded_before_the_answer_is_due(payer: Payer, invoice, run_jobs) -> None:
    contest(payer, invoice)
    settle_down(payer, run_jobs)
    with transaction():
        assert disputes.remind_of_evidence() == 0
    with clock.frozen(clock.now() + timedelta(days=5)), transaction():
        assert disputes.remind_of_evidence() == disputes.remind_of_evidence() == 1
    assert len(mails("dispute_opened")) == 2


def test_a_contested_payment_of_nobody_is_a_difference(payer: Payer, contact, run_jobs) -> None:
    from tests.billing.test_comparison import charge_without_us

    payer.stand_in.control.dispute(charge_without_us(payer, 5_000))
    settle_down(payer, run_jobs)
    kinds = {each.kind for each in db.session.query(ProviderDifference)}
    assert kinds == {DifferenceKind.DISPUTE_WITHOUT_INVOICE, DifferenceKind.UNKNOWN_PAYMENT}


def test_a_payment_that_came_back_and_is_then_lost_is_owed_again(
    payer: Payer, invoice, clerk, run_jobs
) -> None:
    """Refunded there, owed again; the refund fails, so it is paid again; then the card's holder wins."""
    refund_there(payer, invoice, 1_100_000)
    settle_down(payer, run_jobs)
    order = db.session.query(RefundOrder).one()
    with transaction():
        foreign.book_as_owed(order=db.session.merge(order), reason="x", by=clerk)
    payer.stand_in.control.decide_refund(order.provider_id, "failed")
    settle_down(payer, run_jobs)
    assert owed(invoice).state is ReceivableState.PAID
    payer.stand_in.control.decide_dispute(contest(payer, invoice), "lost")
    settle_down(payer, run_jobs)
    assert (owed(invoice).state, owed(invoice).outstanding_yen) == (ReceivableState.UNPAID, 1_100_000)
    assert Account.LOSSES not in balances()
    compare_with_provider()
    assert [each.kind for each in db.session.query(ProviderDifference).filter_by(resolved_at=None)] == []


def test_more_than_had_arrived_is_a_loss_of_what_is_over(payer: Payer, invoice, clerk, run_jobs) -> None:
    """Given back there and owed again; the card company takes it a second time."""
    refund_there(payer, invoice, 110_000)
    settle_down(payer, run_jobs)
    with transaction():
        foreign.book_as_owed(order=db.session.query(RefundOrder).one(), reason="x", by=clerk)
    name = contest(payer, invoice)
    payer.stand_in.control.decide_dispute(name, "lost")
    disputes.take_note(replace(payer.provider.fetch_dispute(name), withdrawn_yen=1_100_000))
    assert (owed(invoice).state, owed(invoice).outstanding_yen) == (ReceivableState.UNPAID, 1_100_000)
    assert balances()[Account.LOSSES] == 110_000


def test_one_case_that_cannot_be_booked_stops_no_other(
    payer: Payer, invoice, contact, run_jobs, monkeypatch
) -> None:
    other = paid_by_card(payer, contact, run_jobs)
    bad, good = (attempt_of(each).intent_id for each in (invoice, other))
    for intent in (bad, good):
        payer.stand_in.control.decide_dispute(str(payer.stand_in.control.dispute(intent)["id"]), "lost")
    real = disputes.withdraw

    def breaks_once(which, *args, **more):
        if which.id == invoice.id:
            raise RuntimeError("it cannot be booked")
        return real(which, *args, **more)

    monkeypatch.setattr(disputes, "withdraw", breaks_once)
    rollback()
    assert compare_with_provider() is not None
    assert (owed(other).state, owed(invoice).state) == (ReceivableState.UNPAID, ReceivableState.PAID)
    monkeypatch.undo()
    compare_with_provider()
    assert owed(invoice).state is ReceivableState.UNPAID


def issued_anew(invoice, clerk, net_yen: int):
    """The invoice that stands in its place; what was paid has moved to it."""
    with transaction():
        return replace_invoice(
            invoice=any_invoice(invoice.id),
            wanted=Replacement(buyer=buyer(), subject={"ja": "会費", "en": "Fee"}, purchase_order="", lines=[fee(net_yen)]),
            reason="金額の誤り", by=clerk, source_key=f"anew:{invoice.id}",
        )  # fmt: skip


def test_what_is_lost_is_owed_again_on_the_invoice_that_was_issued_anew(
    payer: Payer, invoice, clerk, run_jobs
) -> None:
    new = issued_anew(invoice, clerk, 900_000)
    assert (owed(new).state, owed(invoice).excess_yen) == (ReceivableState.PAID, 110_000)
    told = []
    with invoice_reopened.connected_to(lambda sender, **more: told.append(sender.id)):
        payer.stand_in.control.decide_dispute(contest(payer, invoice), "lost")
        settle_down(payer, run_jobs)
    assert told == [new.id]
    assert (owed(new).state, owed(new).outstanding_yen) == (ReceivableState.UNPAID, 990_000)
    assert (owed(invoice).state, owed(invoice).excess_yen) == (ReceivableState.CANCELLED, 0)
    assert Account.LOSSES not in balances()
    assert db.session.query(ReceiptVoid).count() == db.session.query(Receipt).count() == 2
    (mail,) = mails("dispute_lost")
    assert new.number in mail.text
    assert [each.id for each in disputes_of(new)] == [each.id for each in disputes_of(invoice)] == [one().id]
    assert claim_of(one()).id == new.id
    with transaction():
        write_off(invoice=any_invoice(new.id), owed_yen=990_000, reason="回収不能", by=clerk, source="w")
    assert (owed(new).state, claim_of(one()).id) == (ReceivableState.CANCELLED, new.id)
    compare_with_provider()
    assert db.session.query(ProviderDifference).count() == 0


def test_a_part_that_is_lost_is_owed_where_it_has_gone(payer: Payer, invoice, clerk, run_jobs) -> None:
    """Of 1,100,000 yen, 440,000 are an advance: 110,000 of it pay another invoice, the rest stays."""
    give_back(invoice, clerk, 400_000)
    other = bill(db.session.get_one(Organisation, invoice.organisation_id), fee(100_000))
    with transaction():
        move_advance(
            source=any_invoice(invoice.id), target=any_invoice(other.id), amount_yen=110_000, reason="x", by=clerk, source_key="m"
        )  # fmt: skip
    payer.stand_in.control.decide_dispute(contest(payer, invoice, amount=1_050_000), "lost")
    settle_down(payer, run_jobs)
    assert (owed(invoice).outstanding_yen, owed(invoice).excess_yen) == (660_000, 0)
    assert (owed(other).state, owed(other).outstanding_yen) == (ReceivableState.PARTLY_PAID, 60_000)
    assert Account.LOSSES not in balances()
    assert len(mails("dispute_lost")) == 2


def test_a_refund_that_took_it_from_there_and_fails_brings_it_back_there(
    payer: Payer, invoice, clerk, run_jobs
) -> None:
    refund_there(payer, invoice, 1_100_000)
    settle_down(payer, run_jobs)
    new = issued_anew(invoice, clerk, 900_000)
    order = db.session.query(RefundOrder).one()
    with transaction():
        foreign.book_as_owed(order=db.session.merge(order), reason="x", by=clerk)
    assert (owed(new).outstanding_yen, owed(invoice).excess_yen) == (990_000, 0)
    payer.stand_in.control.decide_refund(order.provider_id, "failed")
    settle_down(payer, run_jobs)
    assert (owed(new).state, owed(invoice).excess_yen) == (ReceivableState.PAID, 110_000)
    payer.stand_in.control.decide_dispute(contest(payer, invoice), "lost")
    settle_down(payer, run_jobs)
    assert (owed(new).state, owed(invoice).excess_yen) == (ReceivableState.UNPAID, 0)
    assert Account.LOSSES not in balances()
