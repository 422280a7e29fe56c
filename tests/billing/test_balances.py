"""What payers have with the provider: seen, sent to their bank, used for another invoice, never in our books."""

from __future__ import annotations

from datetime import timedelta

import pytest

from portal.accounts.enums import Role
from portal.accounts.models import Organisation
from portal.billing.enums import AttemptState, PayMethod, ReceivableState
from portal.billing.models import PayerBalance
from portal.billing.returns import OrderState
from portal.billing.services.closing import close_stale_checkouts
from portal.billing.services.comparison import compare_with_provider
from portal.billing.services.returns.balances import send_to_bank, use_for_invoice
from portal.core import clock
from portal.core.db import db
from portal.core.errors import Refused
from portal.core.transaction import rollback, transaction
from portal.notifications.models import Message
from tests.billing.payer import Payer
from tests.billing.returning import attempt_of, give_back, orders, owed, settle_down
from tests.support.billing import bill
from tests.support.people import actor_of, company, person, staff

pytestmark = pytest.mark.database


@pytest.fixture
def buyer(app):
    return company()


@pytest.fixture
def contact(buyer):
    return actor_of(person(at=buyer, roles=(Role.BILLING,)))


@pytest.fixture
def clerk(app):
    return actor_of(staff(Role.SECRETARIAT))


@pytest.fixture
def paid(payer: Payer, buyer: Organisation, contact, run_jobs):
    """An invoice paid by a transfer of 30,000 yen too much."""
    invoice = bill(buyer)
    attempt = payer.open(invoice, contact, PayMethod.BANK_TRANSFER)
    payer.transfer(payer.choose(attempt, "bank_transfer"), 1_130_000)
    settle_down(payer, run_jobs)
    return invoice


def balance() -> PayerBalance:
    rollback()
    return db.session.query(PayerBalance).one()


def test_what_is_too_much_is_seen_and_not_booked(payer: Payer, paid) -> None:
    assert balance().balance_yen == 30_000
    assert (owed(paid).state, owed(paid).excess_yen) == (ReceivableState.PAID, 0)


def test_it_goes_to_the_payers_bank(payer: Payer, paid, clerk, run_jobs) -> None:
    with pytest.raises(Refused), transaction():
        send_to_bank(balance=balance(), amount_yen=30_001, by=clerk, once="a")
    for _again in range(2):
        with transaction():
            send_to_bank(balance=balance(), amount_yen=30_000, by=clerk, once="b")
    settle_down(payer, run_jobs)
    assert [each.state for each in orders()] == [OrderState.SUCCEEDED]
    assert balance().balance_yen == 0
    owed(paid)


def test_two_clerks_send_it_once(payer: Payer, paid, clerk) -> None:
    from sqlalchemy.exc import IntegrityError

    with transaction():
        send_to_bank(balance=balance(), amount_yen=30_000, by=clerk, once="a")
    with pytest.raises(IntegrityError), transaction():
        send_to_bank(balance=balance(), amount_yen=30_000, by=clerk, once="b")


def test_it_pays_a_part_of_another_invoice(payer: Payer, paid, buyer, clerk, run_jobs) -> None:
    other = bill(buyer)
    with transaction():
        use_for_invoice(balance=balance(), invoice=other, by=clerk)
    run_jobs()
    settle_down(payer, run_jobs)
    assert (owed(other).state, owed(other).outstanding_yen) == (ReceivableState.PARTLY_PAID, 1_070_000)
    assert attempt_of(other).state is AttemptState.PAID
    assert balance().balance_yen == 0
    compare_with_provider()
    owed(other)


def test_it_pays_no_invoice_of_another_company(payer: Payer, paid, clerk) -> None:
    with pytest.raises(Refused), transaction():
        use_for_invoice(balance=balance(), invoice=bill(company()), by=clerk)


def test_a_page_that_expires_leads_back_to_the_choice_with_one_mail(
    payer: Payer, buyer, contact, run_jobs
) -> None:
    invoice = bill(buyer)
    attempt = payer.open(invoice, contact)
    payer.stand_in.control.move_clock(advance=90_000)
    with clock.frozen(clock.now() + timedelta(days=1, hours=1)):
        settle_down(payer, run_jobs)
    assert payer.attempt(attempt.id).state is AttemptState.CLOSED
    found = db.session.query(Message).filter_by(event="billing/payment_expired").all()
    assert [invoice.number in each.text for each in found] == [True]


def test_what_we_close_ourselves_brings_no_mail(payer: Payer, buyer, contact, clerk, run_jobs) -> None:
    invoice = bill(buyer)
    payer.open(invoice, contact)
    give_back(invoice, clerk, 1_000_000)
    settle_down(payer, run_jobs)
    assert attempt_of(invoice).state is AttemptState.CLOSED
    assert db.session.query(Message).filter_by(event="billing/payment_expired").count() == 0


def test_pages_that_a_lost_job_left_open_are_closed(payer: Payer, buyer, contact, clerk) -> None:
    from portal.jobs.models import Job

    invoice = bill(buyer)
    attempt = payer.open(invoice, contact)
    give_back(invoice, clerk, 1_000_000)
    with transaction() as session:
        session.query(Job).delete()
    rollback()
    assert close_stale_checkouts() == 1
    assert payer.provider.fetch_checkout(attempt.session_id).status.value == "expired"
    assert attempt_of(invoice).state is AttemptState.CLOSED
    rollback()
    assert close_stale_checkouts() == 0
