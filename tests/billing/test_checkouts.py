"""Paying on the provider's page: asked for once, safe against crashes, clear when the provider is down."""

from __future__ import annotations

import pytest

from portal.accounts.enums import Role
from portal.billing.enums import AttemptState, PayMethod, ReceivableState
from portal.billing.models import CheckoutAttempt, Receivable
from portal.billing.queries.book_rules import book_problems
from portal.billing.queries.invoices import any_invoice
from portal.billing.services.payments import record_bank_payment
from portal.core import clock
from portal.core.db import db
from portal.core.errors import Refused
from portal.core.transaction import rollback, transaction
from tests.billing.payer import Payer
from tests.support.billing import bill
from tests.support.people import actor_of, company, person, staff


@pytest.fixture
def invoice(app):
    return bill(company())


@pytest.fixture
def contact(app, invoice):
    return actor_of(person(at=company(), roles=(Role.BILLING,)))


def owed(invoice) -> Receivable:
    rollback()
    return db.session.get_one(Receivable, invoice.id, populate_existing=True)


def test_card_payment_from_page_to_receipt(payer: Payer, invoice, contact, run_jobs):
    attempt = payer.open(invoice, contact)
    assert attempt.state is AttemptState.OPEN
    assert attempt.url.startswith(payer.stand_in.url)
    payer.choose(attempt, "card")
    assert owed(invoice).state is ReceivableState.UNPAID
    payer.deliver()
    run_jobs()
    assert owed(invoice).state is ReceivableState.PAID
    assert payer.attempt(attempt.id).state is AttemptState.PAID
    assert payer.attempt(attempt.id).url is None
    assert book_problems() == []


def test_transfer_arrives_in_two_parts(payer: Payer, invoice, contact, run_jobs):
    attempt = payer.open(invoice, contact, PayMethod.BANK_TRANSFER)
    customer = payer.choose(attempt, "bank_transfer")
    payer.deliver()
    run_jobs()
    waiting = payer.attempt(attempt.id)
    assert waiting.state is AttemptState.AWAITING_TRANSFER
    assert waiting.transfer["remaining_yen"] == 1_100_000
    payer.transfer(customer, 1_099_340)
    payer.deliver()
    run_jobs()
    assert owed(invoice).outstanding_yen == 660
    assert payer.attempt(attempt.id).state is AttemptState.PARTLY_FUNDED
    payer.transfer(customer, 660)
    payer.deliver()
    run_jobs()
    assert owed(invoice).state is ReceivableState.PAID
    assert book_problems() == []


def test_a_declined_card_leaves_the_page_open(payer: Payer, invoice, contact, run_jobs):
    attempt = payer.open(invoice, contact)
    payer.choose(attempt, "declined")
    payer.deliver()
    run_jobs()
    declined = payer.attempt(attempt.id)
    assert (declined.state, bool(declined.failure)) == (AttemptState.OPEN, True)
    payer.choose(attempt, "card")
    payer.deliver()
    run_jobs()
    assert owed(invoice).state is ReceivableState.PAID


def test_an_open_page_is_used_again(payer: Payer, invoice, contact):
    first = payer.open(invoice, contact)
    again = payer.open(invoice, contact)
    assert (again.id, again.url) == (first.id, first.url)


def test_another_amount_makes_another_page_and_closes_the_first(payer: Payer, invoice, contact, run_jobs):
    first, clerk = payer.open(invoice, contact), actor_of(staff())
    with transaction():
        record_bank_payment(
            invoice=any_invoice(invoice.id),
            amount_yen=100_000,
            received_on=clock.today(),
            payer_name="",
            by=clerk,
            once="k",
        )
    second = payer.open(invoice, contact)
    assert second.id != first.id
    assert second.amount_yen == 1_000_000
    run_jobs()
    assert payer.provider.fetch_checkout(first.session_id).status == "expired"
    assert payer.provider.fetch_checkout(second.session_id).status == "open"


def test_a_part_paid_otherwise_closes_a_transfer_for_the_whole(payer: Payer, invoice, contact, run_jobs):
    whole, clerk = payer.open(invoice, contact, PayMethod.BANK_TRANSFER), actor_of(staff())
    payer.choose(whole, "bank_transfer")
    payer.deliver()
    run_jobs()
    with transaction():
        record_bank_payment(
            invoice=any_invoice(invoice.id),
            amount_yen=100_000,
            received_on=clock.today(),
            payer_name="",
            by=clerk,
            once="k",
        )
    run_jobs()
    assert payer.attempt(whole.id).state is AttemptState.CLOSED
    rest = payer.open(invoice, contact, PayMethod.BANK_TRANSFER)
    assert rest.amount_yen == 1_000_000


def test_paid_otherwise_closes_what_is_open(payer: Payer, invoice, contact, run_jobs):
    card = payer.open(invoice, contact)
    transfer = payer.open(invoice, contact, PayMethod.BANK_TRANSFER)
    payer.choose(transfer, "bank_transfer")
    payer.deliver()
    run_jobs()
    payer.choose(card, "card")
    payer.deliver()
    run_jobs()
    payer.deliver()
    run_jobs()
    closed = payer.attempt(transfer.id)
    assert closed.state is AttemptState.CLOSED
    assert payer.provider.fetch_payment_intent(closed.intent_id).status == "canceled"
    with pytest.raises(Refused):
        payer.open(invoice, contact)


def test_provider_down_says_so_and_the_next_try_goes_on(payer: Payer, invoice, contact):
    payer.stand_in.control.fail_next(50)
    with pytest.raises(Refused):
        payer.open(invoice, contact)
    rollback()
    standing = db.session.query(CheckoutAttempt).one()
    assert (standing.state, standing.url) == (AttemptState.STARTED, None)
    payer.stand_in.control.fail_next(0)
    attempt = payer.open(invoice, contact)
    assert (attempt.id, attempt.state) == (standing.id, AttemptState.OPEN)


def test_an_answer_that_got_lost_is_asked_for_again(payer: Payer, invoice, contact, monkeypatch):
    """The page was made there, the process died before storing it: the same page comes back, not a second one."""
    from portal.billing.services import checkouts

    with monkeypatch.context() as broken, pytest.raises(RuntimeError):
        broken.setattr(checkouts, "_opened", _die)
        payer.open(invoice, contact)
    attempt = payer.open(invoice, contact)
    sessions = payer.stand_in.deliveries  # nothing was paid, so no news
    assert sessions.listed() == [] or attempt.url
    assert len(list(payer.stand_in._state.scan("checkout.session"))) == 1


def _die(*args: object) -> None:
    raise RuntimeError("the process is gone")


def test_without_a_provider_plain_transfer_is_offered(app, invoice, contact):
    payer = Payer(app, None, None)  # type: ignore[arg-type]
    with pytest.raises(Refused):
        payer.open(invoice, contact)
