"""In by password, out by a button."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from flask import Flask
from sqlalchemy import select

from portal.accounts.enums import Role
from portal.accounts.models import Person, UserSession
from portal.accounts.services.staff import disable_person
from portal.core.db import db
from portal.core.links import HOME
from portal.core.transaction import rollback, transaction
from tests.accounts.conftest import PASSWORD, Visitor
from tests.support.people import actor_of, browser_of, sign_in, staff

pytestmark = pytest.mark.database
Visit = Callable[..., Visitor]


def cookie_token(visitor: Visitor) -> str | None:
    with visitor.client.session_transaction() as cookie:
        return cookie.get("_user_id")


def test_the_right_password_opens_the_page_that_was_wanted(visitor: Visitor, hanako: Person) -> None:
    page = visitor.sign_in("hanako@aoba.example")
    assert page.url == "/account/profile"


@pytest.mark.parametrize("email", ["HANAKO@aoba.example", " hanako@AOBA.example "])
def test_other_spellings_of_the_address_are_the_same_account(
    visitor: Visitor, hanako: Person, email: str
) -> None:
    assert visitor.sign_in(email).url == "/account/profile"


def test_a_wrong_password_and_an_unknown_address_get_the_same_answer(visit: Visit, hanako: Person) -> None:
    wrong = visit().sign_in("hanako@aoba.example", "something else entirely", status=422)
    unknown = visit().sign_in("nobody@aoba.example", "something else entirely", status=422)
    assert wrong.errors == unknown.errors
    assert wrong.errors != []


def test_what_was_typed_is_kept_but_for_the_password(visitor: Visitor, hanako: Person) -> None:
    page = visitor.sign_in("hanako@aoba.example", "wrong", status=422)
    values = page.form("/sign-in").values()
    assert (values["email"], values["password"]) == ("hanako@aoba.example", "")


def test_the_cookie_from_before_signing_in_is_worth_nothing(visitor: Visitor, hanako: Person) -> None:
    """Session fixation: what an attacker planted does not become a session."""
    with visitor.client.session_transaction() as cookie:
        cookie["_user_id"] = "planted"
        cookie["planted"] = "yes"
    visitor.sign_in("hanako@aoba.example")
    with visitor.client.session_transaction() as cookie:
        assert "planted" not in cookie
        assert cookie["_user_id"] != "planted"


def test_every_sign_in_has_a_new_secret_and_ends_the_session_before(app: Flask, hanako: Person) -> None:
    client = app.test_client()
    sign_in(client, hanako)
    first = Visitor(client)
    before = cookie_token(first)
    first.client.post(
        "/sign-out",
        data={"csrf_token": first.get("/account/profile").form("/sign-out").values()["csrf_token"]},
    )
    first.sign_in("hanako@aoba.example")
    assert cookie_token(first) != before


def test_a_cookie_kept_from_before_signing_out_does_not_come_back(
    app: Flask, visit: Visit, hanako: Person
) -> None:
    visitor = visit()
    visitor.sign_in("hanako@aoba.example")
    kept = cookie_token(visitor)
    page = visitor.get("/account/profile")
    visitor.submit(page.form("/sign-out"))
    thief = app.test_client()
    for _ in range(10):
        with thief.session_transaction() as cookie:
            cookie["_user_id"] = kept
        assert thief.get("/account/profile").headers["Location"].startswith("/sign-in")


def test_disabling_ends_sessions_at_once(app: Flask, hanako: Person) -> None:
    client = browser_of(app, hanako)
    assert client.get("/account/profile").status_code == 200
    administrator = actor_of(staff(Role.ADMINISTRATOR))
    with transaction() as session:
        disable_person(person=session.get_one(Person, hanako.id), reason="left", by=administrator)
    assert client.get("/account/profile").status_code == 302


def test_a_disabled_person_gets_the_answer_of_a_wrong_password(visitor: Visitor, hanako: Person) -> None:
    with transaction() as session:
        session.get_one(Person, hanako.id).is_disabled = True
    assert visitor.sign_in("hanako@aoba.example", status=422).errors != []


def test_ten_wrong_passwords_close_the_account_to_guessing_however_it_is_spelt(
    visitor: Visitor, hanako: Person
) -> None:
    spellings = ["hanako@aoba.example", "HANAKO@aoba.example", "ｈanako@aoba.example"]
    page = visitor.get("/sign-in")
    for n in range(10):
        page = visitor.submit(page.form("/sign-in"), 422, email=spellings[n % 3], password=f"guess {n}")
    visitor.submit(page.form("/sign-in"), 429, email="hanako@aoba.example", password=PASSWORD)
    other = visitor.get("/sign-in")
    visitor.submit(other.form("/sign-in"), 422, email="somebody.else@aoba.example", password="x")


@pytest.mark.parametrize(
    "wanted",
    ["//evil.example", "https://evil.example", "/\\evil.example", "javascript:alert(1)", "/\t/evil.example"],
)
def test_a_planted_next_page_elsewhere_is_ignored(visitor: Visitor, hanako: Person, wanted: str) -> None:
    page = visitor.get("/sign-in", query_string={"next": wanted})
    answer = visitor.client.post(
        "/sign-in",
        data=page.form("/sign-in").values().to_dict()
        | {"email": "hanako@aoba.example", "password": PASSWORD, "next": wanted},
    )
    assert answer.headers["Location"] == HOME


def test_the_session_row_says_how_and_keeps_no_secret(visitor: Visitor, hanako: Person) -> None:
    visitor.client.environ_base["HTTP_USER_AGENT"] = "Mozilla/5.0 (Windows NT 10.0) Firefox/140"
    visitor.sign_in("hanako@aoba.example")
    row = db.session.scalars(select(UserSession).where(UserSession.person_id == hanako.id)).one()
    rollback()
    assert (row.method, row.address) == ("password", "127.0.0.1")
    assert cookie_token(visitor) not in (row.token_hash, row.browser)


def test_opening_the_sign_in_page_when_signed_in_goes_on(app: Flask, hanako: Person) -> None:
    assert (
        browser_of(app, hanako).get("/sign-in?next=/account/profile").headers["Location"]
        == "/account/profile"
    )
