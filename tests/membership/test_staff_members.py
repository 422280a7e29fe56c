"""Members by tier and fiscal year; their standing follows from their terms."""

from __future__ import annotations

import csv
import io
from datetime import date, timedelta
from itertools import product

import pytest
from flask import Flask
from sqlalchemy import select

from portal.accounts.enums import Role
from portal.billing.models import Invoice
from portal.core import clock
from portal.core.db import db
from portal.core.transaction import rollback, transaction
from portal.domain.terms import TermState
from portal.membership import services as membership
from portal.membership.models import ContractTerm, Tier
from portal.membership.queries.members import in_state
from tests.support.people import browser_of, company, staff
from tests.support.reader import Page, Reader
from tests.support.sent_in import YEAR, approve, check, open_house, send_in
from tests.support.sql import count_sql

URL = "/staff/membership/members"


def join(name: str, tier: str = "A", *, is_paid: bool = False) -> ContractTerm:
    sent = send_in(name, changes={"tier": {"tier": tier, "learners_wanted": 0}})
    check(sent, staff())
    term = approve(sent, staff())
    if is_paid:
        with transaction():
            membership.activate_term(term_id=term.id, paid_on=clock.today())
    return term


def names(page: Page) -> list[str]:
    return [e.all("a")[0].text for e in page.root.all("th") if e["scope"] == "row"]


def test_by_year_tier_and_standing(app: Flask) -> None:
    open_house()
    join("甲製薬株式会社", is_paid=True)
    join("乙製薬株式会社", "C")
    reader = Reader(browser_of(app, staff()))
    assert sorted(names(reader.get(f"{URL}?year={YEAR}"))) == ["乙製薬株式会社", "甲製薬株式会社"]
    assert names(reader.get(f"{URL}?year={YEAR}&tier=C")) == ["乙製薬株式会社"]
    assert names(reader.get(f"{URL}?year={YEAR}&state=active")) == ["甲製薬株式会社"]
    assert names(reader.get(f"{URL}?year={YEAR}&state=awaiting_payment")) == ["乙製薬株式会社"]
    assert names(reader.get(f"{URL}?year={YEAR}&q=甲")) == ["甲製薬株式会社"]
    assert names(reader.get(f"{URL}?year={YEAR - 1}")) == []
    assert len(names(reader.get(f"{URL}?year={YEAR}&sort=tier&dir=down"))) == 2


def test_states_in_the_database_are_the_states_of_the_rules(app: Flask) -> None:
    open_house()
    today = clock.today()
    days = [None, today - timedelta(days=1), today, today + timedelta(days=1)]
    tier = db.session.scalars(select(Tier)).first()
    assert tier is not None
    tier_id = tier.id
    rollback()
    starts = [today - timedelta(days=30), today, today + timedelta(days=1)]
    ends = [today - timedelta(days=1), today, today + timedelta(days=30)]
    spans = [(start, end) for start, end in product(starts, ends) if start <= end]
    with transaction() as session:
        for number, ((start, end), activated, cancelled) in enumerate(product(spans, days, days)):
            firm = company()
            session.flush()
            session.add(
                ContractTerm(
                    organisation_id=firm.id,
                    fiscal_year=2000 + number,
                    tier_id=tier_id,
                    tier_code="A",
                    tier_snapshot={},
                    price={},
                    starts_on=start,
                    ends_on=end,
                    activated_on=activated,
                    cancelled_on=cancelled,
                    created_at=clock.now(),
                )  # fmt: skip
            )
    every = {term.id: term.state for term in db.session.scalars(select(ContractTerm))}
    found = {
        number: state
        for state in TermState
        for number in db.session.scalars(select(ContractTerm.id).where(in_state(state, today)))
    }
    assert found == every
    assert set(found.values()) == set(TermState)


@pytest.mark.parametrize("length", [1, 3])
def test_statements_do_not_grow_with_the_list(app: Flask, length: int) -> None:
    open_house()
    for n in range(length):
        join(f"試験{n}株式会社")
    browser = browser_of(app, staff())
    browser.get(f"{URL}?year={YEAR}")
    with count_sql() as sql:
        assert browser.get(f"{URL}?year={YEAR}").status_code == 200
    assert len(sql) <= 8, str(sql)
    assert not any("count(" in text.casefold() for text in sql.asked)


def test_the_file_holds_exactly_what_is_shown(app: Flask) -> None:
    open_house()
    term = join("＝甲株式会社", is_paid=True)
    join("乙株式会社")
    reader = Reader(browser_of(app, staff()))
    page = reader.get(f"{URL}?year={YEAR}&state=active")
    form = next(f for f in page.forms if "/export" in f.action and f.element["id"] != "chosen")
    answer = reader.client.post(form.action, data=form.values())
    head, *rows = list(csv.reader(io.StringIO(answer.data.decode("utf-8-sig"), newline="")))
    assert len(head) == len(rows[0])
    assert names(page) == ["＝甲株式会社"]
    assert [(row[0], row[-1]) for row in rows] == [("'＝甲株式会社", "2200000")]
    assert rows[0][4] == term.starts_on.isoformat()


@pytest.mark.parametrize("language", ["ja", "en"])
def test_one_company_with_contracts_invoices_applications_and_people(app: Flask, language: str) -> None:
    open_house()
    term = join("白鷺製薬株式会社", is_paid=True)
    rollback()
    number = db.session.scalars(select(Invoice.number)).one()
    page = Reader(browser_of(app, staff(language=language))).get(f"{URL}/{term.organisation_id}")
    for words in (number, "¥2,200,000", "@example.co.jp"):
        assert words in page.text
    assert ("A paid contract runs today." in page.text) is (language == "en")


def test_a_company_that_never_applied_is_not_here(app: Flask) -> None:
    stranger = company()
    browser = browser_of(app, staff())
    assert browser.get(f"{URL}/{stranger.id}").status_code == 404
    assert browser.get(f"{URL}/4000000001").status_code == 404


@pytest.mark.parametrize(
    ("role", "status"),
    [(Role.STEERING_COMMITTEE, 200), (Role.ADMINISTRATOR, 200), (Role.CAREER_SUPPORT, 403)],
)
def test_who_may_read(app: Flask, role: Role, status: int) -> None:
    open_house()
    term = join("甲株式会社")
    browser = browser_of(app, staff(role))
    assert [browser.get(u).status_code for u in (URL, f"{URL}/{term.organisation_id}")] == [status, status]
    assert isinstance(term.starts_on, date)
