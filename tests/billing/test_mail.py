"""What billing tells by mail: to whom, in whose language, with which paper."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from portal.billing.queries.invoices import any_invoice
from portal.billing.services.payments import record_bank_payment
from portal.core import clock
from portal.core.context import gateway
from portal.core.db import db
from portal.core.transaction import rollback, transaction
from portal.notifications.models import Message
from tests.support.billing import bill, buyer
from tests.support.people import actor_of, company, staff


def pay(invoice, amount_yen: int) -> None:
    clerk = actor_of(staff())
    with transaction():
        record_bank_payment(
            invoice=any_invoice(invoice.id),
            amount_yen=amount_yen,
            received_on=clock.today(),
            payer_name="",
            by=clerk,
            once=f"k{amount_yen}",
        )


def after_a_quarter_of_an_hour(run_jobs) -> None:
    with clock.frozen(clock.now() + timedelta(minutes=15)):
        run_jobs()


def mails() -> dict[str, Message]:
    rollback()
    return {message.event: message for message in db.session.query(Message)}


@pytest.mark.parametrize(
    ("language", "subject", "first", "address"),
    [
        (
            "ja",
            "のお支払いのお願い（期限：",
            "までに¥1,100,000のお支払いをお願いいたします。",
            "架空製薬株式会社　経理部 御中",
        ),
        ("en", ": please pay by ", "Please pay ¥1,100,000 by ", "架空製薬株式会社, 経理部"),
    ],
)
def test_the_invoice_goes_to_the_billing_contact_with_its_pdf(
    app, run_jobs, language, subject, first, address
):
    invoice = bill(company(), language=language)
    message = mails()["billing/invoice_issued"]
    assert message.address == "keiri@kakuu.example"
    assert invoice.number in message.subject
    assert subject in message.subject
    assert first in message.text
    assert address in message.text
    assert f"/billing/invoices/{invoice.id}" in message.text
    run_jobs()
    sent = gateway("mail").sent[-1]
    assert [part.media_type for part in sent.attachments] == ["application/pdf"]
    assert sent.attachments[0].name.endswith(f"{invoice.number}.pdf")


def test_a_part_payment_says_what_is_still_open(app, run_jobs):
    invoice = bill(company())
    pay(invoice, 1_099_340)
    after_a_quarter_of_an_hour(run_jobs)
    message = mails()["billing/part_payment"]
    assert "残額¥660" in message.subject
    assert "¥1,099,340" in message.text
    assert "\n\n振込手数料" in message.text  # a paragraph of its own


def test_parts_of_a_quarter_of_an_hour_are_one_mail_with_the_last_figure(app, run_jobs):
    """None when the rest came too: the receipt says that. The next quarter has a mail of its own."""
    whole, invoice = bill(company()), bill(company())
    with clock.frozen(datetime(2026, 11, 21, 1, 2, tzinfo=UTC)):
        pay(whole, 110_000)
        pay(whole, 990_000)
        for amount in (100_000, 200_000, 300_000):
            pay(invoice, amount)
        run_jobs()
        assert "billing/part_payment" not in mails()
    with clock.frozen(datetime(2026, 11, 21, 1, 16, tzinfo=UTC)):
        pay(invoice, 50_000)
        run_jobs()
        (first,) = db.session.query(Message).filter_by(event="billing/part_payment")
        assert "残額¥450,000" in first.subject
        assert "3回に分けて合計¥600,000" in first.text
    with clock.frozen(datetime(2026, 11, 21, 1, 30, tzinfo=UTC)):
        run_jobs()
        _first, other = db.session.query(Message).filter_by(event="billing/part_payment").order_by(Message.id)
        assert "¥50,000" in other.text


def test_the_receipt_comes_with_the_last_yen(app):
    invoice = bill(company())
    pay(invoice, 1_100_000)
    message = mails()["billing/receipt_issued"]
    assert "RCT-" in message.subject
    assert len(message.attachments) == 1


def test_a_buyer_without_address_gets_no_mail(app):
    bill(company(), buyer=buyer(email=""))
    assert mails() == {}


@pytest.mark.parametrize(("language", "salutation"), [("ja", "部長 経理 次郎 様"), ("en", "Dear 経理 次郎,")])
def test_a_title_stands_before_a_japanese_name_alone(app, language, salutation):
    bill(company(), language=language, buyer=buyer(title="部長", person="経理 次郎"))
    assert salutation in mails()["billing/invoice_issued"].text
