"""The pages of placements, as student, company, supervisor and office use them, in both languages."""

from __future__ import annotations

from io import BytesIO

import pytest
from flask import Flask, current_app

from portal.accounts.models import Person
from portal.careers.models import Supervision
from portal.core import clock
from portal.core.db import db
from portal.core.transaction import rollback, transaction
from portal.domain.placements.placement_flow import PlacementState
from portal.placements.services import running
from tests.placements.test_preparing import at, start
from tests.support import internships as given
from tests.support.academics import student, supervisor
from tests.support.people import browser_of
from tests.support.placements import FIRST, agree, case, finish_checklist, ready
from tests.support.reader import Page, Reader
from tests.support.sql import count_sql
from tests.support.uploads import pdf

pytestmark = pytest.mark.database


def reader_of(who: Person, language: str = "ja") -> Reader:
    with transaction():
        db.session.get_one(Person, who.id).language = language
    return Reader(browser_of(current_app._get_current_object(), who))  # type: ignore[attr-defined]


def hand_in(reader: Reader, page: Page, name: str) -> Page:
    """Send a file with the page's form."""
    form = page.form("/papers")
    return reader.post(form.action, {**form.values(), "file": (BytesIO(pdf()), name)})


def supervised(who: Person, by: Person) -> None:
    with transaction() as session:
        session.add(
            Supervision(
                student_id=who.id, name=by.name, email=by.email, email_key=by.email_key, person_id=by.id, created_at=clock.now(),
                created_by_id=by.id,
            )
        )  # fmt: skip


@pytest.mark.parametrize("language", ["ja", "en"])
def test_from_the_match_to_the_start(app: Flask, language: str) -> None:
    found = case()
    intern, company, office = (
        reader_of(who, language) for who in (found.student, found.admin, found.officer)
    )
    title = given.SAID["title" if language == "ja" else "title_en"]
    mine = intern.get(intern.get("/placements").link(title))
    asked = intern.get(mine.link("期間を決める" if language == "ja" else "Agree on the period"))
    assert asked.url.endswith("/period"), "the step leads to its form"
    wrong = intern.submit(asked.form("/period"), status=422, starts_on="2026-09-01", ends_on="2026-10-01")
    assert len(wrong.errors) == 1
    intern.submit(wrong.form("/period"), ends_on="2026-11-30")
    theirs = company.get(mine.url)
    company.submit(theirs.form("/agree"))
    item = found.item("nda").id
    page = company.get(f"/placements/items/{item}")
    company.submit(page.form("/papers"), status=422)
    with_file = hand_in(company, page, "秘密保持契約.pdf")
    assert "秘密保持契約.pdf" in with_file.text
    company.submit(with_file.form("/mark"))
    office_page = office.get(f"/staff/placements/items/{item}")
    assert "秘密保持契約.pdf" in office_page.text
    office.submit(office.get(f"/staff/placements/items/{found.item('ip').id}").form("/disable"), status=422)
    finish_checklist(found)
    with clock.frozen(at(FIRST)):
        office = reader_of(found.officer, language)
        office.submit(office.get(f"/staff{mine.url}").form("/start"))
    assert found.now().state is PlacementState.RUNNING


def test_papers_are_read_by_those_to_whom_they_belong(app: Flask) -> None:
    found = case()
    guide, stranger, rival = supervisor(), student(), given.host()
    supervised(found.student, guide)
    company = reader_of(found.admin)
    readers = {"nda": {"student", "admin"}, "implementation": {"admin"}}
    for kind, may in readers.items():
        page = company.get(f"/placements/items/{found.item(kind).id}")
        added = hand_in(company, page, f"{kind}.pdf")
        address = added.link(f"{kind}.pdf")
        for name, who in {
            "student": found.student,
            "admin": found.admin,
            "guide": guide,
            "stranger": stranger,
            "rival": rival,
        }.items():
            answer = browser_of(app, who).get(address)
            assert answer.status_code == (200 if name in may else 404), (kind, name)
    seen = reader_of(guide).get(f"/placements/{found.id}")
    assert found.student.name in seen.text
    assert "nda.pdf" not in reader_of(guide).get(f"/placements/items/{found.item('nda').id}").text


def test_who_has_no_part_in_it_finds_nothing(app: Flask) -> None:
    found = case()
    item = found.item("nda").id
    for who in (student(), supervisor(), given.host()):
        browser = browser_of(app, who)
        for address in (
            f"/placements/{found.id}",
            f"/placements/items/{item}",
            f"/placements/{found.id}/period",
        ):
            assert browser.get(address).status_code == 404
        assert browser.get(f"/staff/placements/{found.id}").status_code == 403


def test_an_old_page_starts_and_cancels_nothing(app: Flask) -> None:
    found = ready()
    with clock.frozen(at(FIRST)):
        office = reader_of(found.officer)
        page = office.get(f"/staff/placements/{found.id}")
        office.submit(page.form("/cancel"), status=422)
        start(found)
        office.submit(page.form("/start"), status=409)
        office.submit(page.form("/cancel"), status=409, reason="古いページから")
    assert found.now().state is PlacementState.RUNNING


@pytest.mark.parametrize("language", ["ja", "en"])
def test_what_was_called_off_asks_for_nothing(app: Flask, language: str) -> None:
    found = case()
    words = (
        ("期間はまだ提案されていません", "未完了")
        if language == "ja"
        else ("proposed a period yet", "To be done")
    )
    for who, address in ((found.student, "/placements"), (found.officer, "/staff/placements")):
        assert words[1] in reader_of(who, language).get(f"{address}/{found.id}").text
    office = reader_of(found.officer, language)
    word = "取りやめる" if language == "ja" else "Call it off"
    page = office.get(f"/staff/placements/{found.id}")
    assert page.text.count(word) == 2, "heading and button say the same"
    office.submit(page.form("/cancel"), reason="受入部署の廃止")
    assert ("取りやめ" if language == "ja" else "Called off") in office.get("/staff/placements").main.text
    for who, address in ((found.student, "/placements"), (found.officer, "/staff/placements")):
        page = reader_of(who, language).get(f"{address}/{found.id}").text
        assert "受入部署の廃止" in page
        assert not [word for word in words if word in page]


def test_the_office_decides_on_an_early_ending(app: Flask) -> None:
    found = ready()
    with clock.frozen(at(FIRST)):
        intern, office = reader_of(found.student), reader_of(found.officer)
        start(found)
        asked = intern.get(f"/placements/{found.id}/ending")
        intern.submit(asked.form("/ending"), status=422)
        intern.submit(asked.form("/ending"), reason="研究の都合")
        page = office.get(f"/staff/placements/{found.id}")
        assert "研究の都合" in page.text
        assert "研究の都合" not in reader_of(found.admin).get(f"/placements/{found.id}").text
        office.submit(page.form("/stop"), status=422, last_on="2026-12-01")
        office.submit(page.form("/stop"), last_on="2026-09-01")
        assert found.now().state is PlacementState.ENDED
        office.submit(office.get(f"/staff/placements/{found.id}").form("/close"), status=422)
        office.submit(office.get(f"/staff/placements/{found.id}").form("/close"), reason="評価者不在")
    assert found.now().state is PlacementState.CLOSED


def test_lists_ask_the_same_of_one_placement_and_of_three(app: Flask) -> None:
    first = case()
    pages = (
        (first.officer, "/staff/placements"),
        (first.admin, "/placements"),
        (first.student, "/placements"),
    )
    counts = []
    for more in (0, 2):
        for _n in range(more):
            case(first.admin, first.officer)
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


def test_filters_of_the_office(app: Flask) -> None:
    one, other = case(), case()
    one.act(one.officer, running.cancel_placement, reason="中止", version=1)
    office = reader_of(one.officer)
    assert one.student.name not in office.get("/staff/placements?state=preparing").text
    company = one.now().organisation_id
    text = office.get(f"/staff/placements?company={company}").text
    assert one.student.name in text
    assert other.student.name not in text
    for wrong in ("x", "0", "99999999999999999999999999", "١"):
        assert (
            browser_of(app, one.officer).get("/staff/placements", query_string={"company": wrong}).status_code
            == 404
        )
    agree(other)
