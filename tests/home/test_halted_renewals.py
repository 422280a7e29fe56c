"""What a company reads on its home and on the invoice when a renewal is late, suspended or has lapsed; and who declines late."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from flask import Flask
from sqlalchemy import select

from portal.accounts.models import Person
from portal.core.db import db
from portal.core.transaction import rollback, transaction
from portal.domain.renewal_flow import RenewalState
from portal.membership.models import ContractTerm
from portal.membership.renewing import AnswerWay, DeclineReason
from portal.membership.services import renewals as verbs
from portal.notifications.models import Message
from tests.support import changes as given
from tests.support import renewals as season
from tests.support.people import actor_of, browser_of
from tests.support.reader import Page, Reader

pytestmark = pytest.mark.database


def read(app: Flask, admin: Person, path: str, language: str = "ja") -> Page:
    rollback()
    with transaction():
        db.session.get_one(Person, admin.id).language = language
    return Reader(browser_of(app, admin)).get(path)


def stands(admin: Person, wanted: RenewalState) -> date:
    """The calendar goes on until the renewal stands so; gives the day."""
    day = None
    for _step in range(6):
        if season.renewal_of(admin).state is wanted:
            break
        day = season.renewal_of(admin).next_on
        assert day
        with season.on(day):
            season.look(day)
    assert season.renewal_of(admin).state is wanted
    assert day is not None
    return day


@pytest.fixture
def admin(app: Flask) -> Person:
    """Somebody who has renewed, or not, as the test says."""
    return given.offered()


def renewed(admin: Person) -> int:
    with season.on(season.OFFERS):
        return season.invoice_of(season.renew(admin)).id


def test_suspended_for_the_money_says_until_when(app: Flask, admin: Person) -> None:
    renewed(admin)
    day = stands(admin, RenewalState.SUSPENDED)
    with season.on(day):
        home = read(app, admin, "/home", "en")
        until = season.renewal_of(admin).next_on - timedelta(days=1)
        assert "is suspended. It lapses unless the fee arrives by" in home.text
        assert f"{until.day} {until:%B} {until.year}" in home.text
        assert "Suspended" in home.text
        mail = db.session.scalars(
            select(Message).where(Message.event == "membership/renewal_suspended")
        ).first()
        assert mail is not None
        assert "¥550,000" in mail.text
        assert "INV-" in mail.text
        assert "/billing/invoices/" in mail.text


def test_lapsed_says_before_paying_that_paying_alone_is_not_enough(app: Flask, admin: Person) -> None:
    number = renewed(admin)
    day = stands(admin, RenewalState.LAPSED)
    with season.on(day):
        home = read(app, admin, "/home")
        assert "会員資格は失効しています。お支払いだけでは会員資格は回復しません。" in home.text
        assert not [e for e in home.root.walk() if e.text == "お支払いへ進む"]
        asked = read(app, admin, f"/membership/renewals/{season.renewal_of(admin).id}")
        assert "これまでの会員種別" in asked.text  # at present there is none
        paper = read(app, admin, f"/billing/invoices/{number}", "en")
        assert "Before you pay" in paper.text
        assert "paying alone does not bring it back" in paper.text


def test_while_nothing_is_late_nothing_of_it_is_said(app: Flask, admin: Person) -> None:
    number = renewed(admin)
    with season.on(season.OFFERS):
        assert "お支払いへ進む" in read(app, admin, "/home").text
        assert "Before you pay" not in read(app, admin, f"/billing/invoices/{number}", "en").text


def test_unanswered_and_suspended_leads_to_the_renewal(app: Flask, admin: Person) -> None:
    day = stands(admin, RenewalState.SUSPENDED)
    with season.on(day):
        home = read(app, admin, "/home", "en")
        assert "There was no answer in time." in home.text
        assert f"/membership/renewals/{season.renewal_of(admin).id}" in home.link("See the renewal")


def test_who_declines_after_the_year_reads_when_the_membership_ended(app: Flask, admin: Person) -> None:
    renewal = season.renewal_of(admin)
    ends_on = db.session.get_one(ContractTerm, renewal.from_term_id).last_day
    with season.on(season.OFFERS):
        page = read(app, admin, f"/membership/renewals/{renewal.id}/decline", "en")
        assert "The present membership goes on until Wed 31 Mar 2027." in page.text
    day = stands(admin, RenewalState.GRACE)
    with season.on(day):
        clerk = season.clerks_actor()
        season.do(verbs.extend, admin, until=ends_on + timedelta(days=20), reason="x", by=clerk)
    with season.on(ends_on + timedelta(days=1)):
        page = read(app, admin, f"/membership/renewals/{renewal.id}/decline", "en")
        assert "The membership ended on Wed 31 Mar 2027." in page.text
        season.do(
            verbs.decline,
            admin,
            reason=DeclineReason.OTHER,
            note="",
            by=actor_of(admin),
            way=AnswerWay.PORTAL,
        )
        mail = db.session.scalars(
            select(Message).where(Message.event == "membership/renewal_declined")
        ).first()
        assert mail is not None
        assert "ended on" in mail.text or "で終了しました。" in mail.text
