"""Giving back: part, whole, after payment, twice; and paying an advance back."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from flask import Flask

from portal.accounts.enums import Role
from portal.billing.enums import ReceivableState
from portal.billing.models import CreditNote, Invoice, Payment, Receivable, Refund
from portal.billing.queries.book_rules import book_problems
from portal.billing.queries.credits import credit_notes_of, left_of_lines
from portal.billing.queries.invoices import any_invoice, paper, receipts_of
from portal.billing.queries.ledger import trial_balance
from portal.billing.queries.verification import document_problems
from portal.billing.services.credits import issue_credit_note
from portal.billing.services.payments import record_bank_payment
from portal.billing.services.refunds import record_refund
from portal.billing.services.revenue import earn_fees
from portal.billing.services.reversals import reverse_payment
from portal.billing.signals import invoice_cancelled, invoice_paid
from portal.core import clock
from portal.core.access import Actor
from portal.core.db import db
from portal.core.errors import Refused
from portal.core.transaction import rollback, transaction
from portal.domain.documents import Period
from portal.domain.ledger import Account
from portal.domain.tax import TaxCategory
from portal.domain.terms import FiscalYear
from portal.notifications.models import Message
from tests.support.billing import bill, fee
from tests.support.pdf_text import text_of as pdf_text
from tests.support.people import actor_of, browser_of, company, person, staff


@pytest.fixture
def clerk(app: Flask) -> Actor:
    return actor_of(staff(Role.SECRETARIAT))


@pytest.fixture
def invoice(app: Flask) -> Invoice:
    return bill(company("架空製薬株式会社"))


def credit(
    invoice: Invoice, clerk: Actor, *amounts: int, key: str = "k", reason: str = "途中退会のため"
) -> CreditNote:
    """Amounts by line; none: all that is left."""
    with transaction():
        whole = any_invoice(invoice.id)
        wanted = (
            dict(zip((line.id for line in whole.lines), amounts, strict=False))
            if amounts
            else left_of_lines(whole)
        )
        return issue_credit_note(
            invoice=whole, amounts=wanted, reason=reason, by=clerk, source_key=f"test:{invoice.id}:{key}"
        )


def pay(invoice: Invoice, clerk: Actor, amount: int, once: str = "p") -> Payment:
    with transaction():
        return record_bank_payment(
            invoice=any_invoice(invoice.id), amount_yen=amount, received_on=clock.today(), payer_name="", by=clerk, once=once
        )  # fmt: skip


def refund(invoice: Invoice, clerk: Actor, amount: int, once: str = "r", **values: Any) -> Refund:
    with transaction():
        given = {
            "amount_yen": amount,
            "paid_on": clock.today(),
            "note": "",
            "by": clerk,
            "once": once,
        } | values
        return record_refund(invoice=any_invoice(invoice.id), **given)


def owed(invoice: Invoice) -> Receivable:
    rollback()
    assert [f"{p.rule}: {p.expected} / {p.found}" for p in book_problems()] == []
    assert document_problems() == []
    return db.session.get_one(Receivable, invoice.id, populate_existing=True)


def balances() -> dict[Account, int]:
    rollback()
    return {each.account: each.net_yen for each in trial_balance() if each.net_yen}


def test_all_of_an_unpaid_invoice_cancels_it(invoice: Invoice, clerk: Actor) -> None:
    told = []
    receiver = lambda sender, **more: told.append(sender.id)  # noqa: E731
    with invoice_cancelled.connected_to(receiver):
        note = credit(invoice, clerk)
    assert (note.number[:4], note.total_yen, note.released_yen) == ("CRN-", 1_100_000, 0)
    row = owed(invoice)
    assert (row.state, row.outstanding_yen, row.credited_yen) == (ReceivableState.CANCELLED, 0, 1_100_000)
    assert told == [invoice.id]
    assert balances() == {}


def test_a_part_leaves_the_rest_to_be_paid(invoice: Invoice, clerk: Actor) -> None:
    credit(invoice, clerk, 250_000)
    row = owed(invoice)
    assert (row.state, row.outstanding_yen, row.credited_yen) == (ReceivableState.UNPAID, 825_000, 275_000)
    pay(invoice, clerk, 825_000)
    assert owed(invoice).state is ReceivableState.PAID
    (receipt,) = receipts_of(invoice)
    assert receipt.received_yen == 825_000


def test_a_part_that_takes_all_that_was_still_owed_completes_the_invoice(
    invoice: Invoice, clerk: Actor
) -> None:
    told = []
    receiver = lambda sender, **more: told.append((sender.id, more["paid_on"]))  # noqa: E731
    pay(invoice, clerk, 550_000)
    with invoice_paid.connected_to(receiver):
        credit(invoice, clerk, 500_000)
    assert owed(invoice).state is ReceivableState.PAID
    assert told == [(invoice.id, clock.today())]
    assert [receipt.received_yen for receipt in receipts_of(invoice)] == [550_000]


def test_what_was_paid_becomes_an_advance_and_goes_back(invoice: Invoice, clerk: Actor) -> None:
    pay(invoice, clerk, 1_100_000)
    note = credit(invoice, clerk, 400_000)
    assert note.released_yen == 440_000
    assert (owed(invoice).state, owed(invoice).excess_yen) == (ReceivableState.OVERPAID, 440_000)
    assert balances()[Account.ADVANCE_RECEIVED] == -440_000
    refund(invoice, clerk, 440_000)
    assert owed(invoice).state is ReceivableState.PAID
    assert balances() == {
        Account.BANK: 660_000, Account.FEE_REVENUE: -600_000, Account.TAX_PAYABLE: -60_000,
    }  # fmt: skip


def test_partial_credits_never_exceed_the_invoice(invoice: Invoice, clerk: Actor) -> None:
    credit(invoice, clerk, 999_999, key="a")
    with pytest.raises(Refused) as refused:
        credit(invoice, clerk, 2, key="b")
    assert refused.value.field == f"line_{any_invoice(invoice.id).lines[0].id}"
    credit(invoice, clerk, 1, key="c")
    assert owed(invoice).credited_yen == 1_100_000
    with pytest.raises(Refused, match=r"least one amount|1つ以上"):
        credit(invoice, clerk, key="d")


def test_the_same_form_sent_twice_gives_back_once(invoice: Invoice, clerk: Actor) -> None:
    assert credit(invoice, clerk, 1000).id == credit(invoice, clerk, 1000).id
    assert owed(invoice).credited_yen == 1_100


def test_a_credit_needs_a_reason(invoice: Invoice, clerk: Actor) -> None:
    with pytest.raises(Refused) as refused:
        credit(invoice, clerk, reason=" ")
    assert refused.value.field == "reason"
    assert owed(invoice).credited_yen == 0


def test_lines_and_rates_are_given_back_by_themselves(app: Flask, clerk: Actor) -> None:
    invoice = bill(
        company(),
        fee(100_000),
        fee(30_001, category=TaxCategory.REDUCED_8),
        fee(5_000, category=TaxCategory.OUT_OF_SCOPE),
    )
    note = credit(invoice, clerk, 0, 30_001, 2_000)
    assert [(row.category, row.net_yen, row.tax_yen) for row in note.subtotals] == [
        (TaxCategory.REDUCED_8, 30_001, 2_400),
        (TaxCategory.OUT_OF_SCOPE, 2_000, 0),
    ]
    assert list(left_of_lines(any_invoice(invoice.id)).values()) == [100_000, 0, 3_000]
    owed(invoice)


def test_a_deferred_fee_is_given_back_before_it_is_income(app: Flask, clerk: Actor) -> None:
    year = FiscalYear.of(clock.today()).next
    invoice = bill(company(), period=Period(year.starts_on, year.ends_on))
    credit(invoice, clerk, 300_000)
    assert balances()[Account.FEE_DEFERRED] == -700_000
    with clock.frozen(clock.now() + timedelta(days=400)), transaction():
        assert earn_fees() == 1
    assert balances() == {
        Account.RECEIVABLE: 770_000, Account.FEE_REVENUE: -700_000, Account.TAX_PAYABLE: -70_000,
    }  # fmt: skip


def test_a_payment_behind_a_credit_can_be_undone_until_it_was_paid_back(
    invoice: Invoice, clerk: Actor
) -> None:
    payment = pay(invoice, clerk, 1_100_000)
    credit(invoice, clerk, 400_000)
    with transaction():
        reverse_payment(payment=payment, invoice=any_invoice(invoice.id), reason="誤記録", by=clerk)
    assert (owed(invoice).outstanding_yen, owed(invoice).excess_yen) == (660_000, 0)
    again = pay(invoice, clerk, 700_000, once="again")
    refund(invoice, clerk, 40_000)
    with pytest.raises(Refused), transaction():
        reverse_payment(payment=again, invoice=any_invoice(invoice.id), reason="誤記録", by=clerk)
    assert owed(invoice).state is ReceivableState.PAID


def test_money_for_a_cancelled_invoice_is_refused_when_typed(invoice: Invoice, clerk: Actor) -> None:
    credit(invoice, clerk)
    with pytest.raises(Refused):
        pay(invoice, clerk, 1)
    assert owed(invoice).state is ReceivableState.CANCELLED


@pytest.mark.parametrize(
    ("values", "field"),
    [
        ({"amount": 100_001}, "amount_yen"),
        ({"amount": 0}, "amount_yen"),
        ({"amount": 1, "paid_on": timedelta(days=1)}, "paid_on"),
        ({"amount": 1, "paid_on": timedelta(days=-1)}, "paid_on"),
    ],
)
def test_a_refund_that_cannot_be_is_refused(
    invoice: Invoice, clerk: Actor, values: dict[str, Any], field: str
) -> None:
    pay(invoice, clerk, 1_200_000)
    if "paid_on" in values:
        values = values | {"paid_on": clock.today() + values["paid_on"]}
    with pytest.raises(Refused) as refused:
        refund(invoice, clerk, **values)
    assert refused.value.field == field
    assert owed(invoice).excess_yen == 100_000


def test_a_refund_sent_twice_is_written_once(invoice: Invoice, clerk: Actor) -> None:
    pay(invoice, clerk, 1_200_000)
    assert refund(invoice, clerk, 60_000).id == refund(invoice, clerk, 60_000).id
    assert owed(invoice).excess_yen == 40_000


@pytest.mark.parametrize("language", ["ja", "en"])
def test_the_paper_names_the_invoice_the_original_supply_and_the_return(
    app: Flask, clerk: Actor, language: str
) -> None:
    invoice = bill(company(), language=language)
    note = credit(invoice, clerk, 100_000)
    text = pdf_text(paper(note.file_id).content)
    wanted = [note.number, invoice.number, "110,000", "10,000", "T7123456789012"]
    assert [word for word in wanted if word not in text] == []
    assert ("適格返還請求書" if language == "ja" else "Qualified return invoice") in text


def test_mails_say_what_is_given_back(invoice: Invoice, clerk: Actor) -> None:
    pay(invoice, clerk, 1_100_000)
    credit(invoice, clerk, 100_000)
    refund(invoice, clerk, 110_000)
    rollback()
    sent = {m.event: m for m in db.session.query(Message)}
    assert "110,000" in sent["billing/credit_note_issued"].text
    assert "途中退会のため" in sent["billing/credit_note_issued"].text
    assert "110,000" in sent["billing/refund_sent"].text


@pytest.fixture
def office(app: Flask) -> Any:
    app.config["WTF_CSRF_ENABLED"] = False
    yield browser_of(app, staff(Role.SECRETARIAT))
    app.config["WTF_CSRF_ENABLED"] = True


def test_the_office_previews_issues_and_pays_back(
    app: Flask, office: Any, invoice: Invoice, clerk: Actor
) -> None:
    pay(invoice, clerk, 1_100_000)
    url = f"/staff/billing/invoices/{invoice.id}"
    line = any_invoice(invoice.id).lines[0].id
    typed = {f"line_{line}": "200,000", "reason": "値引き", "once": "c" * 32}
    assert "1000000" in office.get(f"{url}/credit").get_data(as_text=True)
    preview = office.post(f"{url}/credit/preview", data=typed)
    assert (preview.status_code, db.session.query(CreditNote).count()) == (200, 0)
    assert "¥220,000" in preview.get_data(as_text=True)
    for wrong in (
        {f"line_{line}": "1,000,001"},
        {f"line_{line}": "abc"},
        {f"line_{line}": "0"},
        {"reason": ""},
    ):
        assert office.post(f"{url}/credit", data=typed | wrong).status_code == 422
    for _again in range(2):
        assert office.post(f"{url}/credit", data=typed).status_code == 303
    assert owed(invoice).excess_yen == 220_000
    back = {"amount_yen": "220,000", "paid_on": clock.today().isoformat(), "note": "", "once": "d" * 32}
    assert office.get(f"{url}/refund").status_code == 200
    assert office.post(f"{url}/refund/preview", data=back).status_code == 200
    assert office.post(f"{url}/refund/preview", data=back | {"amount_yen": "220,001"}).status_code == 422
    for _again in range(2):
        assert office.post(f"{url}/refund", data=back).status_code == 303
    assert (owed(invoice).excess_yen, db.session.query(Refund).count()) == (0, 1)
    page = office.get(url).get_data(as_text=True)
    (note,) = credit_notes_of(invoice)
    assert note.number in page
    assert office.post(f"/staff/billing/credit-notes/{note.id}/file").data[:4] == b"%PDF"


def test_a_company_sees_its_own_credit_notes_alone(app: Flask, clerk: Actor) -> None:
    mine, theirs = company(), company()
    notes = [credit(bill(each), clerk, 1000) for each in (mine, theirs)]
    reader = browser_of(app, person(at=mine, roles=(Role.BILLING,)))
    assert [reader.get(f"/billing/credit-notes/{note.id}/file").status_code for note in notes] == [200, 404]
    page = reader.get(f"/billing/invoices/{notes[0].invoice_id}").get_data(as_text=True)
    assert notes[0].number in page
    assert notes[1].number not in page
