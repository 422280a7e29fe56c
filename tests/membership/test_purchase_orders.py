"""A purchase order number may come after the application, until the invoice is issued; then nothing changes it."""

from __future__ import annotations

import pytest
from flask import Flask
from sqlalchemy import select

from portal.audit.models import AuditEntry
from portal.billing.models import Invoice
from portal.core.db import db
from portal.core.errors import OutOfDate
from portal.core.transaction import rollback, transaction
from portal.membership import services as membership
from portal.membership.models import Application
from tests.support import membership as given
from tests.support.people import actor_of, browser_of, person, staff
from tests.support.reader import Reader

pytestmark = pytest.mark.database


def orders() -> list[str]:
    rollback()
    return list(db.session.scalars(select(Invoice.purchase_order)))


def test_the_number_that_came_last_stands_on_the_invoice(app: Flask) -> None:
    given.season()
    who = person()
    application = given.submitted(who)
    assert application.purchase_order == "PO-77"
    visitor = Reader(browser_of(app, who))
    status = visitor.get(f"/membership/applications/{application.id}")
    page = visitor.get(status.link("変更"))
    page = visitor.submit(page.form("/purchase-order"), number=" PO-99 ")
    assert page.text.count("PO-99") == 3  # at a glance, among the answers, on the timeline
    assert "PO-77" not in page.text
    rollback()
    again = db.session.get_one(Application, application.id, populate_existing=True)
    assert again.draft["payment"]["purchase_order_number"] == "PO-99"
    told = db.session.scalars(
        select(AuditEntry).where(AuditEntry.verb == "application.order_number_set")
    ).one()
    assert told.changes == {"purchase_order": ["PO-77", "PO-99"]}
    given.approve(given.checked(again, staff()))
    assert orders() == ["PO-99"]


def test_an_issued_invoice_stays_and_says_whom_to_ask(app: Flask) -> None:
    given.season()
    who = person()
    by = actor_of(who)
    application = given.checked(given.submitted(who), staff())
    given.approve(application)
    with pytest.raises(OutOfDate), transaction():
        membership.set_purchase_order(application=application, number="PO-1", by=by)
    visitor = Reader(browser_of(app, who))
    path = f"/membership/applications/{application.id}/purchase-order"
    page = visitor.get(path)
    assert "事務局へお問い合わせください" in page.text
    assert "PO-77" in page.text
    assert orders() == ["PO-77"]


def test_a_draft_leads_to_its_page_and_a_withdrawn_one_nowhere(app: Flask) -> None:
    given.season()
    who = person()
    application = given.draft(who)
    visitor = Reader(browser_of(app, who))
    path = f"/membership/applications/{application.id}/purchase-order"
    assert visitor.get(path).url.endswith("/steps/payment")
    given.submit(application, who)
    by = actor_of(who)
    with transaction():
        membership.withdraw_application(application=application, by=by)
    assert visitor.client.get(path).status_code == 404
    assert browser_of(app, person()).get(path).status_code == 404
