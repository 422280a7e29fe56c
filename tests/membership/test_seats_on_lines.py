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
from portal.billing.queries.credits import left_of_lines
from portal.billing.queries.invoices import any_invoice
from portal.billing.services.bills import BillLine
from portal.billing.services.credits import issue_credit_note
from portal.billing.services.replacements import Replacement, replace_invoice
from portal.core.db import db
from portal.core.errors import Refused
from portal.core.transaction import rollback, transaction
from portal.domain.seats import SeatState
from portal.domain.tax import TaxCategory
from portal.membership.models import SeatArrangement
from portal.membership.services.seats.arranging import end_seats
from tests.billing.returning import give_back
from tests.support import changes as given
from tests.support import renewals as season
from tests.support import seats
from tests.support.billing import buyer, fee
from tests.support.people import actor_of, browser_of, staff
from tests.support.reader import Reader

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


def end(number: int, **values: bool) -> None:
    clerk = season.clerks_actor()
    rollback()
    with transaction():
        end_seats(arrangement=db.session.get_one(SeatArrangement, number), reason="x", by=clerk, **values)


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


def test_seats_issued_anew_at_another_rate_are_given_back_at_that_rate() -> None:
    admin = given.member("C")
    number = agreed(admin)
    line = any_invoice(seats.now(number).invoice_id or 0).lines[0]
    exempt = fee(line.unit_price_yen, quantity=2, product=FeeProduct.TRAINING, category=TaxCategory.EXEMPT)
    anew(line.invoice_id, exempt)
    end(number)
    assert seats.now(number).state is SeatState.ENDED
    note = db.session.get_one(CreditNote, seats.now(number).credit_note_id)
    assert (note.tax_yen, note.total_yen) == (0, line.amount_yen)


@pytest.mark.parametrize("given_back_yen", [0, 100_000])
def test_seats_without_a_line_end_when_the_office_has_seen_to_their_price(
    app: Flask, given_back_yen: int
) -> None:
    """Nobody can tell the line: never for nothing by oversight, and never a state without an exit."""
    admin, clerk = given.member("C"), staff()
    number = agreed(admin)
    other = [fee(100_000, product=FeeProduct.OTHER), fee(5_000, product=FeeProduct.OTHER)]
    new = anew(seats.now(number).invoice_id or 0, *other)
    with pytest.raises(Refused) as refused:
        end(number)
    assert refused.value.field == "settled"
    rollback()
    if given_back_yen:
        give_back(any_invoice(new), actor_of(clerk), given_back_yen)
    office = Reader(browser_of(app, clerk))
    page = office.get(f"/staff/membership/seats/{number}/end")
    office.submit(page.form("/end"), status=422, reason="x")
    assert seats.now(number).state is SeatState.AGREED
    office.submit(page.form("/end"), reason="x", settled="y")
    ended = seats.now(number)
    assert (ended.state, ended.credit_note_id, seats.seats_open(admin)) == (SeatState.ENDED, None, 0)


def test_what_was_given_back_by_hand_is_not_taken_from_the_seats_of_others() -> None:
    """Two arrangements at one rate on one renewal: the line of one is given back, then it ends."""
    admin = given.member("C")
    agreed(admin)
    agreed(admin, seats=4, price_yen=200_000)
    with season.on(season.OFFERS):
        season.begin()
        season.look(season.OFFERS)
        term = season.renew(admin)
    with season.on(date(2027, 4, 10)):
        bill = season.invoice_of(term).id
        fee_line, two, four = (line.id for line in any_invoice(bill).lines)
        clerk = season.clerks_actor()
        rollback()
        with transaction():
            issue_credit_note(
                invoice=any_invoice(bill), amounts={two: 600_000}, reason="x", by=clerk, source_key="own"
            )
        mine = (SeatArrangement.term_id == term.id, SeatArrangement.seats == 2)
        end(db.session.scalars(select(SeatArrangement.id).where(*mine)).one())
        rollback()
        assert len(db.session.scalars(select(CreditNote)).all()) == 1
        assert left_of_lines(any_invoice(bill)) == {fee_line: 500_000, two: 0, four: 800_000}


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
