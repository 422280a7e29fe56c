"""The secretariat's pages: lists, transfers with a preview, the issuer, the books, the provider."""

from __future__ import annotations

import io
from datetime import timedelta

import pytest
from openpyxl import load_workbook

from portal.accounts.enums import Role
from portal.audit.models import AuditEntry
from portal.billing.enums import DifferenceKind, FeeProduct, ReceivableState
from portal.billing.models import IssuerProfile, Payment, ProviderDifference, Receivable
from portal.billing.queries.issuers import issuer_on
from portal.billing.services import set_tax_treatment
from portal.billing.services.differences import note_difference
from portal.core import clock
from portal.core.db import db
from portal.core.transaction import rollback, transaction
from portal.domain.tax import TaxCategory
from tests.support.billing import bill
from tests.support.people import browser_of, company, person, staff
from tests.support.sql import count_sql

PAGES = ("invoices", "issuer", "issuer/edit", "taxes/edit", "provider")


@pytest.fixture
def office(app):
    app.config["WTF_CSRF_ENABLED"] = False
    yield browser_of(app, staff(Role.SECRETARIAT))
    app.config["WTF_CSRF_ENABLED"] = True


@pytest.fixture
def invoice(app):
    return bill(company("架空製薬株式会社"))


def transfer(**values):
    return {
        "amount_yen": "1,100,000",
        "received_on": clock.today().isoformat(),
        "payer_name": "カクウセイヤク（カ",
        "once": "a" * 32,
    } | values


def state_of(invoice):
    rollback()
    return db.session.get_one(Receivable, invoice.id, populate_existing=True).state


@pytest.mark.parametrize("page", PAGES)
@pytest.mark.parametrize("language", ["ja", "en"])
def test_pages_open_in_both_languages(app, invoice, page, language):
    clerk = staff(Role.SECRETARIAT, language=language)
    assert browser_of(app, clerk).get(f"/staff/billing/{page}").status_code == 200


@pytest.mark.parametrize("page", [*PAGES, "invoices/1"])
def test_only_who_keeps_the_books_comes_in(app, invoice, page):
    for stranger in (
        staff(Role.STEERING_COMMITTEE),
        person(at=company(), roles=(Role.BILLING, Role.COMPANY_ADMIN)),
    ):
        assert browser_of(app, stranger).get(f"/staff/billing/{page}").status_code == 403
    assert browser_of(app, staff(Role.ADMINISTRATOR)).get(f"/staff/billing/{page}").status_code == 200


def test_a_transfer_is_previewed_recorded_and_undone(office, invoice):
    url = f"/staff/billing/invoices/{invoice.id}"
    preview = office.post(f"{url}/payments/preview", data=transfer())
    assert preview.status_code == 200
    assert db.session.query(Payment).count() == 0
    assert office.post(f"{url}/payments", data=transfer()).status_code == 303
    assert office.post(f"{url}/payments", data=transfer()).status_code == 303
    assert state_of(invoice) is ReceivableState.PAID
    assert office.get(url).status_code == 200
    payment = db.session.query(Payment).one()
    reverse = f"/staff/billing/payments/{payment.id}/reverse"
    assert office.get(reverse).status_code == 200
    assert office.post(reverse, data={"reason": ""}).status_code == 422
    assert office.post(reverse, data={"reason": "別の会社の入金でした"}).status_code == 303
    assert state_of(invoice) is ReceivableState.UNPAID
    assert office.post(reverse, data={"reason": "もう一度"}).status_code == 422
    assert "別の会社の入金でした" in office.get(url).get_data(as_text=True)


@pytest.mark.parametrize(
    "values",
    [
        {"amount_yen": "0"},
        {"amount_yen": "1.5"},
        {"amount_yen": "9" * 20},
        {"amount_yen": "百万円"},
        {"received_on": "2026-02-31"},
        {"received_on": (clock.today() + timedelta(days=2)).isoformat()},
        {"payer_name": "x" * 500},
        {"payer_name": "a\x00b"},
    ],
)
def test_bad_transfers_come_back_with_what_was_typed(office, invoice, values):
    for step in ("/payments/preview", "/payments"):
        answer = office.post(f"/staff/billing/invoices/{invoice.id}{step}", data=transfer(**values))
        assert answer.status_code == 422
        assert "カクウセイヤク" in answer.get_data(as_text=True) or "payer_name" in values
    rollback()
    assert db.session.query(Payment).count() == 0


def test_list_invoices_filters_by_chip_year_and_words(office, invoice):
    with clock.frozen(clock.now() - timedelta(days=200)):
        late = bill(company("遅延商事株式会社"))
    office.post(f"/staff/billing/invoices/{invoice.id}/payments", data=transfer())
    shown = {
        "": {invoice.number, late.number},
        "?show=unpaid": {late.number},
        "?show=overdue": {late.number},
        "?show=paid": {invoice.number},
        "?q=遅延": {late.number},
        f"?q={invoice.number}": {invoice.number},
        "?show=paid&q=遅延": set(),
        "?year=1999": set(),
        "?q=%25": set(),
    }
    for query, numbers in shown.items():
        text = office.get(f"/staff/billing/invoices{query}").get_data(as_text=True)
        assert {n for n in (invoice.number, late.number) if f">{n}<" in text} == numbers, query


@pytest.mark.parametrize(
    "query", ["?show=%00", "?year=99999999999999999999", "?after=nonsense", "?q=" + "x" * 5000]
)
def test_odd_arguments_do_no_harm(office, invoice, query):
    assert office.get(f"/staff/billing/invoices{query}").status_code in (200, 404)


def test_list_invoices_asks_at_most_eight_statements(office):
    bill(company())
    with count_sql() as one:
        office.get("/staff/billing/invoices")
    for _n in range(2):
        bill(company())
    with count_sql() as three:
        office.get("/staff/billing/invoices")
    assert len(one) == len(three) <= 8


def test_exports_hold_what_is_shown_and_no_formula(office, invoice):
    evil = bill(company('=HYPERLINK("http://evil.example")'))
    office.post(f"/staff/billing/invoices/{invoice.id}/payments", data=transfer())
    path = "/staff/billing/invoices/export"
    csv = office.post(f"{path}?show=unpaid", data={"format": "csv"})
    assert csv.headers["Content-Disposition"].startswith("attachment")
    text = csv.get_data(as_text=True)
    assert evil.number in text
    assert invoice.number not in text
    assert ",=HYPERLINK" not in text
    assert ',"=HYPERLINK' not in text
    book = load_workbook(io.BytesIO(office.post(path, data={"format": "xlsx"}).data))
    rows = list(book.active.iter_rows())
    assert len(rows) == 3
    assert "f" not in {cell.data_type for row in rows for cell in row}
    assert rows[1][8].value == 1_100_000
    rollback()
    taken = db.session.query(AuditEntry).filter_by(verb="list.exported").order_by(AuditEntry.id).all()
    assert [entry.changes for entry in taken] == [
        {"list": "invoices", "format": "csv", "rows": 1, "filters": {"show": "unpaid"}},
        {"list": "invoices", "format": "xlsx", "rows": 2},
    ]
    assert office.get(path).status_code == 405


def test_the_issuers_data_change_from_a_day_and_leave_the_past(office, invoice):
    form = {
        "valid_from": clock.today().isoformat(),
        "name_ja": "新しい名前",
        "name_en": "New name",
        "registration_number": "Ｔ7123456789012",
        "address_ja": "新住所",
        "address_en": "New address",
        "account_kind": "ordinary",
        "rounding": "half_up",
        "due_rule": "days_after:30",
        "quote_valid_days": "45",
    }
    wrong = office.post("/staff/billing/issuer/edit", data=form | {"registration_number": "T1234567890123"})
    assert wrong.status_code == 422
    shown = office.post("/staff/billing/issuer/edit", data=form)
    assert (shown.status_code, db.session.query(IssuerProfile).count()) == (200, 1)
    assert all(words in shown.text for words in ("新しい名前", "30日"))
    rollback()
    assert office.post("/staff/billing/issuer/edit", data=form | {"step": "make"}).status_code == 303
    rollback()
    now = issuer_on(clock.today())
    assert (now.name_ja, now.registration_number, now.rounding) == ("新しい名前", "T7123456789012", "half_up")
    assert db.session.query(IssuerProfile).count() == 2
    assert "見本データ科学コンソーシアム" in office.get(f"/staff/billing/invoices/{invoice.id}").get_data(
        as_text=True
    )
    assert bill(company()).issuer["party"]["name"] == "新しい名前"
    assert office.get("/staff/billing/issuer").status_code == 200


def test_a_fee_outside_the_scope_of_tax_carries_its_notice(office):
    data = {
        "product": "membership",
        "valid_from": clock.today().isoformat(),
        "category": "out_of_scope",
        "notice_ja": "会費は不課税です。",
        "notice_en": "",
    }
    assert "会費は不課税です。" in office.post("/staff/billing/taxes/edit", data=data).text
    assert bill(company()).tax_yen == 100_000
    assert office.post("/staff/billing/taxes/edit", data=data | {"step": "make"}).status_code == 303
    invoice = bill(company())
    assert (invoice.tax_yen, invoice.total_yen) == (0, 1_000_000)
    assert invoice.notes == "会費は不課税です。"
    assert office.get("/staff/billing/issuer").status_code == 200


def test_the_books_page_says_when_they_fit(office, invoice):
    assert "notice-good" in office.get("/staff/books").get_data(as_text=True)


def test_differences_are_shown_until_somebody_resolves_them(office, invoice):
    with transaction():
        note_difference(DifferenceKind.UNKNOWN_PAYMENT, reference="pi_x", details={"amount_yen": 5})
    assert "pi_x" in office.get("/staff/billing/provider").get_data(as_text=True)
    one = db.session.query(ProviderDifference).one().id
    url = f"/staff/billing/differences/{one}/resolve"
    assert office.get(url).status_code == 200
    assert office.post(url, data={"note": ""}).status_code == 422
    assert office.post(url, data={"note": "返金しました"}).status_code == 303
    assert office.post(url, data={"note": "二度目"}).status_code in (409, 422)
    assert "pi_x" not in office.get("/staff/billing/provider").get_data(as_text=True)


def test_without_an_issuer_nothing_is_issued(app):
    from portal.core.errors import Refused

    with clock.frozen(clock.now() - timedelta(days=3650)), pytest.raises(Refused):
        bill(company())


def test_tax_treatment_from_tomorrow_changes_nothing_today(app):
    with transaction():
        set_tax_treatment(
            product=FeeProduct.MEMBERSHIP,
            valid_from=clock.today() + timedelta(days=1),
            category=TaxCategory.OUT_OF_SCOPE,
            by=None,
        )
    assert bill(company()).tax_yen == 100_000


def test_the_same_page_with_another_amount_records_another_transfer(office, invoice):
    """Sent twice it is one; with another amount, from a page that was kept, it is what was typed and shown."""
    url = f"/staff/billing/invoices/{invoice.id}/payments"
    for amount, owed in (("100,000", 1_000_000), ("100,000", 1_000_000), ("200,000", 800_000)):
        assert office.post(url, data=transfer(amount_yen=amount)).status_code == 303
        rollback()
        assert db.session.get_one(Receivable, invoice.id, populate_existing=True).outstanding_yen == owed
