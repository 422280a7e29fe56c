"""The office's pages that use an advance and issue an invoice anew: shown first, refused at the field, done once."""

from __future__ import annotations

from typing import Any

import pytest
from flask import Flask

from portal.accounts.enums import Role
from portal.billing.enums import ReceivableState
from portal.billing.models import AdvanceMove, Invoice, InvoiceReplacement
from portal.billing.queries.invoices import any_invoice
from portal.billing.services.payments import record_bank_payment
from portal.core import clock
from portal.core.db import db
from portal.core.transaction import rollback, transaction
from tests.support.billing import bill
from tests.support.people import actor_of, browser_of, company, person, staff


@pytest.fixture
def office(app: Flask) -> Any:
    app.config["WTF_CSRF_ENABLED"] = False
    yield browser_of(app, staff(Role.SECRETARIAT))
    app.config["WTF_CSRF_ENABLED"] = True


def paid(invoice: Invoice, amount: int) -> None:
    clerk = actor_of(staff())
    with transaction():
        record_bank_payment(
            invoice=any_invoice(invoice.id), amount_yen=amount, received_on=clock.today(), payer_name="", by=clerk,
            once=f"k{invoice.id}",
        )  # fmt: skip
    rollback()


def state(invoice: Invoice) -> ReceivableState:
    rollback()
    return any_invoice(invoice.id).receivable.state


def test_an_advance_is_previewed_used_and_moved_back(app: Flask, office: Any) -> None:
    payer = company()
    first, second, other = bill(payer), bill(payer), bill(company())
    paid(first, 1_150_000)
    url = f"/staff/billing/invoices/{first.id}"
    form = office.get(f"{url}/advance").get_data(as_text=True)
    assert second.number in form
    assert other.number not in form
    typed = {"target": str(second.id), "amount_yen": "", "reason": "ご依頼により", "once": "a" * 32}
    preview = office.post(f"{url}/advance/preview", data=typed)
    assert (preview.status_code, db.session.query(AdvanceMove).count()) == (200, 0)
    assert "¥1,050,000" in preview.get_data(as_text=True)
    for wrong in ({"target": str(other.id)}, {"target": ""}, {"amount_yen": "50,001"}, {"amount_yen": "x"}):
        assert office.post(f"{url}/advance", data=typed | wrong).status_code == 422, wrong
    for _again in range(2):
        assert office.post(f"{url}/advance", data=typed).status_code == 303
    rollback()
    move = db.session.query(AdvanceMove).one()
    assert state(second) is ReceivableState.PARTLY_PAID
    assert f"/staff/billing/moved-advances/{move.id}/undo" in office.get(url).get_data(as_text=True)
    undo = f"/staff/billing/moved-advances/{move.id}/undo"
    assert office.get(undo).status_code == 200
    assert office.post(undo, data={"reason": ""}).status_code == 422
    assert office.post(undo, data={"reason": "誤り"}).status_code == 303
    assert office.post(undo, data={"reason": "誤り"}).status_code == 422
    assert state(second) is ReceivableState.UNPAID


def test_without_an_advance_or_an_invoice_to_pay_the_page_says_so(app: Flask, office: Any) -> None:
    invoice = bill(company())
    assert "前受金はありません" in office.get(f"/staff/billing/invoices/{invoice.id}/advance").get_data(as_text=True)  # fmt: skip
    paid(invoice, 1_150_000)
    assert "未払いの請求書がありません" in office.get(f"/staff/billing/invoices/{invoice.id}/advance").get_data(as_text=True)  # fmt: skip


def test_an_invoice_is_issued_anew_after_a_preview(app: Flask, office: Any) -> None:
    payer = company()
    invoice = bill(payer)
    paid(invoice, 1_100_000)
    url = f"/staff/billing/invoices/{invoice.id}"
    assert f"{url}/replace" in office.get(f"{url}/correct").get_data(as_text=True)
    assert "1000000" in office.get(f"{url}/replace").get_data(as_text=True)
    typed = {
        "description_1": "年会費", "quantity_1": "1", "price_1": "500,000", "category_1": "standard_10",
        "description_2": "弁当", "quantity_2": "3", "price_2": "1,055", "category_2": "reduced_8",
        "category_3": "standard_10", "category_4": "standard_10",
        "name": "架空製薬株式会社", "subject": "会費", "email": "keiri@kakuu.example", "reason": "金額の誤り", "once": "b" * 32,
    }  # fmt: skip
    preview = office.post(f"{url}/replace/preview", data=typed)
    assert (preview.status_code, db.session.query(Invoice).count()) == (200, 1)
    assert "¥553,418" in preview.get_data(as_text=True)
    for wrong in (
        {"reason": ""},
        {"price_1": ""},
        {"description_2": ""},
        {"price_2": "abc"},
        {"category_1": "free"},
        {
            "description_1": "",
            "quantity_1": "",
            "price_1": "",
            "description_2": "",
            "quantity_2": "",
            "price_2": "",
        },
        {"price_1": "1,000,000", "description_2": "", "quantity_2": "", "price_2": ""},
    ):
        assert office.post(f"{url}/replace", data=typed | wrong).status_code == 422, wrong
    for _again in range(2):
        assert office.post(f"{url}/replace", data=typed).status_code == 303
    rollback()
    link = db.session.query(InvoiceReplacement).one()
    new = any_invoice(link.replaced_by_id)
    assert (new.total_yen, new.receivable.state) == (553_418, ReceivableState.PAID)
    reader = browser_of(app, person(at=payer, roles=(Role.BILLING,)))
    for browser, prefix in ((office, "/staff"), (reader, "")):
        assert new.number in browser.get(f"{prefix}/billing/invoices/{invoice.id}").get_data(as_text=True)
        assert invoice.number in browser.get(f"{prefix}/billing/invoices/{new.id}").get_data(as_text=True)
    assert "差し替えられています" in office.get(f"{url}/replace").get_data(as_text=True)
