"""From quote to receipt by the pages of office and company."""

from __future__ import annotations

import io
from datetime import timedelta
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import delete, select
from sqlalchemy.exc import DatabaseError

from portal.accounts.enums import Role
from portal.audit.models import AuditEntry
from portal.billing.models import Invoice, Order, Quote
from portal.billing.queries.export_checks import export_problems
from portal.billing.queries.invoices import any_invoice
from portal.billing.queries.register import Wanted, search_papers
from portal.billing.register import PaperKind
from portal.billing.services.payments import record_bank_payment
from portal.core import clock
from portal.core.db import db
from portal.core.transaction import rollback, transaction
from portal.files.models import StoredFile
from tests.support.people import actor_of, browser_of, company, person, staff
from tests.support.sql import count_sql
from tests.support.uploads import pdf


@pytest.fixture
def pages(app: Flask) -> Any:
    app.config["WTF_CSRF_ENABLED"] = False
    body = company()
    office = browser_of(app, staff(Role.SECRETARIAT))
    yield body, office, browser_of(app, person(at=body, roles=(Role.BILLING,)))
    app.config["WTF_CSRF_ENABLED"] = True


def typed(**values: str) -> dict[str, str]:
    today = clock.today()
    return {
        "subject": "講習会の費用", "description_1": "講習会", "quantity_1": "2", "price_1": "100,000", "category_1": "standard_10",
        "description_2": "弁当", "quantity_2": "3", "price_2": "1,055", "category_2": "reduced_8", "category_3": "standard_10",
        "period_from": today.isoformat(), "period_to": today.isoformat(),
        "valid_until": (today + timedelta(days=30)).isoformat(), "due_rule": "days_after:30", "language": "ja",
        "email": "keiri@kakuu.example", "once": "q" * 32,
    } | values  # fmt: skip


def test_one_click_each_from_quote_to_receipt(app: Flask, pages: Any) -> None:
    body, office, reader = pages
    url = f"/staff/billing/organisations/{body.id}/quote"
    assert office.get(url).status_code == 200
    past = (clock.today() - timedelta(days=1)).isoformat()
    for wrong in (
        {"price_1": ""},
        {"subject": ""},
        {"valid_until": past},
        {"period_to": past},
        {"email": "x"},
    ):
        assert office.post(url, data=typed(**wrong)).status_code == 422, wrong
    for _again in range(2):
        made = office.post(url, data=typed())
        assert made.status_code == 303
    rollback()
    quote = db.session.query(Quote).one()
    assert quote.total_yen == 220_000 + 3_165 + 253
    theirs, ours = f"/billing/quotes/{quote.id}", f"/staff/billing/quotes/{quote.id}"
    assert reader.get(theirs).status_code == 404
    assert office.get(ours).status_code == 200
    assert "へのご回答" not in reader.get("/home").get_data(as_text=True)
    assert [office.post(f"{ours}/send").status_code for _n in range(2)] == [303, 422]
    assert "¥223,418" in reader.get(theirs).get_data(as_text=True)
    assert f"見積書 {quote.number} へのご回答" in reader.get("/home").get_data(as_text=True)
    assert reader.post(f"{theirs}/order", data={}).status_code == 422
    ordered = {"agrees": "y", "purchase_order": "PO-5", "once": "o" * 32}
    assert [reader.post(f"{theirs}/order", data=ordered).status_code for _n in range(2)] == [303, 303]
    rollback()
    order = db.session.query(Order).one()
    assert reader.get(f"/billing/orders/{order.id}/file").data[:4] == b"%PDF"
    issue = f"/staff/billing/orders/{order.id}/issue"
    assert [office.post(issue).status_code for _n in range(2)] == [303, 303]
    rollback()
    invoice = db.session.query(Invoice).one()
    clerk = actor_of(staff())
    with transaction():
        record_bank_payment(
            invoice=any_invoice(invoice.id), amount_yen=invoice.total_yen, received_on=clock.today(), payer_name="", by=clerk, once="k"
        )  # fmt: skip
    for browser, address in (
        (reader, theirs), (reader, f"/billing/invoices/{invoice.id}"), (office, ours), (office, f"/staff/billing/invoices/{invoice.id}"),
    ):  # fmt: skip
        said = browser.get(address).get_data(as_text=True)
        assert [n for n in (quote.number, order.number, invoice.number, "RCT-") if n not in said] == []
    assert quote.number in office.get("/staff/billing/quotes").get_data(as_text=True)


def test_an_order_on_paper_is_kept_and_a_quote_declined_or_withdrawn_is_over(app: Flask, pages: Any) -> None:
    body, office, reader = pages
    for key in "abc":
        office.post(f"/staff/billing/organisations/{body.id}/quote", data=typed(once=key * 32))
    rollback()
    first, second, third = (row.id for row in db.session.query(Quote).order_by(Quote.id))
    for quote_id in (first, second):
        office.post(f"/staff/billing/quotes/{quote_id}/send")
    paper = {"ordered_on": clock.today().isoformat(), "purchase_order": "PO-6"}
    url = f"/staff/billing/quotes/{first}/order"
    assert office.post(url, data=paper).status_code == 422
    sent = paper | {"file": (io.BytesIO(pdf()), "注文書.pdf")}
    assert office.post(url, data=sent, content_type="multipart/form-data").status_code == 303
    rollback()
    order = db.session.query(Order).one()
    came = office.post(f"/staff/billing/orders/{order.id}/received")
    assert (came.status_code, came.data, came.mimetype) == (200, pdf(), "application/pdf")
    assert reader.post(f"/staff/billing/orders/{order.id}/received").status_code in (403, 404)
    assert "注文書.pdf" not in reader.get(f"/billing/quotes/{first}").get_data(as_text=True)
    is_in_the_register_for_good(order)
    assert reader.post(f"/billing/quotes/{second}/decline", data={"reason": "不要"}).status_code == 303
    assert reader.post(f"/billing/quotes/{second}/order", data={"agrees": "y"}).status_code == 422
    withdraw = f"/staff/billing/quotes/{third}/withdraw"
    assert [office.post(withdraw, data={"reason": reason}).status_code for reason in ("", "誤り")] == [
        422,
        303,
    ]


def is_in_the_register_for_good(order: Order) -> None:
    """Found by the company's number and by what it is, protected by the database, opened with a trace."""
    rollback()
    (row,) = search_papers(Wanted(number="PO-6", kind=PaperKind.ORDER), cursor=None).items
    assert row[1:] == (order.ordered_on, "order", "PO-6", order.number, order.buyer_name, order.total_yen)
    opened = select(AuditEntry.changes).where(AuditEntry.verb == "paper.opened")
    assert {"number": "PO-6"} in db.session.scalars(opened).all()
    assert export_problems() == []
    rollback()
    with pytest.raises(DatabaseError), transaction() as session:
        session.execute(delete(StoredFile).where(StoredFile.id == order.received_file_id))


def test_an_order_confirmed_online_has_no_paper_that_came(app: Flask, pages: Any) -> None:
    body, office, reader = pages
    office.post(f"/staff/billing/organisations/{body.id}/quote", data=typed())
    rollback()
    quote_id = db.session.query(Quote.id).scalar()
    office.post(f"/staff/billing/quotes/{quote_id}/send")
    reader.post(f"/billing/quotes/{quote_id}/order", data={"agrees": "y"})
    rollback()
    order_id = db.session.query(Order.id).scalar()
    assert office.post(f"/staff/billing/orders/{order_id}/received").status_code == 404


def test_orders_to_be_invoiced_stand_on_the_offices_home_until_they_are(app: Flask, pages: Any) -> None:
    body, office, reader = pages
    words = "未請求の注文 1件"
    office.post(f"/staff/billing/organisations/{body.id}/quote", data=typed())
    rollback()
    quote_id = db.session.query(Quote.id).scalar()
    office.post(f"/staff/billing/quotes/{quote_id}/send")
    assert words not in office.get("/staff").get_data(as_text=True)
    reader.post(f"/billing/quotes/{quote_id}/order", data={"agrees": "y"})
    assert words in office.get("/staff").get_data(as_text=True)
    rollback()
    office.post(f"/staff/billing/orders/{db.session.query(Order.id).scalar()}/issue")
    assert words not in office.get("/staff").get_data(as_text=True)


def test_the_list_of_quotes_asks_as_much_for_four_as_for_one(app: Flask, pages: Any) -> None:
    body, office, _reader = pages
    costs = []
    for key in "abcd":
        office.post(f"/staff/billing/organisations/{body.id}/quote", data=typed(once=key * 32))
        with count_sql() as sql:
            assert office.get("/staff/billing/quotes").status_code == 200
        costs.append(len(sql))
    assert costs[0] == costs[3] <= 8, str(sql)


def test_another_company_sees_nothing_of_it(app: Flask, pages: Any) -> None:
    body, office, _reader = pages
    office.post(f"/staff/billing/organisations/{body.id}/quote", data=typed())
    rollback()
    quote = db.session.query(Quote).one()
    office.post(f"/staff/billing/quotes/{quote.id}/send")
    stranger = browser_of(app, person(at=company(), roles=(Role.BILLING,)))
    assert stranger.get(f"/billing/quotes/{quote.id}").status_code == 404
    assert stranger.post(f"/billing/quotes/{quote.id}/order", data={"agrees": "y"}).status_code == 404
