"""What was agreed to, or was given back, is billed to the yen, however the issuer rounds its tax by then.

Mutants that must fail here: an invoice of an order, of an offer, or for the tier before, rounded as the issuer does today.
"""

from __future__ import annotations

from datetime import date

import pytest
from flask import Flask
from sqlalchemy import select, update

from portal.accounts.enums import Role
from portal.accounts.models import Person
from portal.billing.models import Invoice, Order, Quote, Receivable
from portal.billing.queries.book_rules import book_problems
from portal.billing.queries.invoices import any_invoice
from portal.billing.services import orders
from portal.core.db import db
from portal.core.transaction import rollback, transaction
from portal.domain.tax import RoundingMode
from portal.membership.models import Tier, TierChange
from portal.membership.queries.tier_changes import back_bill
from tests.billing.returning import give_back
from tests.billing.test_orders import composed
from tests.support import changes as given
from tests.support import renewals as season
from tests.support.billing import issuer
from tests.support.people import actor_of, browser_of, company, person, staff

pytestmark = pytest.mark.database
FLOOR, CEIL, HALF_UP = RoundingMode.FLOOR, RoundingMode.CEIL, RoundingMode.HALF_UP
CHANGED = [(FLOOR, CEIL), (CEIL, FLOOR), (FLOOR, HALF_UP), (HALF_UP, FLOOR)]
LATER = date(2026, 12, 20)


def rounding_from(day: date, mode: RoundingMode) -> None:
    issuer(rounding=mode, valid_from=day)


def open_and_held(invoice_id: int) -> tuple[int, int]:
    rollback()
    assert [problem.rule for problem in book_problems()] == []
    row = db.session.get_one(Receivable, invoice_id, populate_existing=True)
    return row.outstanding_yen, row.excess_yen


@pytest.mark.parametrize("paid_yen", [None, 0, 400_000])
@pytest.mark.parametrize(("old", "new"), CHANGED)
def test_taking_a_change_back_bills_what_had_been_given_back(
    app: Flask, old: RoundingMode, new: RoundingMode, paid_yen: int | None
) -> None:
    with season.on(given.FIRST):
        season.house()
        rounding_from(given.FIRST, old)
    with season.on(given.DECEMBER):
        admin = given.member("C", paid_yen=paid_yen)
        first = given.invoice_of(admin).id
        before = open_and_held(first)
        change = given.upgrade(admin, "A")
    with season.on(LATER):
        rounding_from(LATER, new)
        given.take_back(change)
        change = db.session.get_one(TierChange, change.id)
        again, asked = back_bill(change) or 0, change.invoice_id or 0
        note_yen = 183_333 if old is CEIL else 183_332
        assert any_invoice(again).total_yen == note_yen + (old is HALF_UP)
        owed = [open_and_held(number) for number in (first, asked, again)]
        assert sum(open_yen for open_yen, _held in owed) == before[0]
        assert sum(held for _open, held in owed) == before[1]


def test_tax_that_earlier_returns_had_left_is_billed_again_too(app: Flask) -> None:
    """Many small returns round their tax down; the note over the rest took more than any rounding of its amount gives."""
    with season.on(given.FIRST):
        season.house()
        admin = given.member("C")
        first = given.invoice_of(admin).id
        clerk = actor_of(staff(Role.SECRETARIAT))
        for each in range(4):
            give_back(any_invoice(first), clerk, 5, key=str(each))
    with season.on(date(2026, 4, 20)):
        change = given.upgrade(admin, "A")
        given.take_back(change)
        again = any_invoice(back_bill(db.session.get_one(TierChange, change.id)) or 0)
        assert (again.net_yen, again.tax_yen) == (499_980, 50_000)
        assert sum(open_yen for open_yen, _held in [open_and_held(first), open_and_held(again.id)]) == 0


@pytest.mark.parametrize(("old", "new"), [(FLOOR, CEIL), (CEIL, FLOOR)])
def test_an_order_is_billed_as_it_was_quoted(app: Flask, old: RoundingMode, new: RoundingMode) -> None:
    with season.on(date(2026, 6, 1)):
        rounding_from(date(2026, 4, 1), old)
        clerk, body = actor_of(staff(Role.SECRETARIAT)), company()
        quote_id = composed(body, clerk).id
        with transaction():
            orders.send_quote(quote=db.session.get_one(Quote, quote_id), by=clerk)
    with season.on(date(2026, 6, 10)):
        contact = actor_of(person(at=body, roles=(Role.BILLING,)))
        rollback()
        with transaction():
            quote = db.session.get_one(Quote, quote_id)
            order_id = orders.order_quote(quote=quote, purchase_order="P", by=contact).id
    with season.on(date(2026, 6, 12)):
        rounding_from(date(2026, 6, 12), new)
        with transaction():
            order, quote = db.session.get_one(Order, order_id), db.session.get_one(Quote, quote_id)
            invoice = orders.invoice_order(order=order, quote=quote, by=clerk)
            assert (invoice.tax_rows, invoice.total_yen) == (quote.tax_rows, order.total_yen)


def renewing_at(fee_yen: int) -> Person:
    """A member whose next year costs an amount whose tax has a fraction."""
    admin = given.member("C")
    with transaction():
        db.session.execute(update(Tier).where(Tier.code == "C").values(annual_fee_yen=fee_yen))
    return admin


def test_the_price_of_an_offer_holds_though_the_rounding_changes(app: Flask) -> None:
    with season.on(given.DECEMBER):
        season.house()
        rounding_from(given.FIRST, FLOOR)
        admin = renewing_at(500_005)
    with season.on(season.OFFERS):
        season.begin()
        season.look(season.OFFERS)
        rounding_from(season.OFFERS, CEIL)
        renewal = season.renewal_of(admin).id
        assert "550,005" in browser_of(app, admin).get(f"/membership/renewals/{renewal}").text
        term = season.renew(admin)
        rollback()
        invoice = db.session.scalars(select(Invoice).where(Invoice.source_key == f"term:{term.id}")).one()
        assert (invoice.total_yen, invoice.rounding) == (550_005, "floor")
