"""Extra seats by arrangement: proposed, agreed, counted, invoiced, carried along, ended; once, and never open for ever."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import suppress
from datetime import date
from functools import partial
from typing import Any

import pytest
from flask import Flask, current_app
from sqlalchemy import select

from portal.accounts.models import Person
from portal.billing.models import CreditNote, Invoice, Receivable
from portal.billing.queries.invoices import any_invoice
from portal.billing.queries.ledger import book_problems
from portal.core.db import db
from portal.core.errors import OutOfDate, Refused
from portal.core.transaction import rollback, transaction
from portal.domain.seats import NEXT, SeatState
from portal.domain.tax import TaxCategory
from portal.membership import queries
from portal.membership.models import ContractTerm, Renewal, SeatArrangement
from portal.membership.services import renewals
from portal.membership.services.seats.arranging import agree_seats, close_seats, end_seats, propose_seats
from portal.membership.services.seats.calendar import close_proposals
from portal.membership.services.seats.planning import plan_seats
from tests.billing.test_crashes import killed_at, points
from tests.support import changes as given
from tests.support import renewals as season
from tests.support.people import actor_of, browser_of, staff
from tests.support.races import at_once
from tests.support.reader import Reader
from tests.support.sql import count_sql

pytestmark = pytest.mark.database
T10 = TaxCategory.STANDARD_10
_serial = iter(range(1, 10_000))


@pytest.fixture(autouse=True)
def december(app: Flask) -> Iterator[None]:
    with season.on(given.DECEMBER):
        season.house()
        yield


def propose(admin: Person, **values: Any) -> int:
    """Two seats at 300,000 yen."""
    clerk, term = actor_of(staff()), given.term_of(admin)
    said = {
        "seats": 2,
        "price_yen": 300_000,
        "category": T10,
        "goes_on": True,
        "note": "",
        "is_agreed": False,
    } | values
    seen = plan_seats(term, said["seats"], said["price_yen"], said["category"]).fingerprint
    rollback()
    with transaction():
        return propose_seats(
            **({"term_id": term.id, "seen": seen, "once": f"s{next(_serial)}", "by": clerk} | said)
        ).id


def seen_of(number: int) -> str:
    rollback()
    each = db.session.get_one(SeatArrangement, number)
    term = db.session.get_one(ContractTerm, each.term_id)
    seen = plan_seats(term, each.seats, each.price_yen, each.category).fingerprint
    rollback()
    return seen


def agree(admin: Person, number: int, seen: str = "") -> None:
    by, shown = actor_of(admin), seen or seen_of(number)
    with transaction():
        agree_seats(arrangement=db.session.get_one(SeatArrangement, number), seen=shown, by=by)


def now(number: int) -> SeatArrangement:
    rollback()
    assert [p.rule for p in book_problems()] == []
    return db.session.get_one(SeatArrangement, number, populate_existing=True)


def seats_open(admin: Person | int) -> int:
    body = admin if isinstance(admin, int) else given.term_of(admin).organisation_id
    rollback()
    found = queries.entitlements_of(body)
    assert found is not None
    return found.training_seats


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


def test_eight_at_once_agree_once(app: Flask) -> None:
    admin = given.member("A")
    number = propose(admin)
    by, seen = actor_of(admin), seen_of(number)

    def press(_n: int) -> int:
        with transaction():
            agree_seats(arrangement=db.session.get_one(SeatArrangement, number), seen=seen, by=by)
        return number

    answers = at_once(app, *(partial(press, n) for n in range(8)))
    assert len([each for each in answers if each == number]) == 1, answers
    assert all(isinstance(each, int | Refused) for each in answers), answers
    assert (now(number).state, seats_open(admin)) == (SeatState.AGREED, 3)


def test_agreeing_survives_a_kill_anywhere(app: Flask) -> None:
    def one_more() -> tuple[int, int, Any]:
        admin = given.member("A")
        body = given.term_of(admin).organisation_id
        number = propose(admin)
        by, seen = actor_of(admin), seen_of(number)

        def press() -> None:
            with suppress(OutOfDate), transaction():
                agree_seats(arrangement=db.session.get_one(SeatArrangement, number), seen=seen, by=by)

        return body, number, press

    _body, _number, work = one_more()
    died = 0
    for point in range(0, points(app, work) + 1, 15):
        body, number, press = one_more()
        died += killed_at(app, point, press)
        whole = now(number).state is SeatState.AGREED
        assert (now(number).invoice_id is not None, seats_open(body)) == ((True, 3) if whole else (False, 1))
        press()
        assert (now(number).state, seats_open(body)) == (SeatState.AGREED, 3)
    assert died >= 2


def test_the_pages(app: Flask) -> None:
    admin, clerk = given.member("A"), staff()
    with transaction():
        for person in (admin, clerk):
            db.session.get_one(Person, person.id).language = "en"
    opened = current_app._get_current_object()  # type: ignore[attr-defined]
    office, reader = Reader(browser_of(opened, clerk)), Reader(browser_of(opened, admin))
    term = given.term_of(admin)
    member = office.get(f"/staff/membership/members/{term.organisation_id}")
    form = office.get(member.link("Arrange seats")).form("/seats")
    office.submit(form, status=422, seats="0", price_yen="300,000")
    preview = office.submit(form, seats="2", price_yen="300,000", goes_on="y")
    assert "¥220,000" in preview.text
    office.submit(preview.form("/seats"), step="confirm")
    rollback()
    made = db.session.scalars(select(SeatArrangement)).one()
    shown = reader.get(f"/membership/seats/{made.id}")
    assert "¥100,000 a seat for 4 of 12 months" in shown.text
    reader.submit(shown.form("/agree"))
    reader.submit(shown.form("/agree"), status=409)
    reader.submit(shown.form("/decline"), status=409)
    end = office.get(f"/staff/membership/seats/{made.id}/end")
    office.submit(end.form("/end"), status=422)
    office.submit(end.form("/end"), reason="人員の変更")
    assert "Ended" in reader.get(f"/membership/terms/{term.id}").text


def test_the_home_asks_for_the_answer_until_it_is_given(app: Flask) -> None:
    admin = given.member("A")
    number = propose(admin)
    home = Reader(browser_of(app, admin))
    assert home.get("/home").link("ご案内を見る") == f"/membership/seats/{number}"
    with count_sql() as sql:
        home.get("/home")
    assert len(sql) <= 8, str(sql)
    by = actor_of(admin)
    with transaction():
        close_seats(arrangement=db.session.get_one(SeatArrangement, number), state=SeatState.DECLINED, by=by)
    assert "追加の受講者枠（2名分）へのご回答" not in home.get("/home").text
