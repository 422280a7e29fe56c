"""Seats end on the lines that bear their price: at their rate, on the invoice that holds; an invoice without a fee ends no page."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

import pytest
from flask import Flask
from sqlalchemy import select

from portal.accounts.models import Person
from portal.billing.enums import FeeProduct
from portal.billing.models import CreditNote, Receivable
from portal.billing.queries.invoices import any_invoice
from portal.billing.services.bills import BillLine
from portal.billing.services.replacements import Replacement, replace_invoice
from portal.core.db import db
from portal.core.errors import Refused
from portal.core.transaction import rollback, transaction
from portal.domain.seats import SeatState
from portal.domain.tax import TaxCategory
from portal.membership.models import SeatArrangement
from portal.membership.services.seats.arranging import end_seats
from tests.support import changes as given
from tests.support import renewals as season
from tests.support import seats
from tests.support.billing import buyer, fee
from tests.support.people import browser_of

pytestmark = pytest.mark.database


@pytest.fixture(autouse=True)
def december(app: Flask) -> Iterator[None]:
    with season.on(given.DECEMBER):
        season.house()
        yield


def anew(number: int, *lines: BillLine) -> int:
    clerk = season.clerks_actor()
    rollback()
    wanted = Replacement(
        buyer=buyer(), subject={"ja": "枠", "en": "Seats"}, purchase_order="", lines=list(lines)
    )
    with transaction():
        return replace_invoice(
            invoice=any_invoice(number), wanted=wanted, reason="x", by=clerk, source_key="r"
        ).id


def end(number: int) -> None:
    clerk = season.clerks_actor()
    rollback()
    with transaction():
        end_seats(arrangement=db.session.get_one(SeatArrangement, number), reason="x", by=clerk)


def agreed(admin: Person, **values: object) -> int:
    number = seats.propose(admin, **values)
    seats.agree(admin, number)
    return number


def test_seats_of_an_invoice_issued_anew_are_given_back_there() -> None:
    admin = given.member("C")
    number = agreed(admin)
    first = any_invoice(seats.now(number).invoice_id or 0)
    new = anew(first.id, fee(first.lines[0].amount_yen - 10_000, product=FeeProduct.TRAINING))
    end(number)
    assert seats.now(number).state is SeatState.ENDED
    assert db.session.get_one(Receivable, new, populate_existing=True).credited_yen > 0


def test_seats_without_a_line_are_not_ended_for_nothing() -> None:
    admin = given.member("C")
    number = agreed(admin)
    anew(seats.now(number).invoice_id or 0, fee(100_000, product=FeeProduct.OTHER))
    with pytest.raises(Refused):
        end(number)
    assert seats.now(number).state is SeatState.AGREED


def test_each_arrangement_is_given_back_at_its_own_rate() -> None:
    """Two arrangements carried into one renewal: ending the exempt one touches no line at ten per cent."""
    admin = given.member("C")
    agreed(admin)
    agreed(admin, category=TaxCategory.EXEMPT, price_yen=100_000, seats=1)
    with season.on(season.OFFERS):
        season.begin()
        season.look(season.OFFERS)
        term = season.renew(admin)
        season.pay(term)
    with season.on(date(2027, 4, 5)):
        rollback()
        exempt = select(SeatArrangement.id).where(
            SeatArrangement.term_id == term.id, SeatArrangement.category == TaxCategory.EXEMPT
        )
        end(db.session.scalars(exempt).one())
        rollback()
        note = db.session.scalars(select(CreditNote)).one()
        assert (note.tax_yen, note.total_yen) == (0, 100_000)


@pytest.mark.parametrize("how", ["without", "two_rates"])
def test_a_fee_that_cannot_be_shared_is_said(app: Flask, how: str) -> None:
    """The office has issued the invoice of a membership anew without one fee at one rate: no page ends in an error."""
    admin = given.member("C")
    term, number = given.term_of(admin).id, given.invoice_of(admin).id
    lines = [fee(100_000), fee(400_000, category=TaxCategory.EXEMPT)]
    anew(number, *([fee(400_000, product=FeeProduct.OTHER)] if how == "without" else lines))
    browser = browser_of(app, admin)
    assert browser.get(f"/membership/terms/{term}/tier").status_code == 200
    answer = browser.get(f"/membership/terms/{term}/tier/change?tier=A")
    assert answer.status_code == 409
    assert "同一税率の会費の明細がありません" in answer.get_data(as_text=True)
