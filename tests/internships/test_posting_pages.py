"""The pages of rounds and postings, as a mentor and the office use them, in both languages."""

from __future__ import annotations

import pytest
from flask import Flask, current_app

from portal.accounts.models import Person
from portal.core.db import db
from portal.core.transaction import rollback, transaction
from portal.domain.internships.posting_flow import PostingState
from tests.support import internships as given
from tests.support.people import browser_of
from tests.support.reader import Reader
from tests.support.sql import count_sql

pytestmark = pytest.mark.database


def reader_of(who: Person, language: str = "ja") -> Reader:
    with transaction():
        db.session.get_one(Person, who.id).language = language
    return Reader(browser_of(current_app._get_current_object(), who))  # type: ignore[attr-defined]


@pytest.mark.parametrize("language", ["ja", "en"])
def test_from_planning_a_round_to_an_open_posting(app: Flask, language: str) -> None:
    officer, admin = given.officer(), given.host()
    office, mentor = reader_of(officer, language), reader_of(admin, language)
    new = office.get("/staff/internships/rounds/new")
    days = {"opens_on": "2026-06-02", "interviews_on": "2026-06-20", "ranking_on": "2026-07-10", "locks_on": "2026-07-20",
            "publishes_on": "2026-07-27", "ends_on": "2026-09-01"}  # fmt: skip
    named = {"fiscal_year": "2026", "name_ja": "本募集", "name_en": "Main round"}
    wrong = office.submit(new.form("/new"), status=422, **named, **(days | {"locks_on": "2026-07-01"}))
    assert len(wrong.errors) == 1
    planned = office.submit(wrong.form("/new"), **days)
    assert ("本募集" if language == "ja" else "Main round") in planned.h1
    first = mentor.get("/internships")
    season = mentor.get(first.link("本募集" if language == "ja" else "Main round"))
    editing = mentor.submit(season.form("/postings"))
    sent = mentor.submit(editing.form("/edit"), status=422, button="submit=1", title="医療画像", weeks="6")
    assert len(sent.errors) > 10
    typed = {k: getattr(v, "value", str(v)) for k, v in given.SAID.items()}
    kept = mentor.submit(sent.form("/edit"), **typed)
    assert given.SAID["duties"] in kept.text
    again = mentor.get(kept.url.rstrip("?") + "/edit")
    number = int(kept.url.rstrip("?").rsplit("/", 1)[1])
    waiting = mentor.submit(again.form("/edit"), button="submit=1")
    assert given.now(number).state is PostingState.SUBMITTED
    mentor.submit(waiting.form("/take-back"))
    mentor.submit(mentor.get(f"/internships/postings/{number}/edit").form("/edit"), button="submit=1")
    queue = office.get(planned.url.rstrip("?") + "?state=submitted")
    title = "title" if language == "ja" else "title_en"
    review = office.get(queue.link(given.SAID[title]))
    office.submit(review.form("/return"), status=422)
    office.submit(review.form("/publish"))
    assert given.now(number).state is PostingState.PUBLISHED
    office.submit(review.form("/publish"), status=409)
    shown = mentor.get(f"/internships/postings/{number}")
    mentor.submit(shown.form("/places"), status=422, places="1", least_places="2")
    mentor.submit(shown.form("/places"), places="１")
    assert given.now(number).places == 1
    asked = mentor.get(f"/internships/postings/{number}/withdraw")
    mentor.submit(asked.form("/withdraw"), status=422)
    mentor.submit(asked.form("/withdraw"), reason="受入体制の変更")
    mentor.get(f"/internships/postings/{number}/edit")


def test_lists_ask_the_same_of_one_posting_and_of_three(app: Flask) -> None:
    officer, admin = given.officer(), given.host()
    round_id = given.plan(officer)
    pages = (
        (officer, f"/staff/internships/rounds/{round_id}"),
        (admin, f"/internships/rounds/{round_id}/companies/{given.company_of(admin)}"),
        (admin, "/internships"),
    )
    counts = []
    for more in (1, 2):
        for _ in range(more):
            given.submit(admin, given.write(admin, round_id))
        found = []
        for who, address in pages:
            browser = browser_of(app, who)
            browser.get(address)
            rollback()
            with count_sql() as sql:
                assert browser.get(address).status_code == 200
            found.append(len(sql))
        counts.append(found)
    assert counts[0] == counts[1]
    assert max(counts[1]) <= 8


def test_a_round_nobody_knows_and_a_company_of_others(app: Flask) -> None:
    officer, admin, other = given.officer(), given.host(), given.host()
    round_id = given.plan(officer)
    browser = browser_of(app, other)
    assert (
        browser.get(f"/internships/rounds/{round_id}/companies/{given.company_of(admin)}").status_code == 404
    )
    assert (
        browser.get(f"/internships/rounds/{round_id + 99}/companies/{given.company_of(other)}").status_code
        == 404
    )


def test_the_home_of_the_office_says_what_waits_for_review(app: Flask) -> None:
    officer, admin = given.officer(), given.host()
    round_id = given.plan(officer)
    given.write(admin, round_id)
    office = reader_of(officer)
    assert "募集1件" not in office.get("/staff").text
    given.submit(admin, given.write(admin, round_id))
    home = office.get("/staff")
    assert "インターンシップの募集1件の確認" in home.text
    office.get(home.link("確認する"))
