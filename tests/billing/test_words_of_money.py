"""What mails and pages say of money: what came now, what was used, what a credit note gave back and where it is."""

from __future__ import annotations

from typing import Any

import pytest
from flask import Flask

from portal.accounts.enums import Role
from portal.accounts.models import Organisation
from portal.billing.models import Invoice
from portal.billing.queries.invoices import any_invoice
from portal.billing.services.refunds import record_refund
from portal.billing.services.replacements import Replacement, replace_invoice
from portal.core import clock
from portal.core.db import db
from portal.core.transaction import rollback, transaction
from portal.notifications.models import Message
from tests.billing.payer import Payer
from tests.billing.returning import give_back
from tests.billing.test_receipts_of_advances import move, pay
from tests.support.billing import bill, buyer, fee
from tests.support.people import actor_of, browser_of, company, person, staff


@pytest.fixture
def clerk(app: Flask) -> Any:
    return actor_of(staff())


@pytest.fixture
def body(app: Flask) -> Any:
    return company()


@pytest.fixture
def reader(app: Flask, body: Any) -> Any:
    return browser_of(app, person(at=db.session.get_one(Organisation, body.id), roles=(Role.BILLING,)))


def mail_of(invoice: Invoice) -> Message:
    rollback()
    every = db.session.query(Message).filter_by(event="billing/receipt_issued").all()
    return next(each for each in every if invoice.number in each.subject)


def seen(reader: Any, invoice: Invoice) -> str:
    return str(reader.get(f"/billing/invoices/{invoice.id}").get_data(as_text=True))


def test_the_receipts_mail_names_what_came_now_and_what_was_used(body: Any, clerk: Any) -> None:
    old, new, last = bill(body), bill(body, fee(833_333)), bill(body, fee(100_000))
    pay(old, 1_100_000, clerk)
    give_back(old, clerk, 600_000)
    assert "¥1,100,000を全額受領いたしました" in mail_of(old).text
    move(old, new, 458_332, clerk)
    pay(new, 458_334, clerk)
    assert "今回のご入金¥458,334と、以前のご入金からの充当¥458,332" in mail_of(new).text
    move(old, last, 110_000, clerk)
    mail = mail_of(last)
    assert "以前のご入金で精算済みです" in mail.subject
    assert "以前のご入金のうち¥110,000" in mail.text
    assert "受領" not in mail.text
    assert "¥0" not in mail.text


def test_an_invoice_issued_anew_thanks_for_no_new_money(body: Any, clerk: Any) -> None:
    old = bill(body)
    pay(old, 1_100_000, clerk)
    with transaction():
        wanted = Replacement(
            buyer=buyer(), subject={"ja": "会費", "en": "Fee"}, purchase_order="", lines=[fee(500_000)]
        )
        new = replace_invoice(
            invoice=any_invoice(old.id), wanted=wanted, reason="x", by=clerk, source_key="anew"
        )
    mail = mail_of(new)
    assert "以前のご入金のうち¥550,000" in mail.text
    assert "添付" in mail.text


def test_the_company_reads_that_a_credit_note_gave_back_and_where_the_money_is(
    body: Any, clerk: Any, reader: Any
) -> None:
    first, second = bill(body), bill(body, fee(100_000))
    pay(first, 1_100_000, clerk)
    give_back(first, clerk, 333_333)
    with transaction():
        record_refund(
            invoice=any_invoice(first.id),
            amount_yen=200_000,
            paid_on=clock.today(),
            note="",
            by=clerk,
            once="r",
        )
    move(first, second, 100_000, clerk)
    page = seen(reader, first)
    assert "返還請求書により、お支払い済みの¥366,666" in page
    for words in ("¥66,666は前受金として", "¥200,000は返金済み", second.number):
        assert words in page
    assert "超える" not in page
    assert "超えて" not in page


def test_what_came_beyond_the_invoice_is_told_apart_from_what_a_credit_note_gave(
    body: Any, clerk: Any, reader: Any
) -> None:
    first, second = bill(body), bill(body)
    pay(first, 1_100_100, clerk)
    assert "¥100" in seen(reader, first)
    assert "返還請求書により" not in seen(reader, first)
    pay(second, 1_100_100, clerk)
    give_back(second, clerk, 1_000)
    page = seen(reader, second)
    assert "お支払い済みの¥1,100" in page
    assert "¥1,200は前受金として" in page
    assert "うち¥100は、ご請求額を超えて" in page


def test_a_second_card_that_waits_is_not_called_refused(
    app: Flask, payer: Payer, body: Any, run_jobs: Any
) -> None:
    contact = person(at=db.session.get_one(Organisation, body.id), roles=(Role.BILLING,))
    invoice = bill(body)
    attempt = payer.open(invoice, actor_of(contact))
    payer.choose(attempt, "declined")
    payer.deliver()
    run_jobs()
    payer.choose(attempt, "card")  # its news has not come yet
    rollback()
    page = browser_of(app, contact).get(f"/billing/checkouts/{attempt.key}").get_data(as_text=True)
    assert "重ねてお支払いにならない" in page
    assert "請求は発生していません" not in page
