"""Small things that pages and papers say: tax of each line, what can go back, marks of receipts, money that stayed."""

from __future__ import annotations

from typing import Any

import pytest
from flask import Flask

from portal.accounts.enums import Role
from portal.accounts.models import Organisation
from portal.billing.models import Dispute, Invoice, PayerBalance
from portal.billing.queries.books.cash import cash_by_month
from portal.billing.queries.invoices import any_invoice, paper, receipts_of
from portal.billing.queries.versions import revisions_of
from portal.billing.services.receipts import reissue_receipt
from portal.billing.services.replacements import Replacement, replace_invoice
from portal.core import clock
from portal.core.db import db
from portal.core.formats import yen
from portal.core.transaction import rollback, transaction
from portal.domain.tax import TaxCategory
from portal.domain.terms import FiscalYear
from tests.billing.payer import Payer
from tests.billing.returning import attempt_of, give_back, paid_by_card, settle_down
from tests.billing.test_corrections import correct, renamed
from tests.billing.test_receipts_of_advances import pay
from tests.support.billing import bill, buyer, fee
from tests.support.pdf_text import text_of
from tests.support.people import actor_of, browser_of, company, person, staff
from tests.support.reader import Reader


@pytest.fixture
def clerk(app: Flask) -> Any:
    return actor_of(staff(Role.SECRETARIAT))


@pytest.fixture
def office(app: Flask) -> Any:
    return browser_of(app, staff(Role.SECRETARIAT))


def seen(browser: Any, url: str) -> str:
    answer = browser.get(url)
    assert answer.status_code == 200, url
    return str(answer.get_data(as_text=True))


def reader_of(app: Flask, invoice: Invoice) -> Any:
    body = db.session.get_one(Organisation, invoice.organisation_id)
    return browser_of(app, person(at=body, roles=(Role.BILLING,)))


def test_lines_say_their_tax_on_both_sides(app: Flask, office: Any) -> None:
    kinds = (TaxCategory.STANDARD_10, TaxCategory.REDUCED_8, TaxCategory.OUT_OF_SCOPE)
    invoice = bill(company(), *(fee(1_000, category=each) for each in kinds))
    for page in (
        seen(office, f"/staff/billing/invoices/{invoice.id}"),
        seen(reader_of(app, invoice), f"/billing/invoices/{invoice.id}"),
    ):
        for words in ("税率", "8%※", "不課税", "※は軽減税率の対象です。"):
            assert words in page


def test_a_corrected_invoice_is_called_so_on_the_paper_and_in_its_name(clerk: Any) -> None:
    invoice = bill(company())
    correct(invoice, clerk, buyer=renamed(invoice, "訂正後株式会社"))
    file = paper(revisions_of(invoice)[0].file_id)
    assert file.name.startswith("修正請求書_")
    assert "修正請求書" in text_of(file.content)
    first = paper(any_invoice(invoice.id).file_id)
    assert (first.name[:4], "修正請求書" in text_of(first.content)) == ("請求書_", False)


def test_no_more_is_offered_to_go_back_than_the_advance(
    payer: Payer, clerk: Any, office: Any, run_jobs: Any
) -> None:
    contact = actor_of(person(at=company(), roles=(Role.BILLING,)))
    invoice = paid_by_card(payer, contact, run_jobs)
    give_back(invoice, clerk, 100_000)
    page = seen(office, f"/staff/billing/invoices/{invoice.id}/provider-refund")
    assert "¥110,000まで返金できます" in page
    assert "¥1,100,000まで返金できます" not in page


def test_the_register_marks_copies_and_receipts_that_no_longer_hold(clerk: Any, office: Any) -> None:
    invoice = bill(company())
    pay(invoice, 1_100_000, clerk)
    assert "再発行" not in seen(office, "/staff/books/papers?kind=receipt").partition("<tbody")[2]
    with transaction():
        whole = any_invoice(invoice.id)
        reissue_receipt(receipt=receipts_of(whole)[0], invoice=whole, by=clerk)
    assert seen(office, "/staff/books/papers?kind=receipt").count("再発行") == 1
    correct(invoice, clerk, buyer=renamed(invoice, "訂正後株式会社"))
    assert seen(office, "/staff/books/papers?kind=receipt").count("state-void") == 2


def test_money_that_was_lost_or_paid_back_did_not_stay(payer: Payer, office: Any, run_jobs: Any) -> None:
    contact = actor_of(person(at=company(), roles=(Role.BILLING,)))
    kept, lost = (paid_by_card(payer, contact, run_jobs) for _n in range(2))
    name = payer.stand_in.control.dispute(attempt_of(lost).intent_id)["id"]
    payer.stand_in.control.decide_dispute(name, "lost")
    settle_down(payer, run_jobs)
    assert db.session.query(Dispute).count() == 1
    months = cash_by_month(FiscalYear.of(clock.today()))
    stayed = sum(each.kept_yen for each in months)
    assert stayed == months[-1].closing_yen == 1_100_000 - 1_500
    for url in ("/staff/books/cash", "/staff/books/pictures"):
        assert f"手元に残った額は{yen(stayed)}" in seen(office, url)
    assert kept.id != lost.id


def test_a_replaced_invoice_says_nothing_of_money_at_the_provider(app: Flask, clerk: Any) -> None:
    old = bill(company())
    with transaction():
        wanted = Replacement(
            buyer=buyer(), subject={"ja": "会費", "en": "Fee"}, purchase_order="", lines=[fee(900_000)]
        )
        new = replace_invoice(
            invoice=any_invoice(old.id), wanted=wanted, reason="x", by=clerk, source_key="anew"
        )
        db.session.add(PayerBalance(customer="cus_x", organisation_id=old.organisation_id, balance_yen=166, seen_at=clock.now()))  # fmt: skip
    rollback()
    reader = reader_of(app, old)
    assert "¥166" in seen(reader, f"/billing/invoices/{new.id}")
    assert "¥166" not in seen(reader, f"/billing/invoices/{old.id}")


def test_the_summary_of_a_credit_note_names_the_line_that_is_wrong(app: Flask) -> None:
    invoice = bill(company(), fee(1_000), fee(2_000))
    office = Reader(browser_of(app, staff(Role.SECRETARIAT)))
    form = office.get(f"/staff/billing/invoices/{invoice.id}/credit").form("/credit/preview")
    number = any_invoice(invoice.id).lines[1].id
    page = office.submit(form, status=422, **{f"line_{number}": "9999", "reason": "x"})
    assert "返還する金額（税抜）：年会費" in page.text
