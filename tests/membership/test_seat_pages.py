"""Pages of extra seats: from the arrangement in the office to the company's answer, and what they ask of the database."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from flask import Flask, current_app
from sqlalchemy import select

from portal.accounts.models import Person
from portal.core.db import db
from portal.core.transaction import rollback, transaction
from portal.domain.seats import SeatState
from portal.membership.models import SeatArrangement
from portal.membership.services.seats.arranging import close_seats
from tests.support import changes as given
from tests.support import renewals as season
from tests.support.people import actor_of, browser_of, staff
from tests.support.reader import Reader
from tests.support.seats import propose
from tests.support.sql import count_sql

pytestmark = pytest.mark.database


@pytest.fixture(autouse=True)
def december(app: Flask) -> Iterator[None]:
    with season.on(given.DECEMBER):
        season.house()
        yield


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
    told = reader.get(f"/membership/seats/{made.id}").text.split("What has happened")[1]
    assert admin.name in told
    assert clerk.name not in told
    end = office.get(f"/staff/membership/seats/{made.id}/end")
    office.submit(end.form("/end"), status=422)
    office.submit(end.form("/end"), reason="人員の変更")
    assert "Ended" in reader.get(f"/membership/terms/{term.id}").text


def test_the_home_asks_for_the_answer_until_it_is_given(app: Flask) -> None:
    admin = given.member("A")
    home = Reader(browser_of(app, admin))
    before = asked_by("/home", admin, app)
    number = propose(admin)
    assert home.get("/home").link("ご案内を見る") == f"/membership/seats/{number}"
    assert asked_by("/home", admin, app) == before
    by = actor_of(admin)
    with transaction():
        close_seats(arrangement=db.session.get_one(SeatArrangement, number), state=SeatState.DECLINED, by=by)
    assert "追加の受講者枠（2名分）へのご回答" not in home.get("/home").text


def asked_by(path: str, who: Person, app: Flask) -> int:
    """Statements of a page that is opened a second time."""
    reader = Reader(browser_of(app, who))
    reader.get(path)
    with count_sql() as sql:
        reader.get(path)
    assert len(sql) <= 20, str(sql)
    return len(sql)


def test_three_arrangements_ask_no_more_than_one(app: Flask) -> None:
    admin, clerk = given.member("A"), staff()
    number = propose(admin, is_agreed=True, note="電話")
    term = given.term_of(admin)
    pages = (
        (f"/membership/terms/{term.id}", admin), (f"/membership/seats/{number}", admin),
        (f"/staff/membership/members/{term.organisation_id}", clerk), (f"/staff/membership/seats/{number}", clerk),
    )  # fmt: skip
    once = [asked_by(path, who, app) for path, who in pages]
    for seats in (1, 3):
        propose(admin, is_agreed=True, note="電話", seats=seats)
    assert [asked_by(path, who, app) for path, who in pages] == once
    assert max(once[1], once[3]) <= 12, once
