"""What the office reads before an invoice is issued anew, of cases at the money's new place, of payments' rows, and of a quote's period."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest
from flask import Flask

from portal.accounts.enums import Role
from portal.billing.models import Invoice
from portal.billing.queries.invoices import any_invoice
from portal.billing.services.credits import issue_credit_note
from portal.billing.services.replacements import Replacement, replace_invoice
from portal.core import clock
from portal.core.formats import day
from portal.core.i18n import in_language
from portal.core.transaction import rollback, transaction
from portal.domain.terms import FiscalYear
from tests.billing.payer import Payer
from tests.billing.returning import ask_back, attempt_of, give_back, paid_by_card, settle_down
from tests.billing.test_receipts_of_advances import pay
from tests.support.billing import bill, buyer, fee
from tests.support.people import actor_of, browser_of, company, person, staff
from tests.support.renewals import on

TYPED = {
    "description_1": "年会費", "quantity_1": "1", "price_1": "900,000", "category_1": "standard_10",
    "category_2": "standard_10", "category_3": "standard_10", "category_4": "standard_10",
    "name": "架空製薬株式会社", "subject": "会費", "email": "keiri@kakuu.example", "reason": "金額の誤り", "once": "b" * 32,
}  # fmt: skip


@pytest.fixture
def clerk(app: Flask) -> Any:
    return actor_of(staff(Role.SECRETARIAT))


@pytest.fixture
def office(app: Flask) -> Any:
    app.config["WTF_CSRF_ENABLED"] = False
    yield browser_of(app, staff(Role.SECRETARIAT))
    app.config["WTF_CSRF_ENABLED"] = True


@pytest.fixture
def contested(payer: Payer, run_jobs: Any) -> Invoice:
    """Paid by card; the holder of the card contests it, and nobody has decided."""
    contact = actor_of(person(at=company(), roles=(Role.BILLING,)))
    invoice = paid_by_card(payer, contact, run_jobs)
    payer.stand_in.control.dispute(attempt_of(invoice).intent_id)
    settle_down(payer, run_jobs)
    return invoice


def seen(browser: Any, url: str) -> str:
    answer = browser.get(url)
    assert answer.status_code == 200, url
    return str(answer.get_data(as_text=True))


@pytest.mark.parametrize("is_paid", [False, True])
def test_the_preview_of_an_invoice_anew_names_days_and_receipts(
    clerk: Any, office: Any, is_paid: bool
) -> None:
    with on(clock.today() - timedelta(days=32)):  # due at the end of the month after
        invoice = bill(company())
    if is_paid:
        pay(invoice, 1_100_000, clerk)
    page = office.post(f"/staff/billing/invoices/{invoice.id}/replace/preview", data=TYPED).get_data(
        as_text=True
    )
    assert ("領収書は無効" in page) is is_paid
    with in_language("ja"):
        old = day(any_invoice(invoice.id).due_on)
    assert (f"元の期限：{old}" in page) is not is_paid


def test_what_a_credit_note_gave_back_is_said_before_it_is_asked_for_again(clerk: Any, office: Any) -> None:
    invoice = bill(company())
    url = f"/staff/billing/invoices/{invoice.id}/replace"
    assert "当初の請求書の内容です" not in seen(office, url)
    with transaction():
        lines = {any_invoice(invoice.id).lines[0].id: 100_000}
        issue_credit_note(
            invoice=any_invoice(invoice.id), amounts=lines, reason="x", by=clerk, source_key="c"
        )
    rollback()
    form = seen(office, url)
    assert "CRN-" in form
    assert "当初の請求書の内容です" in form
    preview = office.post(f"{url}/preview", data=TYPED).get_data(as_text=True)
    assert "新しい請求書の金額は¥990,000、返還後の元の請求書の金額は¥990,000です。" in preview
    assert "¥110,000" in preview


def test_an_open_case_is_shown_where_its_money_is_now(contested: Invoice, clerk: Any, office: Any) -> None:
    with transaction():
        wanted = Replacement(
            buyer=buyer(), subject={"ja": "会費", "en": "Fee"}, purchase_order="", lines=[fee(900_000)]
        )
        new = replace_invoice(
            invoice=any_invoice(contested.id), wanted=wanted, reason="x", by=clerk, source_key="anew"
        )
        number = new.id
    rollback()
    for place in (contested.id, number):
        page = seen(office, f"/staff/billing/invoices/{place}")
        assert "カード決済に異議申立てがあります" in page
        assert "/staff/billing/disputes/" in page
    other = bill(company())
    assert "異議申立て" not in seen(office, f"/staff/billing/invoices/{other.id}")


def test_a_payments_row_says_that_it_is_contested_or_goes_back(
    contested: Invoice, payer: Payer, clerk: Any, office: Any, run_jobs: Any
) -> None:
    assert "異議申立て：¥1,100,000（回答待ち）" in seen(office, f"/staff/billing/invoices/{contested.id}")
    contact = actor_of(person(at=company(), roles=(Role.BILLING,)))
    returned = paid_by_card(payer, contact, run_jobs)
    give_back(returned, clerk, 100_000)
    ask_back(returned, clerk, 110_000)
    rollback()
    row = (
        seen(office, f"/staff/billing/invoices/{returned.id}")
        .partition('id="payments"')[2]
        .partition("</table>")[0]
    )
    assert "返金：¥110,000" in row
    assert "異議申立て" not in row


@pytest.mark.parametrize("today", [date(2026, 4, 1), date(2026, 11, 21), date(2027, 3, 31)])
def test_a_quotes_period_ends_with_the_fiscal_year(app: Flask, office: Any, today: date) -> None:
    body = company()
    with on(today):
        page = seen(browser_of(app, staff(Role.SECRETARIAT)), f"/staff/billing/organisations/{body.id}/quote")
    field = page.partition('name="period_to"')
    assert FiscalYear.of(today).ends_on.isoformat() in field[0][-200:] + field[2][:200]
