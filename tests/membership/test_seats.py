"""Extra seats by arrangement: proposed, agreed, counted, invoiced, carried along, ended; once, and never open for ever."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

import pytest
from flask import Flask, current_app
from sqlalchemy import select

from portal.billing.models import CreditNote, Invoice, Receivable
from portal.billing.queries.invoices import any_invoice
from portal.core.db import db
from portal.core.errors import OutOfDate, Refused
from portal.core.transaction import rollback, transaction
from portal.domain.seats import NEXT, SeatState
from portal.domain.tax import TaxCategory
from portal.membership.models import ContractTerm, Renewal, SeatArrangement
from portal.membership.services import renewals
from portal.membership.services.seats.arranging import close_seats, end_seats
from portal.membership.services.seats.calendar import close_proposals
from tests.support import changes as given
from tests.support import renewals as season
from tests.support.people import actor_of, browser_of, staff
from tests.support.reader import Reader
from tests.support.seats import agree, now, propose, seats_open

pytestmark = pytest.mark.database
T10 = TaxCategory.STANDARD_10


@pytest.fixture(autouse=True)
def december(app: Flask) -> Iterator[None]:
    with season.on(given.DECEMBER):
        season.house()
        yield


def test_the_company_agrees_and_the_seats_are_open_at_once() -> None:
    admin = given.member("A")
    number = propose(admin)
    assert seats_open(admin) == 1
    agree(admin, number)
    made = now(number)
    invoice = any_invoice(made.invoice_id or 0)
    assert (made.state, invoice.net_yen, invoice.total_yen) == (SeatState.AGREED, 200_000, 220_000)
    assert [(line.quantity, line.unit_price_yen) for line in invoice.lines] == [(2, 100_000)]
    assert seats_open(admin) == 3
    with pytest.raises(OutOfDate):
        agree(admin, number)


def test_the_office_writes_down_what_was_agreed_and_ends_it_by_arrangement() -> None:
    admin = given.member("A")
    with pytest.raises(Refused) as refused:
        propose(admin, is_agreed=True)
    assert refused.value.field == "note"
    number = propose(admin, is_agreed=True, note="見本様より電話")
    assert seats_open(admin) == 3
    clerk = actor_of(staff())
    with season.on(date(2027, 2, 10)), transaction():
        end_seats(arrangement=db.session.get_one(SeatArrangement, number), reason="人員の変更", by=clerk)
    made = now(number)
    note = db.session.get_one(CreditNote, made.credit_note_id)
    assert (made.state, note.net_yen, seats_open(admin)) == (SeatState.ENDED, 100_000, 1)
    assert given.term_of(admin).cancelled_on is None
    with pytest.raises(OutOfDate), transaction():
        end_seats(arrangement=db.session.get_one(SeatArrangement, number), reason="再度", by=clerk)


def test_seats_that_end_in_their_first_month_are_given_back_whole_and_the_membership_stands() -> None:
    admin = given.member("A")
    number = propose(admin, is_agreed=True, note="電話")
    clerk = actor_of(staff())
    with transaction():
        end_seats(arrangement=db.session.get_one(SeatArrangement, number), reason="取消", by=clerk)
    made = now(number)
    assert db.session.get_one(Receivable, made.invoice_id).outstanding_yen == 0
    assert given.term_of(admin).cancelled_on is None


def test_declined_withdrawn_or_forgotten_it_is_closed() -> None:
    admin = given.member("A")
    for state in (SeatState.DECLINED, SeatState.WITHDRAWN):
        number = propose(admin)
        by = actor_of(admin if state is SeatState.DECLINED else staff())
        with transaction():
            close_seats(arrangement=db.session.get_one(SeatArrangement, number), state=state, by=by)
        assert now(number).state is state
    number = propose(admin)
    for day, state in ((date(2027, 1, 9), SeatState.PROPOSED), (date(2027, 1, 10), SeatState.OVERTAKEN)):
        with season.on(day):
            close_proposals()
            close_proposals()
        assert now(number).state is state
    assert all(bool(NEXT[state]) == (state in (SeatState.PROPOSED, SeatState.AGREED)) for state in SeatState)


def test_the_renewal_carries_them_along_as_a_line() -> None:
    admin = given.member("A")
    propose(admin, is_agreed=True, note="電話")
    propose(admin, is_agreed=True, note="電話", seats=1, goes_on=False)
    assert seats_open(admin) == 4
    with season.on(season.OFFERS):
        season.begin()
        season.look(season.OFFERS)
        by, number, accepted = actor_of(admin), season.renewal_of(admin).id, season.accepted()
        rollback()
        reader = Reader(browser_of(current_app._get_current_object(), admin))  # type: ignore[attr-defined]
        assert "¥2,860,000" in reader.get(f"/membership/renewals/{number}").text
        reader.get(f"/membership/renewals/{number}/renew")
        with transaction():
            term = renewals.renew(renewal=db.session.get_one(Renewal, number), accepted=accepted, by=by)
        rollback()
        following = db.session.get_one(ContractTerm, term.id)
        bill = any_invoice(
            db.session.scalars(select(Invoice.id).where(Invoice.source_key == f"term:{term.id}")).one()
        )
        assert (bill.total_yen, following.snapshot.agreed_seats) == (2_860_000, 3)
        carried = db.session.scalars(select(SeatArrangement).where(SeatArrangement.term_id == term.id)).one()
        assert (carried.seats, carried.state, carried.invoice_id) == (2, SeatState.AGREED, bill.id)


def test_seats_of_a_year_whose_renewal_is_agreed_promise_no_going_on() -> None:
    """The contract of the next year stands already: nobody reads that the renewal carries them along."""
    admin = given.member("C")
    early = propose(admin)
    with season.on(season.OFFERS):
        season.begin()
        season.look(season.OFFERS)
        season.renew(admin)
        with pytest.raises(OutOfDate):
            agree(admin, early, seen="what was shown before")
        agree(admin, early)
        assert now(early).goes_on is False
    with season.on(date(2027, 2, 1)):
        with pytest.raises(Refused) as refused:
            propose(admin, seats=1)
        assert refused.value.field == "goes_on"
        assert now(propose(admin, seats=1, goes_on=False)).state is SeatState.PROPOSED
