"""Who supervises whom: named by the student, told by mail, one at a time, never the student."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import func, select

from portal.audit.models import AuditEntry
from portal.careers.models import Supervision
from portal.careers.queries.supervision import students_of, supervision_of, supervisions_of
from portal.careers.services.supervision import choose_supervisor
from portal.careers.signals import supervisor_named
from portal.core.access import Actor
from portal.core.db import db
from portal.core.errors import OutOfDate, Refused
from portal.core.transaction import rollback, transaction
from portal.notifications.models import Message
from tests.support.academics import student, supervisor
from tests.support.people import actor_of, browser_of, company, person
from tests.support.races import at_once
from tests.support.reader import Reader
from tests.support.sql import count_sql

pytestmark = pytest.mark.database
PAGE = "/careers/supervisor"


def name(
    by: Actor, email: str = "prof@u.example.ac.jp", seen: int | None = None, words: str = "見本 教授"
) -> int:
    with transaction():
        return choose_supervisor(name=words, email=email, seen=seen, by=by).id


def mails() -> list[Any]:
    rollback()
    return list(
        db.session.scalars(
            select(Message).where(Message.event == "careers/supervisor_named").order_by(Message.id)
        )
    )


def test_a_change_ends_the_old_row_and_tells_the_new_one(app: Flask) -> None:
    who, news = student(), []

    def note(made: Supervision, former: Supervision | None) -> None:
        news.append((made.email, former and former.email))

    supervisor_named.connect(note)
    first = name(actor_of(who))
    second = name(actor_of(who), "other@u.example.ac.jp", seen=first)
    supervisor_named.disconnect(note)
    rollback()
    present = supervision_of(who.id)
    assert present is not None
    assert (present.id, present.email) == (second, "other@u.example.ac.jp")
    assert db.session.get_one(Supervision, first).ended_at is not None
    assert [m.address for m in mails()] == ["prof@u.example.ac.jp", "other@u.example.ac.jp"]
    assert news == [("prof@u.example.ac.jp", None), ("other@u.example.ac.jp", "prof@u.example.ac.jp")]


def test_the_same_address_corrects_the_name_alone(app: Flask) -> None:
    who = student()
    first = name(actor_of(who))
    assert name(actor_of(who), "PROF@u.example.ac.jp", seen=first, words="見本 一郎") == first
    assert len(mails()) == 1
    verbs = select(AuditEntry.verb).where(AuditEntry.verb.like("supervision.%")).order_by(AuditEntry.id)
    assert list(db.session.scalars(verbs)) == ["supervision.named", "supervision.corrected"]


@pytest.mark.parametrize(
    "address",
    ["me@u.example.ac.jp", "ME@U.EXAMPLE.ac.jp", "me+supervisor@u.example.ac.jp", "ｍｅ＠u.example.ac.jp"],
)
def test_nobody_supervises_themselves(app: Flask, address: str) -> None:
    by = actor_of(student(email="me@u.example.ac.jp"))
    with pytest.raises(Refused) as refused:
        name(by, address)
    assert refused.value.field == "email"
    assert mails() == []


def test_only_students_name_one_and_only_what_is_an_address(app: Flask) -> None:
    for who in (supervisor(), person(at=company())):
        with pytest.raises(Refused):
            name(actor_of(who))
    for email in ("", "nonsense", "a b@c.jp", "x@localhost"):
        with pytest.raises(Refused):
            name(actor_of(student()), email)


def test_of_eight_at_once_one_is_named(app: Flask) -> None:
    by = actor_of(student())
    found = at_once(app, *[lambda n=n: name(by, f"p{n % 4}@u.example.ac.jp") for n in range(8)])  # type: ignore[misc]
    assert sum(isinstance(each, int) for each in found) == 1
    assert all(isinstance(each, int | OutOfDate | Refused) for each in found), found
    rollback()
    assert db.session.scalar(select(func.count()).select_from(Supervision)) == 1


def test_an_old_page_changes_nothing(app: Flask) -> None:
    who = student()
    reader = Reader(browser_of(app, who))
    old = reader.get(PAGE)
    reader.submit(old.form("/supervisor"), name="見本 教授", email="prof@u.example.ac.jp")
    late = reader.submit(old.form("/supervisor"), status=409, name="別 人", email="else@u.example.ac.jp")
    reader.submit(late.form("/supervisor"))
    rollback()
    present = supervision_of(who.id)
    assert present is not None
    assert present.email == "else@u.example.ac.jp"


@pytest.mark.parametrize("language", ["ja", "en"])
def test_naming_and_being_told(app: Flask, run_jobs: Callable[[], int], language: str) -> None:
    who, professor = (
        student(language=language, name="学 生"),
        supervisor(email="prof@u.example.ac.jp", language=language),
    )
    reader = Reader(browser_of(app, who))
    home = reader.get("/home")
    asked = reader.get(home.link("指導教員を登録する" if language == "ja" else "Name the supervisor"))
    wrong = reader.submit(asked.form("/supervisor"), status=422, name="", email=who.email)
    assert len(wrong.errors) >= 1
    wrong = reader.submit(asked.form("/supervisor"), status=422, name="見本 教授", email=who.email)
    assert len(wrong.errors) == 1
    reader.submit(wrong.form("/supervisor"), email="prof@u.example.ac.jp")
    (mail,) = mails()
    assert "学 生" in mail.subject
    assert "/careers/students" in mail.text
    theirs = Reader(browser_of(app, professor)).get("/careers/students")
    assert "学 生" in theirs.main.text
    assert "学 生" not in Reader(browser_of(app, supervisor())).get("/careers/students").text
    assert browser_of(app, who).get("/careers/students").status_code == 403


def test_students_of_an_address_and_of_a_person(app: Flask) -> None:
    one, two = student(), student()
    name(actor_of(one), "prof@u.example.ac.jp")
    professor = supervisor(email="prof@u.example.ac.jp")
    name(actor_of(two), "prof@u.example.ac.jp")
    rollback()
    assert {each.student_id for each in students_of("prof@u.example.ac.jp")} == {one.id, two.id}
    assert {each.student_id for each in students_of(actor_of(professor))} == {one.id, two.id}
    assert list(students_of(actor_of(supervisor()))) == []
    both = [one.id, two.id]
    with count_sql() as sql:
        assert set(supervisions_of(both)) == set(both)
    assert len(sql) == 1


def test_the_list_asks_the_same_of_one_and_of_three(app: Flask) -> None:
    professor, counts = supervisor(email="prof@u.example.ac.jp"), []
    browser = browser_of(app, professor)
    for more in (1, 2):
        for _ in range(more):
            name(actor_of(student()))
        browser.get("/careers/students")
        rollback()
        with count_sql() as sql:
            assert browser.get("/careers/students").status_code == 200
        counts.append(len(sql))
    assert counts[0] == counts[1] <= 4
