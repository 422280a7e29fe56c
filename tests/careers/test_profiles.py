"""Profiles: autosaved, opened item by item, never overwritten unseen; companies read what is open and nothing else."""

from __future__ import annotations

from collections.abc import Mapping
from io import BytesIO
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select

from portal.accounts.enums import Role
from portal.accounts.models import Person
from portal.audit.models import AuditEntry
from portal.careers.enums import TEXTS, ProfileItem
from portal.careers.models import StudentProfile
from portal.careers.policy import may_read_profile
from portal.careers.queries.profiles import disclosed_of, missing_items, opened_file, profile_of
from portal.careers.services.profiles import save_profile
from portal.core.access import Actor
from portal.core.db import db
from portal.core.errors import OutOfDate, Refused
from portal.core.transaction import rollback, transaction
from tests.support import careers as given
from tests.support.academics import student, supervisor
from tests.support.people import actor_of, browser_of, company, person, staff
from tests.support.races import at_once
from tests.support.reader import Reader
from tests.support.sql import count_sql
from tests.support.uploads import pdf

pytestmark = pytest.mark.database
PAGE = "/careers/profile"
CANARIES = {item.value: f"canary-{item.value}" for item in TEXTS}
EMPTY: Mapping[str, Any] = {"free_from": None, "free_until": None, "most_weeks": None}


def save(by: Actor, seen: int = 1, editor: str = "a", opened: tuple[str, ...] = (), **values: Any) -> int:
    with transaction():
        return save_profile(
            values=CANARIES | EMPTY | values, opened=opened, seen=seen, editor=editor, by=by, overwrite=False
        )


def test_only_open_items_are_disclosed(app: Flask) -> None:
    who, other = student(), student()
    for item in ProfileItem:
        version = profile_of(who.id).version
        rollback()
        save(actor_of(who), seen=version, opened=(item.value,), most_weeks=12)
        shown = disclosed_of([who.id, other.id])
        assert set(shown) == {who.id, other.id}
        assert dict(shown[who.id].texts) == ({item: CANARIES[item.value]} if item in TEXTS else {})
        assert shown[who.id].most_weeks == (12 if item is ProfileItem.PERIOD else None)
        assert not shown[other.id].texts
        rollback()


def test_one_statement_for_many(app: Flask) -> None:
    numbers = [student().id for _ in range(3)]
    with count_sql() as sql:
        disclosed_of(numbers)
    assert len(sql) == 1
    with count_sql() as sql:
        assert disclosed_of([]) == {}
    assert len(sql) == 0


def test_an_old_page_overwrites_nothing_but_the_same_page_goes_on(app: Flask) -> None:
    who = student()
    assert save(actor_of(who)) == 2
    assert save(actor_of(who), about="same page, seen long ago") == 3
    with pytest.raises(OutOfDate):
        save(actor_of(who), seen=1, editor="another page", about="old")
    rollback()
    assert profile_of(who.id).about == "same page, seen long ago"


def test_two_pages_at_once_one_wins(app: Flask) -> None:
    who = student()
    by = actor_of(who)
    save(by, editor="")
    found = at_once(app, *[lambda n=n: save(by, seen=2, editor=f"page{n}", about=f"{n}") for n in range(8)])  # type: ignore[misc]
    assert sorted(type(each).__name__ for each in found) == ["OutOfDate"] * 7 + ["int"]


def test_the_first_words_from_two_pages_make_one_profile(app: Flask) -> None:
    who = student()
    by = actor_of(who)
    at_once(app, *[lambda n=n: save(by, editor=f"page{n}") for n in range(8)])  # type: ignore[misc]
    rollback()
    assert len(db.session.scalars(select(StudentProfile)).all()) == 1


def test_contact_details_are_not_opened(app: Flask) -> None:
    by = actor_of(student())
    save(by, research="hanako@example.ac.jp")
    with pytest.raises(Refused) as refused:
        save(by, opened=("research",), research="hanako@example.ac.jp")
    assert refused.value.field == "research"
    assert "hanako@example.ac.jp" in str(refused.value)


def test_nobody_but_a_student_has_one(app: Flask) -> None:
    for who in (supervisor(), staff(Role.CAREER_SUPPORT), person()):
        with pytest.raises(Refused):
            save(actor_of(who))


def test_the_trail_says_which_items_were_opened_and_none_of_their_words(app: Flask) -> None:
    by = actor_of(student())
    save(by)
    save(by, opened=("about", "cv"))
    save(by, opened=("about", "cv"), about="more")
    rollback()
    entries = db.session.scalars(select(AuditEntry).where(AuditEntry.verb.like("profile.%"))).all()
    assert [entry.changes for entry in entries] == [{"opened": [[], ["about", "cv"]]}]


def test_who_may_read_what_is_open(app: Flask) -> None:
    firm, other, who = company(), company(), student()
    mentor = actor_of(person(at=firm, roles=(Role.MENTOR,)))
    assert may_read_profile(mentor, student_id=who.id, shown_to={firm.id})
    assert not may_read_profile(mentor, student_id=who.id, shown_to={other.id})
    assert not may_read_profile(mentor, student_id=who.id, shown_to=())
    clerk = actor_of(person(at=firm, roles=(Role.BILLING,)))
    assert not may_read_profile(clerk, student_id=who.id, shown_to={firm.id})
    assert may_read_profile(actor_of(who), student_id=who.id, shown_to=())
    assert not may_read_profile(actor_of(student()), student_id=who.id, shown_to=())
    assert may_read_profile(actor_of(given.officer()), student_id=who.id, shown_to=())
    assert not may_read_profile(actor_of(staff(Role.SECRETARIAT)), student_id=who.id, shown_to=())


@pytest.mark.parametrize("language", ["ja", "en"])
def test_writing_opening_and_looking(app: Flask, language: str) -> None:
    who = student(language=language)
    reader = Reader(browser_of(app, who))
    editing, elsewhere = reader.get(PAGE), reader.get(PAGE)
    wrong = reader.submit(
        editing.form("/profile"), status=422, free_from="2026-09-01", free_until="2026-08-01"
    )
    assert len(wrong.errors) == 1
    saved = reader.submit(
        wrong.form("/profile"),
        free_until="2026-12-20",
        about="がん研究",
        research="secret-canary",
        opened="about",
    )
    assert saved.form("/profile").values().getlist("opened") == ["about"]
    seen = reader.get(f"{PAGE}/preview")
    assert "がん研究" in seen.text
    assert "secret-canary" not in seen.text
    assert who.email not in seen.main.text
    stale = reader.submit(elsewhere.form("/profile"), status=409, about="old words")
    assert "がん研究" in stale.text
    reader.submit(stale.form("/profile"), about="old words")
    rollback()
    assert profile_of(who.id).about == "old words"


def test_autosave_says_saved_newer_or_wrong(app: Flask) -> None:
    browser = browser_of(app, student())
    reader = Reader(browser)
    one, two = reader.get(PAGE).form("/profile"), reader.get(PAGE).form("/profile")
    values = {**one.values().to_dict(), "about": "first"}
    assert browser.post(f"{PAGE}/draft", data=values).status_code == 200
    assert browser.post(f"{PAGE}/draft", data=values | {"about": "second"}).json["version"] == 3
    late = browser.post(f"{PAGE}/draft", data={**two.values().to_dict(), "about": "other"})
    assert (late.status_code, set(late.json)) == (409, {"message", "saved"})
    assert (
        browser.post(
            f"{PAGE}/draft", data={**two.values().to_dict(), "about": "x", "overwrite": "1"}
        ).status_code
        == 200
    )
    for hostile in (
        {"most_weeks": "99"},
        {"about": "a\x00b"},
        {"opened": "everything"},
        {"seen": "x"},
        {"free_from": "soon"},
    ):
        assert browser.post(f"{PAGE}/draft", data=values | hostile).status_code == 422
    backwards = browser.post(
        f"{PAGE}/draft", data=values | {"free_from": "2026-10-01", "free_until": "2026-09-01"}
    )
    assert backwards.json["field"] == "free_until"
    assert backwards.json["message"].startswith("参加できる最後の日")
    assert browser.post(f"{PAGE}/draft", json={"about": []}).status_code in (400, 422)


def upload(browser: Any, item: str, content: bytes, name: str = "履歴書.pdf") -> Any:
    token = Reader(browser).get(f"{PAGE}/documents/{item}").form(f"/{item}").values()
    return browser.post(
        f"{PAGE}/documents/{item}", data={**token.to_dict(), "file": (BytesIO(content), name)}
    )


def test_a_document_is_handed_in_replaced_and_removed(app: Flask) -> None:
    who, office = student(), given.officer()
    browser = browser_of(app, who)
    assert upload(browser, "cv", b"no pdf").status_code == 422
    assert upload(browser, "cv", pdf()).status_code == 302
    save(actor_of(who), opened=("cv",))
    first = opened_file(who.id, ProfileItem.CV)
    rollback()
    assert upload(browser, "cv", pdf(), "二枚目.pdf").status_code == 302
    second = opened_file(who.id, ProfileItem.CV)
    rollback()
    assert None not in (first, second)
    own = browser.get(f"{PAGE}/documents/cv/file")
    assert (own.status_code, own.data) == (200, pdf())
    assert "attachment" in own.headers["Content-Disposition"]
    assert browser.get(f"{PAGE}/documents/research_summary/file").status_code == 404
    assert browser.get(f"{PAGE}/documents/nonsense").status_code == 404
    for stranger in (student(), supervisor()):
        assert browser_of(app, stranger).get(f"{PAGE}/documents/cv/file").status_code in (403, 404)
    office_browser = browser_of(app, office)
    page = Reader(office_browser).get(f"/staff/careers/students/{who.id}")
    opened = office_browser.post(
        f"/staff/careers/students/{who.id}/documents/cv", data=page.form("/cv").values()
    )
    assert (opened.status_code, opened.data) == (200, pdf())
    rollback()
    assert (
        db.session.scalars(select(AuditEntry.verb).order_by(AuditEntry.id.desc())).first()
        == "profile.file_opened"
    )
    Reader(browser).submit(Reader(browser).get(f"{PAGE}/documents/cv").form("/remove"))
    rollback()
    assert opened_file(who.id, ProfileItem.CV) is None


def test_what_is_missing_is_named(app: Flask) -> None:
    who: Person = student()
    assert ProfileItem.CV in missing_items(profile_of(who.id))
    save(actor_of(who))
    rollback()
    assert missing_items(profile_of(who.id)) == [
        ProfileItem.PERIOD,
        ProfileItem.CV,
        ProfileItem.RESEARCH_SUMMARY,
    ]
