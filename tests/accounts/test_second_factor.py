"""Codes work once; the office cannot do without."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pyotp
import pytest
from flask import Flask

from portal.accounts.enums import Role
from portal.accounts.models import Passkey, Person, TotpSecret
from portal.accounts.services.second_factor import (
    begin_totp,
    confirm_second_factor,
    confirm_totp,
    make_recovery_codes,
)
from portal.core import clock
from portal.core.db import db
from portal.core.errors import Refused
from portal.core.transaction import transaction
from tests.accounts.conftest import Visitor, mails, with_password
from tests.support.people import actor_of, browser_of, person, staff

pytestmark = pytest.mark.database
Visit = Callable[..., Visitor]


def code_of(who: Person, later: int = 0) -> str:
    with transaction() as session:
        secret = session.get_one(TotpSecret, who.id).secret
    return pyotp.TOTP(secret).at(clock.now() + timedelta(seconds=later))


def enrolled(who: Person) -> Person:
    with transaction() as session:
        session.add(TotpSecret(person_id=who.id, secret=pyotp.random_base32(), confirmed_at=clock.now()))
    return who


def test_a_code_is_asked_for_after_the_password(visitor: Visitor, hanako: Person) -> None:
    enrolled(hanako)
    page = visitor.sign_in("hanako@aoba.example")
    assert page.url == "/sign-in/second-factor?next=/account/profile"
    assert visitor.get("/account/profile").url == "/sign-in/second-factor?next=/account/profile"
    assert visitor.get("/account/security").url == "/sign-in/second-factor"
    answer = visitor.submit(page.form("/sign-in/second-factor"), code=code_of(hanako))
    assert answer.url == "/account/profile"


def test_the_secret_of_the_session_is_new_after_the_code(visitor: Visitor, hanako: Person) -> None:
    enrolled(hanako)
    page = visitor.sign_in("hanako@aoba.example")
    with visitor.client.session_transaction() as cookie:
        before = cookie["_user_id"]
    visitor.submit(page.form("/sign-in/second-factor"), code=code_of(hanako))
    with visitor.client.session_transaction() as cookie:
        assert cookie["_user_id"] != before


def test_a_code_that_was_used_is_refused_ten_times(app: Flask, hanako: Person) -> None:
    enrolled(hanako)
    code, by = code_of(hanako), actor_of(hanako)
    accepted = 0
    for _ in range(11):
        try:
            with transaction():
                confirm_second_factor(by=by, code=code)
            accepted += 1
        except Refused:
            pass
    assert accepted == 1


def test_of_eight_at_once_one_uses_the_code(app: Flask, hanako: Person) -> None:
    enrolled(hanako)
    code, by = code_of(hanako), actor_of(hanako)

    def use(_: int) -> bool:
        with app.app_context():
            try:
                with transaction():
                    confirm_second_factor(by=by, code=code)
                return True
            except Refused:
                return False
            finally:
                db.session.remove()

    with ThreadPoolExecutor(8) as pool:
        assert sum(pool.map(use, range(8))) == 1


def test_a_code_before_the_one_that_was_used_is_refused(app: Flask, hanako: Person) -> None:
    enrolled(hanako)
    by = actor_of(hanako)
    with transaction():
        confirm_second_factor(by=by, code=code_of(hanako, later=30))
    with pytest.raises(Refused), transaction():
        confirm_second_factor(by=by, code=code_of(hanako))


@pytest.mark.parametrize("code", ["", "12345", "1234567", "abcdef", "１２３４５６", "-00001", "\x00" * 6])
def test_nonsense_is_no_code(app: Flask, hanako: Person, code: str) -> None:
    enrolled(hanako)
    by = actor_of(hanako)
    with pytest.raises(Refused), transaction():
        confirm_second_factor(by=by, code=code)


def test_guessing_codes_stops_at_eight_whatever_the_session(visit: Visit, hanako: Person) -> None:
    enrolled(hanako)
    page = visit().sign_in("hanako@aoba.example")
    for n in range(8):
        visitor = visit()
        page = visitor.sign_in("hanako@aoba.example")
        visitor.submit(page.form("/sign-in/second-factor"), 422, code=f"{n:06d}")
    visitor = visit()
    page = visitor.sign_in("hanako@aoba.example")
    visitor.submit(page.form("/sign-in/second-factor"), 429, code=code_of(hanako))


def test_a_recovery_code_works_once_and_is_told(app: Flask, visit: Visit, hanako: Person) -> None:
    enrolled(hanako)
    by = actor_of(hanako)
    with transaction():
        codes = make_recovery_codes(by=by)
    assert (len(codes), len(set(codes))) == (10, 10)
    visitor = visit()
    page = visitor.sign_in("hanako@aoba.example")
    assert (
        visitor.submit(page.form("/sign-in/second-factor"), code=codes[0].upper()).url == "/account/profile"
    )
    assert len(mails("security_notice")) == 1
    again = visit()
    page = again.sign_in("hanako@aoba.example")
    again.submit(page.form("/sign-in/second-factor"), 422, code=codes[0])


def test_setting_up_shows_a_picture_without_style_and_codes_once(visitor: Visitor, hanako: Person) -> None:
    visitor.sign_in("hanako@aoba.example")
    page = visitor.get("/account/security")
    page = visitor.submit(page.form("/totp/begin"))
    assert page.url == "/account/totp"
    drawing = (
        page.source[page.source.index('<svg xmlns="http://www.w3.org/2000/svg" ') :]
        if "<svg xmlns" in page.source
        else page.source
    )
    assert "style=" not in drawing
    page = visitor.submit(page.form(""), 422, code="000000")
    page = visitor.submit(page.form(""), code=code_of(hanako))
    assert len([li for li in page.main.all("li") if li.all("code")]) == 10
    assert visitor.get("/account/totp").url == "/account/security"


def test_the_office_sets_up_a_factor_before_anything_else(visitor: Visitor, app: Flask) -> None:
    clerk = with_password(staff(Role.SECRETARIAT, email="clerk@office.example"))
    page = visitor.sign_in("clerk@office.example")
    assert page.url == "/account/security"
    assert visitor.get("/staff/organisations").url == "/account/security"
    assert (
        visitor.client.post(
            "/account/recovery-codes", data={"csrf_token": page.form("/totp/begin").values()["csrf_token"]}
        ).status_code
        == 302
    )
    page = visitor.submit(page.form("/totp/begin"))
    visitor.submit(page.form(""), code=code_of(clerk))
    assert visitor.get("/staff/organisations").url == "/staff/organisations"


def test_the_office_keeps_its_last_factor(app: Flask) -> None:
    clerk = enrolled(staff(Role.SECRETARIAT))
    client = browser_of(app, clerk)
    page = Visitor(client).get("/account/security")
    Visitor(client).submit(page.form("/totp/remove"), 422)
    with transaction() as session:
        session.add(
            Passkey(
                person_id=clerk.id, credential_id=b"k", public_key=b"p", name="Key", created_at=clock.now()
            )
        )
    Visitor(client).submit(page.form("/totp/remove"))


def test_a_short_password_keeps_the_last_factor(app: Flask, hanako: Person) -> None:
    enrolled(hanako)
    with transaction() as session:
        session.get_one(Person, hanako.id).is_password_short = True
    client = browser_of(app, hanako)
    page = Visitor(client).get("/account/security")
    assert "15" in Visitor(client).submit(page.form("/totp/remove"), 422).text


def test_confirming_ends_the_other_sessions(app: Flask) -> None:
    who = person()
    elsewhere, by = browser_of(app, who), actor_of(who)
    with transaction():
        begin_totp(by=by)
    with transaction():
        confirm_totp(by=by, code=code_of(who))
    assert elsewhere.get("/account/profile").status_code == 302
