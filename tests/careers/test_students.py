"""The office's list of students, and how people of universities are invited."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from flask import Flask

from portal.accounts.enums import Role
from portal.accounts.services.academics import invite_academic
from portal.careers.services.supervision import choose_supervisor
from portal.core.db import db
from portal.core.errors import Refused
from portal.core.transaction import rollback
from portal.notifications.models import Message
from tests.support import careers as given
from tests.support.academics import student, university
from tests.support.internships import acting
from tests.support.people import browser_of, company, person, staff
from tests.support.reader import Page, Reader
from tests.support.sql import count_sql

pytestmark = pytest.mark.database
LIST = "/staff/careers/students"


def names(page: Page) -> list[str]:
    return [a.text for a in page.main.all("a") if a["href"].startswith(f"{LIST}/")]


def test_the_list_is_searched_narrowed_and_cut(app: Flask) -> None:
    place, other = university(), university(name="見本大学")
    office = given.officer()
    for n in range(60):
        student(place, name=f"架空 {n:02d}", name_kana=f"カクウ{n:02d}")
    given.trained(
        office, student(other, name="見本 花子", name_kana="ミホンハナコ", email="hanako@m.example.ac.jp")
    )
    reader = Reader(browser_of(app, office))
    first = reader.get(LIST)
    assert names(first) == [f"架空 {n:02d}" for n in range(50)]
    assert names(reader.get(next(a["href"] for a in first.links if "after=" in a["href"]))) == [
        *(f"架空 {n}" for n in range(50, 60)), "見本 花子",
    ]  # fmt: skip
    for asked in ("?q=見本大学", "?q=HANAKO@m", "?training=yes", "?q=ミホン&training=yes"):
        assert names(reader.get(LIST + asked)) == ["見本 花子"]
    assert names(reader.get(f"{LIST}?q=花子&training=no")) == []
    assert names(reader.get(f"{LIST}?q=%25%00_")) == []
    reader.get(f"{LIST}?after=nonsense", status=404)


def test_the_list_asks_the_same_of_one_student_and_of_three(app: Flask) -> None:
    office, counts = given.officer(), []
    browser = browser_of(app, office)
    for more in (1, 2):
        for _ in range(more):
            given.trained(office)
        browser.get(LIST)
        rollback()
        with count_sql() as sql:
            assert browser.get(LIST).status_code == 200
        counts.append(len(sql))
    assert counts[0] == counts[1] <= 4


def test_somebody_who_is_no_student_is_not_there(app: Flask) -> None:
    reader = Reader(browser_of(app, given.officer()))
    reader.get(f"{LIST}/{person(at=company(), roles=(Role.MENTOR,)).id}", status=404)
    reader.get(f"{LIST}/{student().id}")


@pytest.mark.parametrize("role", [Role.SECRETARIAT, Role.HUB_COORDINATOR])
def test_the_rest_of_the_office_does_not_see_them(app: Flask, role: Role) -> None:
    browser = browser_of(app, staff(role))
    for place in (LIST, "/staff/careers/training", "/staff/careers/invitations"):
        assert browser.get(place).status_code == 403


@pytest.mark.parametrize("language", ["ja", "en"])
def test_a_student_is_invited_told_again_and_comes(
    app: Flask, run_jobs: Callable[[], int], language: str
) -> None:
    place = university()
    office = Reader(browser_of(app, given.officer(language=language)))
    asked = office.get("/staff/careers/invitations")
    office.submit(asked.form("/invitations"), status=422)
    typed = {
        "organisation": str(place.id),
        "role": "student",
        "email": "new@u.example.ac.jp",
        "name": "新入 学",
    }
    sent = office.submit(asked.form("/invitations"), **typed)
    assert "new@u.example.ac.jp" in sent.main.text
    office.submit(sent.form("/invitations"), status=422, **typed)
    office.submit(sent.form("/resend"))
    rollback()
    assert db.session.query(Message).filter_by(event="accounts/invitation").count() == 2
    office.submit(sent.form("/revoke"))
    office.submit(sent.form("/revoke"), status=422)


def test_who_belongs_already_has_the_role_at_once(app: Flask) -> None:
    place, office = university(), given.officer()
    both = person(at=place, roles=(Role.SUPERVISOR,), email="both@u.example.ac.jp")
    with acting(office) as by:
        assert (
            invite_academic(organisation=place, email=both.email, name="", role=Role.STUDENT, by=by) is None
        )
    with acting(office) as by, pytest.raises(Refused) as refused:
        invite_academic(organisation=place, email=both.email, name="", role=Role.STUDENT, by=by)
    assert refused.value.field == "email"


def test_no_other_role_no_company_and_nobody_else_invites(app: Flask) -> None:
    office, firm, place = given.officer(), company(), university()
    for by_whom, where, role in (
        (office, place, Role.COMPANY_ADMIN),
        (office, firm, Role.STUDENT),
        (staff(Role.SECRETARIAT), place, Role.STUDENT),
    ):
        with acting(by_whom) as by, pytest.raises(Refused):
            invite_academic(organisation=where, email="x@example.jp", name="", role=role, by=by)


def test_a_hundred_and_twenty_students_in_one_day(app: Flask) -> None:
    """The bound on mails of one person is for members, not for the office's work."""
    place, office = university(), given.officer()
    for n in range(120):
        with acting(office) as by:
            assert invite_academic(
                organisation=place, email=f"s{n}@u.example.ac.jp", name="", role=Role.STUDENT, by=by
            )


def test_the_office_sees_supervisor_and_talks_of_one_student(app: Flask) -> None:
    who = student(email="hanako@u.example.ac.jp")
    with acting(who) as by:
        choose_supervisor(name="見本 教授", email="prof@elsewhere.example", seen=None, by=by)
    office = Reader(browser_of(app, given.officer()))
    shown = office.get(f"{LIST}/{who.id}")
    assert "prof@elsewhere.example" in shown.main.text
    assert "ドメイン" in shown.main.text
    assert "見本 教授" in office.get(LIST).main.text
