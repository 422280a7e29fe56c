"""Companies read what their applicants opened, and nothing of anybody else; a document is refused as soon as it is closed."""

from __future__ import annotations

import re

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from portal.accounts.models import Person
from portal.audit.models import AuditEntry
from portal.core import clock
from portal.core.db import db
from portal.core.transaction import rollback, transaction
from tests.support import interests as scenes
from tests.support import internships as given
from tests.support.academics import student
from tests.support.people import browser_of
from tests.support.reader import Reader
from tests.support.sql import count_sql

pytestmark = pytest.mark.database
SECRET = "公開していない研究内容"


def place(here: scenes.Scene, who: Person | None = None, company: int | None = None) -> str:
    start = f"/internships/rounds/{here.round_id}/companies/{company or here.company}/applicants"
    return f"{start}/{who.id}" if who else start


def token_in(source: str) -> dict[str, str]:
    """What a form of this browser sends along."""
    found = re.search(r'name="csrf_token" value="([^"]+)"', source)
    assert found
    return {"csrf_token": found[1]}


@pytest.mark.parametrize("language", ["ja", "en"])
def test_a_company_reads_what_is_opened_and_no_address(app: Flask, language: str) -> None:
    with clock.frozen(scenes.OPEN):
        here, who = scenes.scene(), student()
        with transaction():
            db.session.get_one(Person, here.admin.id).language = language
        scenes.write_profile(who, "about", "cv", research=SECRET)
        scenes.show(who, here.postings[0], "よろしくお願いします")
        reader = Reader(browser_of(app, here.admin))
        listed = reader.get(place(here))
        one = reader.get(listed.link(who.name))
        assert "自己紹介です" in one.text
        assert "よろしくお願いします" in one.text
        for page in (listed, one):
            assert SECRET not in page.source
            assert who.email not in page.source
        answer = reader.client.post(place(here, who) + "/documents/cv", data=token_in(one.source))
        assert (answer.status_code, answer.data) == (200, b"%PDF")
        assert answer.headers["Content-Disposition"].startswith("attachment")
        rollback()
        assert "interest.file_opened" in db.session.scalars(select(AuditEntry.verb)).all()


def test_nobody_else_reads_it_and_nothing_that_is_closed(app: Flask) -> None:
    with clock.frozen(scenes.OPEN):
        here, who, other = scenes.scene(), student(), given.host()
        scenes.write_profile(who, "cv")
        interest = scenes.show(who, here.postings[0])
        theirs, ours = browser_of(app, other), browser_of(app, here.admin)

        def asks(browser: FlaskClient, company: int | None = None, paper: str = "cv") -> tuple[int, int]:
            address, form = place(here, who, company), token_in(browser.get("/internships").text)
            sent = browser.post(f"{address}/documents/{paper}", data=form)
            return browser.get(address).status_code, sent.status_code

        assert asks(ours) == (200, 200)
        assert asks(theirs) == (404, 404)
        assert asks(theirs, given.company_of(other)) == (404, 404)
        assert asks(ours, paper="research_summary") == (200, 404)
        assert asks(ours, paper="..%2Fcv") == (200, 404)
        scenes.write_profile(who, "about")
        assert asks(ours) == (200, 404)
        scenes.write_profile(who, "cv")
        scenes.withdraw(who, interest)
        assert asks(ours) == (404, 404)
        assert browser_of(app, who).get(place(here)).status_code == 403


def test_lists_ask_the_same_of_one_and_of_three(app: Flask) -> None:
    with clock.frozen(scenes.OPEN):
        here = scenes.scene(2)
        browser, address = browser_of(app, here.admin), place(here)
        counts = []
        for more in (1, 2):
            for _n in range(more):
                who = student()
                scenes.write_profile(who, "about", "cv", research=SECRET)
                for posting in here.postings:
                    scenes.show(who, posting)
            browser.get(address)
            rollback()
            with count_sql() as sql:
                assert browser.get(address).status_code == 200
            counts.append(len(sql))
        assert counts[0] == counts[1] <= 7, str(sql)
