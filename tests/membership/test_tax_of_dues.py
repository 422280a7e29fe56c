"""The tax category of membership fees is decided in one place, and everything made from that day on bears it.

Mutants that must fail here: a tier that knows a tax of its own; an offer made before that follows the decision.
"""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from flask import Flask

from portal.billing.enums import FeeProduct
from portal.billing.models import TaxTreatment
from portal.billing.queries.invoices import any_invoice
from portal.billing.services import set_tax_treatment
from portal.core.db import db
from portal.core.transaction import rollback, transaction
from portal.domain.tax import TaxCategory
from portal.membership.models import TierChange
from tests.support import changes as given
from tests.support import renewals as season
from tests.support.people import browser_of, staff
from tests.support.reader import Reader

pytestmark = pytest.mark.database
NOTICE = "会費は不課税です。"
KEPT = "案内済みの更新は、提示した税区分のまま"


def decide(day: date, category: TaxCategory = TaxCategory.OUT_OF_SCOPE) -> None:
    rollback()
    with transaction():
        set_tax_treatment(
            product=FeeProduct.MEMBERSHIP, valid_from=day, category=category, notice_ja=NOTICE, notice_en="None.", by=None,
        )  # fmt: skip


def test_a_renewal_bears_what_was_decided_before_its_offer(app: Flask) -> None:
    with season.on(given.FIRST):
        season.house()
        decide(given.FIRST)
    with season.on(season.OFFERS):
        admin, renewal = season.offered("C")
        assert (renewal.price["tax_category"], renewal.price["total_yen"]) == ("out_of_scope", 500_000)
        invoice = any_invoice(season.invoice_of(season.renew(admin)).id)
        assert (invoice.net_yen, invoice.tax_yen, invoice.total_yen) == (500_000, 0, 500_000)
        assert {line.category for line in invoice.lines} == {TaxCategory.OUT_OF_SCOPE}
        assert NOTICE in invoice.notes


def test_an_offer_keeps_the_tax_that_it_named(app: Flask) -> None:
    with season.on(season.OFFERS):
        season.house()
        admin, renewal = season.offered("C")
        assert renewal.price["total_yen"] == 550_000
    with season.on(date(2027, 1, 10)):
        decide(date(2027, 1, 5))
        invoice = any_invoice(season.invoice_of(season.renew(admin)).id)
        assert (invoice.tax_yen, invoice.total_yen) == (50_000, 550_000)
        assert NOTICE not in invoice.notes


def test_the_decision_holds_from_its_day_on_every_page_of_prices(app: Flask) -> None:
    with season.on(given.FIRST):
        season.house()
        decide(given.DECEMBER)
        assert "550,000" in app.test_client().get("/membership/tiers?year=2026").text
    with season.on(given.DECEMBER):
        assert "550,000" not in app.test_client().get("/membership/tiers?year=2026").text
        office = browser_of(app, staff())
        assert "550,000" not in office.get("/staff/settings/tiers?year=2026").text


def test_a_change_of_tier_gives_back_at_the_old_tax_and_asks_at_the_new_one(app: Flask) -> None:
    with season.on(given.FIRST):
        season.house()
        admin = given.member("C")
        decide(given.DECEMBER)
    with season.on(given.DECEMBER):
        change = given.upgrade(admin, "A")
        change = db.session.get_one(TierChange, change.id)
        asked = any_invoice(change.invoice_id or 0)
        assert {line.category for line in asked.lines} == {TaxCategory.OUT_OF_SCOPE}
        assert asked.tax_yen == 0
        assert any_invoice(change.credited_invoice_id or 0).tax_yen == 50_000


def test_the_look_at_a_decision_says_what_stays(app: Flask) -> None:
    with season.on(given.DECEMBER):
        season.house()
        office = Reader(browser_of(app, staff()))
        typed: dict[str, Any] = {
            "product": "membership",
            "valid_from": "2026-12-10",
            "category": "out_of_scope",
        }
        form = office.get("/staff/billing/taxes/edit").form("/taxes/edit")
        assert KEPT in office.submit(form, **typed).text
        assert KEPT not in office.submit(form, **typed | {"product": "training"}).text
        assert db.session.query(TaxTreatment).count() == 0
