"""A stranger who types a company's number learns no name; whoever asks has its administrators told, a counted number of times.

Mutants that must fail here: names in NotInvited, the page that looks the number up, `request_invitation` without its counts,
numbers tried without end.
"""

from __future__ import annotations

from collections.abc import Callable

import pytest
from flask import Flask

from portal.accounts.enums import Role
from portal.accounts.limits import TooOften
from portal.accounts.models import Organisation, Person
from portal.accounts.services.asking import request_invitation
from portal.audit.models import AuditEntry
from portal.core.access import Actor
from portal.core.db import db
from portal.core.errors import Refused
from portal.core.transaction import rollback, transaction
from tests.accounts.conftest import Visitor, mails
from tests.support import membership as given
from tests.support.people import actor_of, browser_of, company, corporate_number, person, staff
from tests.support.reader import Reader

pytestmark = pytest.mark.database
PAGE = "/invitation/request"
STEP = "/membership/applications/1/steps/company"


@pytest.fixture
def aoba(app: Flask) -> Organisation:
    return company("株式会社青葉", name_en="Aoba K.K.", corporate_number=given.NUMBER)


def boss_of(body: Organisation, **values: str) -> Person:
    return person(
        at=body, roles=(Role.COMPANY_ADMIN,), **{"name": "青葉 花子", "email": "boss@aoba.example"} | values
    )


def asks(number: str, by: Actor) -> bool:
    try:
        with transaction():
            request_invitation(corporate_number=number, by=by)
    except TooOften:
        return False
    return True


def stranger_at_the_number(app: Flask, who: Person) -> Reader:
    """Somebody who has begun an application."""
    given.season()
    visitor = Reader(browser_of(app, who))
    visitor.submit(visitor.get("/membership/start").form("/membership/start"))
    return visitor


@pytest.mark.parametrize("language", ["ja", "en"])
def test_a_stranger_learns_no_name_and_asks_by_a_button(
    app: Flask, aoba: Organisation, language: str
) -> None:
    boss_of(aoba)
    asker = person(name="通行 太郎", email="taro@elsewhere.example", language=language)
    visitor = stranger_at_the_number(app, asker)
    page = visitor.submit(visitor.get(STEP).form("/steps/company"), 422, **given.typed()["company"])
    assert "青葉 花子" not in page.source
    assert page.form("/steps/company").values()["address"] == given.typed()["company"]["address"]
    assert mails("invitation_request") == []
    page = visitor.get(page.link("招待を依頼する" if language == "ja" else "Ask for an invitation"))
    assert mails("invitation_request") == []  # looking is not asking
    assert "青葉" not in page.text
    page = visitor.submit(page.form(PAGE))
    assert page.status == 200
    (mail,) = mails("invitation_request")
    assert (mail.address, mail.is_secret) == ("boss@aoba.example", False)
    assert {
        word for word in ("通行 太郎", "taro@elsewhere.example", "/people/invite") if word in mail.text
    } == {
        "通行 太郎",
        "taro@elsewhere.example",
        "/people/invite",
    }


def test_the_trail_of_the_company_says_who_asked(app: Flask, aoba: Organisation) -> None:
    boss_of(aoba)
    by = actor_of(person())
    assert asks(given.NUMBER, by)
    rollback()
    entry = db.session.query(AuditEntry).filter_by(verb="invitation.requested").one()
    assert (entry.organisation_id, entry.actor_id, entry.audience) == (aoba.id, by.id, "party")


def test_a_company_is_told_once_a_day_by_one_person_and_ten_times_in_all(
    app: Flask, aoba: Organisation
) -> None:
    boss_of(aoba)
    by = actor_of(person())
    assert [asks(given.NUMBER, by) for _ in range(3)] == [True, False, False]
    others = [actor_of(person()) for _ in range(11)]
    assert [asks(given.NUMBER, other) for other in others] == [True] * 9 + [False] * 2
    assert len(mails("invitation_request")) == 10


def test_a_person_asks_five_companies_a_day(app: Flask) -> None:
    by = actor_of(person())
    staff(Role.ADMINISTRATOR)
    numbers = [corporate_number(300_000_000_001 + n) for n in range(7)]
    for n, number in enumerate(numbers):
        company(f"株式会社その{n}", corporate_number=number)
    assert [asks(number, by) for number in numbers] == [True] * 5 + [False] * 2


def test_the_page_says_that_it_was_told_today(app: Flask, aoba: Organisation) -> None:
    boss_of(aoba)
    visitor = Reader(browser_of(app, person()))
    page = visitor.get(f"{PAGE}?number={given.NUMBER}")
    visitor.submit(page.form(PAGE))
    page = visitor.submit(page.form(PAGE), 429)
    assert "本日すでにお伝えしています" in page.text


def test_looking_at_the_page_tells_nobody_who_is_here(app: Flask, aoba: Organisation) -> None:
    visitor = Reader(browser_of(app, person()))
    known = visitor.get(f"{PAGE}?number={given.NUMBER}")
    unknown = visitor.get(f"{PAGE}?number={corporate_number(399_999_999_999)}")
    assert known.text == unknown.text
    assert visitor.submit(unknown.form(PAGE), 422).errors != []
    assert visitor.submit(known.form(PAGE), 422, corporate_number="12").errors != []


def test_where_nobody_is_the_office_is_told(app: Flask, aoba: Organisation) -> None:
    clerk, chief = (
        staff(email="clerk@office.example"),
        staff(Role.ADMINISTRATOR, email="chief@office.example"),
    )
    assert asks(given.NUMBER, actor_of(person()))
    assert {mail.address for mail in mails("invitation_request")} == {clerk.email, chief.email}


def test_whoever_belongs_needs_no_invitation(app: Flask, aoba: Organisation) -> None:
    with pytest.raises(Refused):
        asks(given.NUMBER, actor_of(boss_of(aoba)))


def test_nobody_tries_numbers_without_end(app: Flask, aoba: Organisation) -> None:
    boss_of(aoba)
    visitor = stranger_at_the_number(app, person())
    page = visitor.get(STEP)
    words = given.typed()["company"]
    told = [visitor.submit(page.form("/steps/company"), 422, **words).errors[0] for _ in range(22)]
    assert ["招待が必要です" in words for words in told] == [True] * 20 + [False] * 2
    assert "明日" in told[20]


def test_the_invitation_leads_in(app: Flask, aoba: Organisation, run_jobs: Callable[[], int]) -> None:
    """The whole way: asked, invited by the administrator, accepted."""
    boss = boss_of(aoba)
    asker = person(name="青葉 次郎", email="jiro@aoba.example")
    assert asks(given.NUMBER, actor_of(asker))
    rollback()
    (mail,) = mails("invitation_request")
    path = next(line for line in mail.text.splitlines() if line.startswith("http://localhost"))
    desk = Visitor(browser_of(app, boss), run_jobs=run_jobs)
    page = desk.get(path.removeprefix("http://localhost"))
    desk.submit(page.form("/invite"), email="jiro@aoba.example", name="青葉 次郎", roles=["representative"])
    own = Reader(browser_of(app, asker))
    page = own.get(desk.mailed_path("invitation", "jiro@aoba.example"))
    assert own.submit(page.form("/invitation")).url == "/home"
