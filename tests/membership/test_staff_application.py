"""One application as the office reads it."""

from __future__ import annotations

import io
from datetime import date, timedelta

import pytest
from flask import Flask
from sqlalchemy import select
from werkzeug.datastructures import FileStorage

from portal.accounts.enums import Role
from portal.audit.models import AuditEntry
from portal.core import clock
from portal.core.db import db
from portal.core.transaction import transaction
from portal.membership import services as membership
from portal.membership.enums import AttachmentKind
from portal.membership.models import Application, ApplicationRevision
from portal.membership.staff.warnings import address_warnings
from tests.support.people import actor_of, browser_of, person, staff
from tests.support.reader import Reader
from tests.support.sent_in import approve, check, open_house, send_in, submit
from tests.support.uploads import png

PNG = png()


@pytest.fixture
def house(app: Flask) -> None:
    open_house()


@pytest.mark.parametrize("language", ["ja", "en"])
def test_everything_that_was_sent_in_is_there(app: Flask, house: None, language: str) -> None:
    sent = send_in("白鷺製薬株式会社")
    page = Reader(browser_of(app, staff(language=language))).get(sent.url)
    for words in (
        sent.firm.corporate_number, "見本 花子", "hanako@mihon.example", "PO-1", "¥2,200,000", "¥2,000,000", "見本 次郎",
        "電子カルテからの副作用の早期発見", str(sent.application.receipt_number), "1,200",
    ):  # fmt: skip
        assert str(words) in page.text
    assert page.text.count("2,000,000") >= 1


def test_each_tier_is_judged_by_the_figures_that_were_sent_in(app: Flask, house: None) -> None:
    founded = date(clock.today().year - 2, 4, 1)
    sent = send_in(
        changes={
            "profile": {"employees": 12, "founded_on": founded},
            "tier": {"tier": "B", "learners_wanted": 1},
        }
    )
    reader = Reader(browser_of(app, staff(language="en")))
    text = reader.get(sent.url).text
    assert (
        text.index("Member B Chosen Eligible")
        < text.index("Member A Eligible")
        < text.index("Member C Not eligible")
    )
    assert "12 employees: fewer than 50." in text
    with transaction():
        db.session.get_one(Application, sent.id).draft = {"profile": {"employees": "900"}}
    assert "12 employees: fewer than 50." in reader.get(sent.url).text


def test_attachments_are_saved_never_shown(app: Flask, house: None) -> None:
    sent = send_in()
    secretary = staff()
    reader = Reader(browser_of(app, secretary))
    form = reader.get(f"{sent.url}/return").form("return")
    page = reader.submit(form, note="会社案内を添付してください。")
    reader.submit(page.form(), button="step=confirm")
    by = actor_of(sent.applicant)
    with transaction():
        made = membership.add_attachment(
            application=db.session.get_one(Application, sent.id), kind=AttachmentKind.COMPANY_PROFILE, by=by,
            storage=FileStorage(io.BytesIO(PNG), "会社案内.png"),
        )  # fmt: skip
    submit(sent)
    page = reader.get(sent.url)
    form = page.form(f"attachments/{made.id}")
    answer = reader.client.post(form.action, data=form.values())
    assert answer.data == PNG
    assert answer.headers["Content-Disposition"].startswith("attachment")
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    other = send_in()
    assert reader.client.post(f"{other.url}/attachments/{made.id}", data=form.values()).status_code == 404
    opened = select(AuditEntry.changes).where(AuditEntry.verb == "application.file_opened")
    assert db.session.scalars(opened).all() == [{"file": "会社案内.png"}]


def test_the_timeline_says_who_did_what(app: Flask, house: None) -> None:
    sent = send_in()
    check(sent, staff(name="確認 一子"), note="電話済み")
    approve(sent, staff(name="決定 二郎"))
    text = Reader(browser_of(app, staff(Role.ADMINISTRATOR))).get(sent.url).text
    for words in ("確認 一子", "決定 二郎", sent.applicant.name, "議事録1", "電話済み"):
        assert words in text


def test_last_years_member_and_the_places_left_are_told(app: Flask) -> None:
    open_house(places=40)
    sent = send_in()
    check(sent, staff())
    term = approve(sent, staff())
    by = actor_of(sent.applicant)
    with transaction():
        membership.activate_term(term_id=term.id, paid_on=clock.today())
        membership.save_window(
            fiscal_year=2027,
            opens_at=clock.now() - timedelta(days=1),
            closes_at=clock.now() + timedelta(days=9),
            places=30,
            by=None,
        )
        again = membership.start_application(
            fiscal_year=2027, once="again", by=by, organisation_id=sent.firm.id
        )
    sent.application = again
    submit(sent)
    text = Reader(browser_of(app, staff(language="en"))).get(sent.url).text
    assert "Yes: member of the year before" in text
    assert "29 of 30" in text
    assert "Contract: Member A" in text


def revision_with(*addresses: str, website: str = "") -> ApplicationRevision:
    pages = ("representative", "contact", "billing")
    content = {page: {"email": address} for page, address in zip(pages, addresses, strict=False)}
    return ApplicationRevision(content=content | {"profile": {"website": website}})


def test_addresses_that_look_alike_are_pointed_out(app: Flask) -> None:
    with app.test_request_context("/", headers={"Accept-Language": "en"}):
        assert (
            address_warnings(revision_with("a@mihon.example", "b@mihon.example"), ["c@mihon.example"]) == []
        )
        twins = address_warnings(revision_with("maria@mihon.example", "rnaria@mihon.example"), [])
        assert len(twins) == 1
        assert "rnaria@mihon.example" in twins[0]
        known = address_warnings(
            revision_with("taro@mihon.example"), ["tar0@mihon.example", "taro@mihon.example"]
        )
        assert len(known) == 1
        mixed = address_warnings(revision_with("tаro@mihon.example"), [])
        assert len(mixed) == 1
        assert "alphabets" in mixed[0]
        host = address_warnings(revision_with("a@rnihon.example", website="https://www.mihon.example/"), [])
        assert len(host) == 1


def test_the_page_warns_of_an_address_that_looks_like_a_colleagues(app: Flask, house: None) -> None:
    sent = send_in(changes={"billing": {"email": "hanak0@mihon.example"}})
    person(at=sent.firm, roles=(Role.PARTICIPANT,), email="hanako@mihon.example")
    text = Reader(browser_of(app, staff())).get(sent.url).text
    assert "hanako@mihon.example と hanak0@mihon.example" in text


@pytest.mark.parametrize("length", [1, 3])
def test_statements_do_not_grow_with_the_companys_past(app: Flask, house: None, length: int) -> None:
    from tests.support.sql import count_sql

    sent = send_in()
    for _ in range(length):
        person(at=sent.firm, roles=(Role.PARTICIPANT,))
    browser = browser_of(app, staff())
    browser.get(sent.url)
    with count_sql() as sql:
        assert browser.get(sent.url).status_code == 200
    assert len(sql) <= 20, str(sql)
