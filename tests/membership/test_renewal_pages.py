"""A member's pages, and the link in the mail: what they show, what they do, and what they never do."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date, timedelta

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from portal.accounts.enums import Role
from portal.accounts.models import Affiliation, Person
from portal.billing.models import Invoice
from portal.core import clock
from portal.core.db import db
from portal.core.formats import day, yen
from portal.core.transaction import rollback, transaction
from portal.domain.renewal_flow import RenewalState as S
from portal.membership.models import RenewalLink
from portal.membership.renewing import AnswerWay, DeclineReason
from portal.membership.services import renewals
from portal.notifications.models import Message
from tests.support import renewals as season
from tests.support.people import actor_of, browser_of, person
from tests.support.reader import Page, Reader

pytestmark = pytest.mark.database


@pytest.fixture(autouse=True)
def day_of_offers(app: Flask) -> Iterator[None]:
    with season.on(season.OFFERS):
        season.house()
        yield


def secret_of(admin: Person, event: str = "membership/renewal_offer") -> str:
    """The secret in the newest mail to somebody."""
    rollback()
    mine = select(Message).where(Message.event == event, Message.person_id == admin.id)
    message = db.session.scalars(mine.order_by(Message.id.desc())).first()
    assert message is not None
    found = re.search(r"/membership/renewals/open\?token=([\w-]+)", message.text)
    assert found
    return found[1]


def press(browser: FlaskClient, path: str, status: int = 200, **values: str) -> Page:
    """Open a page, send its form with `values`; every page on the way is looked at."""
    reader = Reader(browser)
    return reader.submit(reader.get(path).form(), status=status, **values)


def fields_of(browser: FlaskClient, path: str) -> dict[str, str]:
    """What the form of a page holds."""
    return Reader(browser).get(path).form().values().to_dict()


# on the portal


def test_home_says_what_is_due_and_leads_to_the_offer(app: Flask) -> None:
    admin, renewal = season.offered()
    home = browser_of(app, admin).get("/home").get_data(as_text=True)
    assert "2027年度の会員更新のご回答" in home
    assert f"/membership/renewals/{renewal.id}" in home
    assert "2027年度に申込む" not in home
    offer = browser_of(app, admin).get(f"/membership/renewals/{renewal.id}").get_data(as_text=True)
    assert "¥2,200,000" in offer


def test_one_click_after_the_confirmation(app: Flask) -> None:
    admin, renewal = season.offered()
    browser = browser_of(app, admin)
    path = f"/membership/renewals/{renewal.id}/renew"
    press(browser, path, 422)  # the box was not ticked
    assert season.renewal_of(admin).state is S.OFFERED
    shown = press(browser, path, accept="y", purchase_order="PO-９").source
    renewal = season.renewal_of(admin)
    assert (renewal.state, renewal.answer_way) == (S.INVOICED, AnswerWay.PORTAL)
    assert db.session.scalars(select(Invoice.purchase_order)).one() == "PO-９"
    assert "/billing/invoices/" in shown
    assert browser.get(path).status_code == 302  # answered: back to the offer's page


def test_a_page_that_was_open_while_somebody_else_answered(app: Flask) -> None:
    admin, renewal = season.offered()
    browser = browser_of(app, admin)
    path = f"/membership/renewals/{renewal.id}/renew"
    fields = fields_of(browser, path) | {"accept": "y"}
    season.renew(admin)
    answer = browser.post(path, data=fields)
    assert answer.status_code == 302
    declining = browser.post(f"/membership/renewals/{renewal.id}/decline", data=fields | {"reason": "budget"})
    assert declining.status_code == 302
    assert season.renewal_of(admin).state is S.INVOICED


def test_another_tier_by_way_of_its_price(app: Flask) -> None:
    admin, renewal = season.offered("A", employees=10, founded_on=date(2024, 1, 1))
    browser = browser_of(app, admin)
    path = f"/membership/renewals/{renewal.id}/tier"
    fields = fields_of(browser, path)
    assert "employees" in fields
    assert browser.post(path, data=fields | {"tier": "B"}).status_code == 422
    assert browser.post(path, data=fields | {"tier": "B", "employees": "70"}).status_code == 422
    assert browser.post(path, data=fields | {"tier": "Z", "employees": "7"}).status_code == 422
    onward = browser.post(path, data=fields | {"tier": "B", "employees": "12"})
    assert onward.status_code == 302
    price = browser.get(onward.location).get_data(as_text=True)
    assert "¥1,100,000" in price
    press(browser, onward.location, accept="y")
    assert season.renewal_of(admin).state is S.INVOICED
    assert season.body_of(admin).employees == 12


def test_declining_asks_why(app: Flask) -> None:
    admin, renewal = season.offered()
    browser = browser_of(app, admin)
    path = f"/membership/renewals/{renewal.id}/decline"
    press(browser, path, 422)
    press(browser, path, reason="budget", note="予算\nの都合")
    assert season.renewal_of(admin).decline_reason is DeclineReason.BUDGET


def test_who_does_not_act_for_the_company_sees_nothing(app: Flask) -> None:
    admin, renewal = season.offered()
    body = season.body_of(admin)
    for who in (person(at=body, roles=(Role.BILLING, Role.PARTICIPANT)), season.member(), person()):
        for step in ("", "/renew", "/tier", "/decline"):
            path = f"/membership/renewals/{renewal.id}{step}"
            assert browser_of(app, who).get(path).status_code == 404


def test_an_offer_that_is_not_made_yet_is_not_seen(app: Flask) -> None:
    admin = season.member()
    season.begin(offers_on=season.OFFERS + timedelta(days=1))
    number = season.renewal_of(admin).id
    assert browser_of(app, admin).get(f"/membership/renewals/{number}").status_code == 404


# by the link in the mail


def test_the_link_renews_without_signing_in(app: Flask, client: FlaskClient) -> None:
    admin, renewal = season.offered()
    path = f"/membership/renewals/open?token={secret_of(admin)}"
    for _again in range(3):  # mail readers open links on their own
        assert client.get(path).status_code == 200
    assert season.renewal_of(admin).state is S.OFFERED
    rollback()
    assert db.session.scalars(select(RenewalLink.used_at)).one() is None
    thanks = press(client, path, accept="y").source
    renewal = season.renewal_of(admin)
    assert (renewal.state, renewal.answer_way, renewal.answered_by_id) == (
        S.INVOICED,
        AnswerWay.MAIL,
        admin.id,
    )
    invoice = db.session.scalars(select(Invoice)).one()
    for said in (invoice.number, yen(invoice.total_yen), day(invoice.due_on), "お支払いをもって"):
        assert said in thanks
    assert client.get("/home").status_code == 302  # nobody is signed in by it
    assert client.get(path).status_code == 410


def test_the_link_declines(app: Flask, client: FlaskClient) -> None:
    admin, _renewal = season.offered()
    path = f"/membership/renewals/open?token={secret_of(admin)}&answer=decline"
    press(client, path, reason="no_use")
    assert season.renewal_of(admin).state is S.DECLINED


def test_the_secret_is_kept_as_a_hash_and_leaves_with_the_mail(app: Flask) -> None:
    admin, _renewal = season.offered()
    secret = secret_of(admin)
    rollback()
    kept = db.session.execute(select(RenewalLink)).scalars().one()
    assert secret not in {str(getattr(kept, column.key)) for column in RenewalLink.__table__.columns}
    assert len(kept.token_hash) == 64
    assert db.session.scalars(
        select(Message.is_secret).where(Message.event == "membership/renewal_offer")
    ).one()


def test_a_refusal_leaves_the_link_good(app: Flask, client: FlaskClient) -> None:
    admin, _renewal = season.offered("B", employees=10, founded_on=date(2025, 1, 1))
    path = f"/membership/renewals/open?token={secret_of(admin)}"
    press(client, path, 422, accept="y")  # the size was not told
    press(client, path, 422, accept="y", employees="80")  # too large now
    press(client, path, accept="y", employees="20")


def test_the_link_ends_with_the_last_day_and_moves_with_it(app: Flask, client: FlaskClient) -> None:
    admin, renewal = season.offered()
    path = f"/membership/renewals/open?token={secret_of(admin)}"
    with season.on(season.DEADLINE, hour=23):
        assert client.get(path).status_code == 200
    with season.on(season.DEADLINE + timedelta(days=1), hour=0):
        assert client.get(path).status_code == 410
    until = season.DEADLINE + timedelta(days=10)
    season.do(renewals.extend, admin, until=until, reason="決裁待ち", by=season.clerks_actor())
    with season.on(until, hour=23):
        assert client.get(path).status_code == 200


def test_the_link_serves_the_mailed_person_alone(app: Flask, client: FlaskClient) -> None:
    admin, _renewal = season.offered()
    path = f"/membership/renewals/open?token={secret_of(admin)}"
    other = browser_of(app, season.member())
    assert other.get(path).status_code == 403
    assert browser_of(app, admin).get(path).status_code == 200
    with transaction() as session:
        for role in session.scalars(select(Affiliation).where(Affiliation.person_id == admin.id)):
            role.ended_at = clock.now()
    assert client.get(path).status_code == 410  # no longer acts for the company


@pytest.mark.parametrize("secret", ["", "x" * 43, "\x00", "%00", "é" * 50, "../../etc"])
def test_made_up_links_lead_nowhere(app: Flask, client: FlaskClient, secret: str) -> None:
    season.offered()
    answer = client.get("/membership/renewals/open", query_string={"token": secret})
    assert answer.status_code == 410


def test_each_mail_has_a_link_of_its_own_and_an_answer_ends_them_all(app: Flask, client: FlaskClient) -> None:
    admin, _renewal = season.offered()
    first = secret_of(admin)
    season.look(season.DEADLINE - timedelta(days=60))
    second = secret_of(admin, "membership/renewal_reminder")
    assert first != second
    press(client, f"/membership/renewals/open?token={second}", accept="y")
    assert client.get(f"/membership/renewals/open?token={first}").status_code == 410


def test_in_grace_the_mail_carries_a_link_until_its_end(app: Flask, client: FlaskClient) -> None:
    admin, _renewal = season.offered()
    after = season.DEADLINE + timedelta(days=1)
    season.look(after)
    path = f"/membership/renewals/open?token={secret_of(admin, 'membership/renewal_missed')}"
    with season.on(season.DEADLINE + timedelta(days=season.GRACE)):
        press(client, path, accept="y")
    assert season.renewal_of(admin).state is S.INVOICED


def test_the_actor_of_a_link_stands_in_the_timeline(app: Flask, client: FlaskClient) -> None:
    admin, renewal = season.offered()
    press(client, f"/membership/renewals/open?token={secret_of(admin)}", accept="y")
    page = browser_of(app, admin).get(f"/membership/renewals/{renewal.id}").get_data(as_text=True)
    assert admin.name in page
    assert actor_of(admin).id == season.renewal_of(admin).answered_by_id


def test_who_is_suspended_for_the_money_reads_until_when_it_can_be_paid(app: Flask) -> None:
    admin, renewal = season.offered()
    season.renew(admin)
    at = season.renewal_of(admin).next_on
    while season.renewal_of(admin).state is not S.SUSPENDED:
        assert at is not None
        season.look(at)
        at = season.renewal_of(admin).next_on
    assert at is not None
    with season.on(at - timedelta(days=3)):
        page = browser_of(app, admin).get(f"/membership/renewals/{renewal.id}").text
        assert f"{day(at - timedelta(days=1))}までにお支払いいただければ" in page
