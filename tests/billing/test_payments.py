"""Money arrives: part, whole, too much, twice, by mistake."""

from __future__ import annotations

from datetime import timedelta

import pytest

from portal.accounts.enums import Role
from portal.billing.enums import ReceivableState
from portal.billing.models import Invoice, Payment, Receipt, Receivable
from portal.billing.queries.book_rules import book_problems
from portal.billing.queries.invoices import any_invoice, receipts_of
from portal.billing.queries.ledger import trial_balance
from portal.billing.services.payments import record_bank_payment
from portal.billing.services.reversals import reverse_payment
from portal.billing.signals import invoice_paid, invoice_reopened
from portal.core import clock
from portal.core.db import db
from portal.core.errors import Refused
from portal.core.transaction import rollback, transaction
from portal.domain.ledger import Account
from portal.notifications.models import Message
from tests.support.billing import bill
from tests.support.people import actor_of, company, staff


@pytest.fixture
def invoice(app) -> Invoice:
    return bill(company())


@pytest.fixture
def clerk(app):
    return actor_of(staff(Role.SECRETARIAT))


def pay(invoice, clerk, amount, once="k1", **values):
    with transaction():
        return record_bank_payment(
            **{
                "invoice": any_invoice(invoice.id),
                "amount_yen": amount,
                "received_on": clock.today(),
                "payer_name": "カクウセイヤク（カ",
                "by": clerk,
                "once": once,
            }
            | values
        )


def undo(payment, invoice, clerk):
    with transaction():
        reverse_payment(
            payment=payment, invoice=any_invoice(invoice.id), reason="別の会社の入金でした", by=clerk
        )


def owed(invoice) -> Receivable:
    rollback()
    return db.session.get_one(Receivable, invoice.id, populate_existing=True)


def balances():
    rollback()
    assert book_problems() == []
    return {each.account: each.net_yen for each in trial_balance() if each.net_yen}


def events(invoice):
    rollback()
    return {message.event for message in db.session.query(Message)}


def test_whole_payment_settles_and_brings_the_receipt(invoice, clerk):
    told = []
    receiver = lambda sender, **more: told.append((sender.id, more["paid_on"]))  # noqa: E731
    with invoice_paid.connected_to(receiver):
        pay(invoice, clerk, 1_100_000)
    assert owed(invoice).state is ReceivableState.PAID
    assert told == [(invoice.id, clock.today())]
    assert [receipt.number[:4] for receipt in receipts_of(invoice)] == ["RCT-"]
    assert balances() == {
        Account.BANK: 1_100_000,
        Account.FEE_REVENUE: -1_000_000,
        Account.TAX_PAYABLE: -100_000,
    }
    assert events(invoice) == {"billing/invoice_issued", "billing/receipt_issued"}


def test_part_payments_leave_the_rest_open_and_say_so(invoice, clerk, run_jobs):
    pay(invoice, clerk, 500_000)
    with clock.frozen(clock.now() + timedelta(minutes=15)):
        run_jobs()
    assert (owed(invoice).state, owed(invoice).outstanding_yen) == (ReceivableState.PARTLY_PAID, 600_000)
    assert receipts_of(invoice) == []
    assert "billing/part_payment" in events(invoice)
    pay(invoice, clerk, 600_000, once="k2")
    assert owed(invoice).state is ReceivableState.PAID
    assert len(receipts_of(invoice)) == 1
    assert balances()[Account.BANK] == 1_100_000


def test_too_much_stays_as_an_advance(invoice, clerk):
    pay(invoice, clerk, 1_150_000)
    assert (owed(invoice).state, owed(invoice).excess_yen) == (ReceivableState.OVERPAID, 50_000)
    assert balances()[Account.ADVANCE_RECEIVED] == -50_000


def test_the_same_form_sent_twice_books_once(invoice, clerk):
    first = pay(invoice, clerk, 500_000, once="same")
    again = pay(invoice, clerk, 500_000, once="same")
    assert again.id == first.id
    assert owed(invoice).outstanding_yen == 600_000


def test_an_undone_payment_is_owed_again_and_its_receipt_is_void(invoice, clerk):
    told = []
    receiver = lambda sender, **more: told.append(sender.id)  # noqa: E731
    payment = pay(invoice, clerk, 1_100_000)
    with invoice_reopened.connected_to(receiver):
        undo(payment, invoice, clerk)
    assert told == [invoice.id]
    assert owed(invoice).state is ReceivableState.UNPAID
    assert [bool(receipt.void) for receipt in receipts_of(invoice)] == [True]
    assert balances() == {
        Account.RECEIVABLE: 1_100_000,
        Account.FEE_REVENUE: -1_000_000,
        Account.TAX_PAYABLE: -100_000,
    }
    with pytest.raises(Refused):
        undo(payment, invoice, clerk)
    assert balances()[Account.RECEIVABLE] == 1_100_000


def test_undoing_one_of_two_payments_uses_the_other_as_advance(invoice, clerk):
    told = []
    receiver = lambda sender, **more: told.append(sender.id)  # noqa: E731
    first = pay(invoice, clerk, 1_100_000)
    second = pay(invoice, clerk, 1_100_000, once="k2")
    assert owed(invoice).excess_yen == 1_100_000
    with invoice_reopened.connected_to(receiver):
        undo(first, invoice, clerk)
    assert told == []
    assert owed(invoice).state is ReceivableState.PAID
    assert [bool(receipt.void) for receipt in receipts_of(invoice)] == [True, False]
    assert balances()[Account.BANK] == 1_100_000
    undo(second, invoice, clerk)
    assert owed(invoice).state is ReceivableState.UNPAID
    assert Account.BANK not in balances()


def test_undoing_a_part_under_an_advance_issues_the_receipt_anew(invoice, clerk):
    first = pay(invoice, clerk, 500_000)
    pay(invoice, clerk, 1_100_000, once="k2")
    undo(first, invoice, clerk)
    assert owed(invoice).state is ReceivableState.PAID
    assert [bool(receipt.void) for receipt in receipts_of(invoice)] == [True, False]
    balances()


@pytest.mark.parametrize(
    ("values", "field"),
    [
        ({"amount_yen": 0}, "amount_yen"),
        ({"amount_yen": -5}, "amount_yen"),
        ({"amount_yen": 10**12}, "amount_yen"),
        ({"received_on": clock.today() + timedelta(days=1)}, "received_on"),
        ({"received_on": clock.today() - timedelta(days=800)}, "received_on"),
    ],
)
def test_what_cannot_be_right_is_refused_at_its_field(invoice, clerk, values, field):
    with pytest.raises(Refused) as refused:
        pay(invoice, clerk, 1000, **values)
    assert refused.value.field == field
    rollback()
    assert db.session.query(Payment).count() == 0


def test_receipt_numbers_have_no_gap(app, clerk):
    for n in range(3):
        pay(bill(company()), clerk, 1_100_000, once=f"k{n}")
    rollback()
    assert sorted(number for (number,) in db.session.query(Receipt.series_sequence)) == [1, 2, 3]
