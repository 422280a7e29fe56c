"""A company's pages: what it may see, pay and download, and nothing of anybody else."""

from __future__ import annotations

import pytest

from portal.accounts.enums import Role
from portal.billing.enums import PayMethod, ReceivableState
from portal.billing.models import Receivable
from portal.billing.queries.invoices import any_invoice, receipts_of
from portal.billing.services import create_quote
from portal.billing.services.payments import record_bank_payment
from portal.core import clock
from portal.core.db import db
from portal.core.transaction import rollback, transaction
from portal.domain.documents import Period
from portal.domain.terms import FiscalYear
from tests.billing.payer import Payer
from tests.support.billing import bill, buyer, fee
from tests.support.people import actor_of, browser_of, company, person, staff
from tests.support.sql import count_sql

MEMBER_PAGES = ("", "/file")


@pytest.fixture
def home(app):
    return company()


@pytest.fixture
def invoice(home):
    return bill(home)


@pytest.fixture
def contact(home):
    return person(at=home, roles=(Role.BILLING,))


def paid(invoice):
    clerk = actor_of(staff())
    with transaction():
        record_bank_payment(
            invoice=any_invoice(invoice.id),
            amount_yen=invoice.total_yen,
            received_on=clock.today(),
            payer_name="",
            by=clerk,
            once="k",
        )
    rollback()


def make_quote(organisation, by):
    year = FiscalYear.of(clock.today())
    with transaction():
        return create_quote(
            organisation=organisation,
            buyer=buyer(),
            subject={"ja": "会費", "en": "Fee"},
            lines=[fee()],
            period=Period(year.starts_on, year.ends_on),
            fiscal_year=year.year,
            source_key=f"quote:{by.id}",
            language="ja",
            by=by,
        )


def test_list_invoices_shows_ones_own_alone(app, invoice, contact):
    other = bill(company())
    text = browser_of(app, contact).get("/billing/invoices").get_data(as_text=True)
    assert invoice.number in text
    assert other.number not in text


@pytest.mark.parametrize("language", ["ja", "en"])
def test_show_invoice_says_amount_due_day_and_ways_to_pay(app, home, invoice, language):
    reader = person(at=home, roles=(Role.REPRESENTATIVE,), language=language)
    answer = browser_of(app, reader).get(f"/billing/invoices/{invoice.id}")
    assert answer.status_code == 200
    text = answer.get_data(as_text=True)
    assert "¥1,100,000" in text
    assert "0001234" in text
    assert invoice.number in text


@pytest.mark.parametrize("page", MEMBER_PAGES)
@pytest.mark.parametrize("role", [Role.BILLING, Role.COMPANY_ADMIN, Role.REPRESENTATIVE])
def test_the_paying_roles_see_it(app, home, invoice, role, page):
    reader = person(at=home, roles=(role,))
    assert browser_of(app, reader).get(f"/billing/invoices/{invoice.id}{page}").status_code == 200


@pytest.mark.parametrize("page", MEMBER_PAGES)
def test_another_companys_invoice_is_not_there(app, invoice, page):
    stranger = person(at=company(), roles=(Role.BILLING, Role.COMPANY_ADMIN))
    assert browser_of(app, stranger).get(f"/billing/invoices/{invoice.id}{page}").status_code == 404
    assert browser_of(app, stranger).post(
        f"/billing/invoices/{invoice.id}/checkout", data={"method": "card"}
    ).status_code in (400, 404)


@pytest.mark.parametrize("role", [Role.PARTICIPANT, Role.TRAINING])
def test_other_roles_of_the_company_do_not_see_money(app, home, invoice, role):
    colleague = person(at=home, roles=(role,))
    assert browser_of(app, colleague).get(f"/billing/invoices/{invoice.id}").status_code == 403


def test_a_role_elsewhere_opens_nothing_here(app, home, invoice):
    """Billing contact of one company, mere participant of the invoiced one."""
    mixed = person(at=company(), roles=(Role.BILLING,))
    from portal.accounts.models import Affiliation

    with transaction() as session:
        session.add(
            Affiliation(
                person_id=mixed.id, organisation_id=home.id, role=Role.PARTICIPANT, starts_on=clock.today()
            )
        )
    assert browser_of(app, mixed).get(f"/billing/invoices/{invoice.id}").status_code == 404


def test_download_invoice_is_an_attachment_byte_for_byte(app, invoice, contact):
    import hashlib

    answer = browser_of(app, contact).get(f"/billing/invoices/{invoice.id}/file")
    assert answer.headers["Content-Disposition"].startswith(f"attachment; filename={invoice.number}.pdf;")
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert hashlib.sha256(answer.data).hexdigest() == invoice.file_sha256


def test_a_receipt_is_issued_again_ten_times_at_most(app, home, invoice, contact):
    paid(invoice)
    receipt = receipts_of(invoice)[0]
    browser, path = browser_of(app, contact), f"/billing/receipts/{receipt.id}/reissue"
    app.config["WTF_CSRF_ENABLED"] = False
    try:
        assert "再発行した回数：0／10" in browser.get(f"/billing/invoices/{invoice.id}").text
        answers = [browser.post(path) for _n in range(11)]
    finally:
        app.config["WTF_CSRF_ENABLED"] = True
    assert [answer.status_code for answer in answers] == [303] * 10 + [422]
    assert "すでに10回再発行されています" in answers[-1].text
    rollback()
    assert len(receipts_of(invoice)) == 11
    page = browser.get(f"/billing/invoices/{invoice.id}").text
    assert path not in page
    assert "10回再発行済み（上限）" in page


def test_receipts_can_be_downloaded_and_issued_again(app, home, invoice, contact):
    paid(invoice)
    receipt = receipts_of(invoice)[0]
    browser = browser_of(app, contact)
    assert browser.get(f"/billing/receipts/{receipt.id}/file").data.startswith(b"%PDF")
    app.config["WTF_CSRF_ENABLED"] = False
    try:
        assert browser.post(f"/billing/receipts/{receipt.id}/reissue").status_code == 303
        stranger = person(at=company(), roles=(Role.BILLING,))
        assert browser_of(app, stranger).post(f"/billing/receipts/{receipt.id}/reissue").status_code == 404
    finally:
        app.config["WTF_CSRF_ENABLED"] = True
    rollback()
    again = receipts_of(invoice)
    assert [(each.number, each.issue) for each in again] == [(receipt.number, 0), (receipt.number, 1)]
    assert (
        browser_of(app, person(at=company(), roles=(Role.BILLING,)))
        .get(f"/billing/receipts/{receipt.id}/file")
        .status_code
        == 404
    )


def test_paying_by_card_leads_to_the_provider_and_back(app, payer: Payer, invoice, contact, run_jobs):
    browser = browser_of(app, contact)
    app.config["WTF_CSRF_ENABLED"] = False
    try:
        sent = browser.post(
            f"/billing/invoices/{invoice.id}/checkout", data={"method": "card", "amount": "1"}
        )
        wrong = browser.post(f"/billing/invoices/{invoice.id}/checkout", data={"method": "konbini"})
    finally:
        app.config["WTF_CSRF_ENABLED"] = True
    assert sent.status_code == 303
    assert sent.location.startswith(payer.stand_in.url)
    assert wrong.status_code == 400
    attempt = payer.attempt(1)
    assert attempt.amount_yen == 1_100_000
    back = f"/billing/checkouts/{attempt.key}"
    assert "hx-get" in browser.get(back).get_data(as_text=True)
    payer.choose(attempt, "card")
    payer.deliver()
    run_jobs()
    assert "hx-get" not in browser.get(f"{back}/progress").get_data(as_text=True)
    stranger = person(at=company(), roles=(Role.BILLING,))
    assert browser_of(app, stranger).get(back).status_code == 404
    rollback()
    assert db.session.get_one(Receivable, invoice.id).state is ReceivableState.PAID
    assert browser.get(f"/billing/invoices/{invoice.id}").status_code == 200


def test_the_transfer_account_stands_on_the_pages(app, payer: Payer, invoice, contact, run_jobs):
    attempt = payer.open(invoice, actor_of(contact), PayMethod.BANK_TRANSFER)
    payer.choose(attempt, "bank_transfer")
    payer.deliver()
    run_jobs()
    browser = browser_of(app, contact)
    for page in (f"/billing/checkouts/{attempt.key}", f"/billing/invoices/{invoice.id}"):
        assert "練習支店" in browser.get(page).get_data(as_text=True)


def test_what_has_arrived_of_a_transfer_and_what_is_open_is_said(
    app, payer: Payer, invoice, contact, run_jobs
):
    attempt = payer.open(invoice, actor_of(contact), PayMethod.BANK_TRANSFER)
    customer = payer.choose(attempt, "bank_transfer")
    payer.transfer(customer, 1_099_340)
    payer.deliver()
    run_jobs()
    words = browser_of(app, contact).get(f"/billing/checkouts/{attempt.key}").get_data(as_text=True)
    assert "¥1,099,340のご入金を確認しました。残額は¥660です。" in words
    assert "練習支店" in words


def test_what_came_another_way_is_not_said_to_have_come_by_the_transfer(
    app, payer: Payer, invoice, contact, run_jobs
):
    clerk = actor_of(staff())
    with transaction():
        record_bank_payment(
            invoice=any_invoice(invoice.id), amount_yen=400_000, received_on=clock.today(), payer_name="", by=clerk, once="k"
        )  # fmt: skip
    attempt = payer.open(invoice, actor_of(contact), PayMethod.BANK_TRANSFER)
    payer.choose(attempt, "bank_transfer")
    payer.deliver()
    run_jobs()
    words = browser_of(app, contact).get(f"/billing/checkouts/{attempt.key}").get_data(as_text=True)
    assert "¥400,000" not in words
    assert "¥700,000" in words


def test_a_paid_invoice_awaits_no_transfer(app, payer: Payer, invoice, contact, run_jobs):
    attempt = payer.open(invoice, actor_of(contact), PayMethod.BANK_TRANSFER)
    payer.choose(attempt, "bank_transfer")
    payer.deliver()
    run_jobs()
    pages = {
        f"/billing/invoices/{invoice.id}": browser_of(app, contact),
        f"/staff/billing/invoices/{invoice.id}": browser_of(app, staff()),
    }
    assert all("練習支店" in who.get(path).get_data(as_text=True) for path, who in pages.items())
    paid(invoice)
    assert not any("練習支店" in who.get(path).get_data(as_text=True) for path, who in pages.items())


def test_who_comes_back_unpaid_reads_that_nothing_was_charged(app, payer: Payer, invoice, contact):
    browser, path = browser_of(app, contact), f"/billing/invoices/{invoice.id}"
    words = "お支払いは完了していません"
    assert words not in browser.get(path).get_data(as_text=True)
    assert words in browser.get(f"{path}?unpaid=1").get_data(as_text=True)
    paid(invoice)
    assert words not in browser.get(f"{path}?unpaid=1").get_data(as_text=True)


def test_a_refused_card_stands_on_the_timeline_once(app, payer: Payer, invoice, contact, run_jobs):
    attempt = payer.open(invoice, actor_of(contact))
    payer.choose(attempt, "declined")
    for _delivery in range(2):
        for body, headers in payer.news():
            payer.post(body, headers)
        run_jobs()
    words = browser_of(app, contact).get(f"/billing/invoices/{invoice.id}").get_data(as_text=True)
    assert words.count("決済を完了できませんでした") == 1


@pytest.mark.parametrize(("language", "shown"), [("en", True), ("ja", False)])
def test_an_english_page_names_the_bank_in_latin_letters_as_well(app, home, invoice, language, shown):
    reader = person(at=home, roles=(Role.BILLING,), language=language)
    words = browser_of(app, reader).get(f"/billing/invoices/{invoice.id}").get_data(as_text=True)
    assert "架空銀行" in words
    assert ("Kakuu Bank (9990)" in words) is shown


def test_quotes_are_seen_by_their_company_or_by_who_asked(app, home, contact):
    asker = person(language="en")
    own, loose = make_quote(home, actor_of(contact)), make_quote(None, actor_of(asker))
    browser, other = browser_of(app, contact), browser_of(app, asker)
    assert browser.get(f"/billing/quotes/{own.id}").status_code == 200
    assert browser.get(f"/billing/quotes/{own.id}/file").data.startswith(b"%PDF")
    assert browser.get(f"/billing/quotes/{loose.id}").status_code == 404
    assert other.get(f"/billing/quotes/{loose.id}").status_code == 200
    assert other.get(f"/billing/quotes/{own.id}/file").status_code == 404
    assert loose.number in other.get("/billing/quotes").get_data(as_text=True)


def test_visitors_are_sent_to_the_sign_in(client):
    assert client.get("/billing/invoices").status_code == 302


def test_list_invoices_asks_the_same_number_of_statements_for_one_and_three(app, home, contact):
    browser = browser_of(app, contact)
    bill(home)
    with count_sql() as one:
        browser.get("/billing/invoices")
    bill(home)
    bill(home)
    with count_sql() as three:
        browser.get("/billing/invoices")
    assert len(one) == len(three) <= 8
