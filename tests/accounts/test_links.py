"""Links in mails: one use, a short life, and nothing happens by opening them."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
from flask import Flask
from sqlalchemy import func, select

from portal.accounts.enums import TokenPurpose
from portal.accounts.models import OneTimeToken, Person, UserSession
from portal.accounts.services import request_start
from portal.accounts.services.links import SpentLink, issue_link, use_link
from portal.core import clock
from portal.core.db import db
from portal.core.transaction import rollback, transaction
from tests.accounts.conftest import PASSWORD, Visitor, fresh, mails, token_of
from tests.support.people import browser_of, open_session, person

pytestmark = pytest.mark.database
Visit = Callable[..., Visitor]


def ask_for_link(visitor: Visitor, email: str) -> None:
    page = visitor.get("/sign-in/link?next=/account/profile")
    visitor.submit(page.form("/sign-in/link"), email=email)


def sessions() -> int:
    rollback()
    found = db.session.scalar(select(func.count()).select_from(UserSession))
    rollback()
    return int(found or 0)


def test_a_link_signs_in_by_its_button_alone(visitor: Visitor, hanako: Person) -> None:
    ask_for_link(visitor, "hanako@aoba.example")
    path = visitor.mailed_path("sign_in_link", "hanako@aoba.example")
    for _ in range(5):
        page = visitor.get(path)
    assert sessions() == 0
    assert visitor.submit(page.form("/sign-in/open")).url == "/account/profile"
    assert sessions() == 1


def test_the_answer_is_the_same_for_an_unknown_address_and_nothing_is_mailed(
    visit: Visit, run_jobs: Callable[[], int]
) -> None:
    visitor = visit()
    page = visitor.get("/sign-in/link")
    answer = visitor.submit(page.form("/sign-in/link"), email="nobody@aoba.example")
    assert "nobody@aoba.example" in answer.text
    run_jobs()
    assert mails("sign_in_link") == []


def test_a_link_works_once_of_ten(visit: Visit, hanako: Person) -> None:
    first = visit()
    ask_for_link(first, "hanako@aoba.example")
    path = first.mailed_path("sign_in_link", "hanako@aoba.example")
    form = first.get(path).form("/sign-in/open")
    first.submit(form)
    for _ in range(10):
        thief = visit()
        page = thief.get("/sign-in")
        thief.post(
            "/sign-in/open",
            {"token": token_of(path), "csrf_token": page.form("/sign-in").values()["csrf_token"]},
            status=410,
        )
    assert sessions() == 1


def test_a_link_is_spent_after_a_quarter_of_an_hour(visitor: Visitor, hanako: Person) -> None:
    ask_for_link(visitor, "hanako@aoba.example")
    path = visitor.mailed_path("sign_in_link", "hanako@aoba.example")
    with clock.frozen(clock.now() + timedelta(minutes=15, seconds=1)):
        visitor.get(path, status=410)


def test_of_eight_at_once_one_spends_the_link(app: Flask, hanako: Person) -> None:
    with transaction():
        secret = issue_link(TokenPurpose.SIGN_IN, person_id=hanako.id)

    def spend(_: int) -> bool:
        with app.app_context():
            try:
                with transaction():
                    use_link(TokenPurpose.SIGN_IN, secret)
                return True
            except SpentLink:
                return False
            finally:
                db.session.remove()

    with ThreadPoolExecutor(8) as pool:
        assert sum(pool.map(spend, range(8))) == 1


def test_a_link_is_good_for_its_purpose_alone(visitor: Visitor, hanako: Person) -> None:
    with transaction():
        secret = issue_link(TokenPurpose.RECOVER, person_id=hanako.id)
    visitor.get(f"/sign-in/open?token={secret}", status=410)
    visitor.get(f"/recover/open?token={secret}")


def test_the_database_keeps_no_secret(visitor: Visitor, hanako: Person) -> None:
    ask_for_link(visitor, "hanako@aoba.example")
    path = visitor.mailed_path("sign_in_link", "hanako@aoba.example")
    row = db.session.scalars(select(OneTimeToken)).one()
    rollback()
    assert token_of(path) not in (row.token_hash, str(row.data))
    assert mails("sign_in_link")[0].is_secret


def test_recovery_sets_a_password_ends_all_sessions_and_tells(
    app: Flask, visitor: Visitor, hanako: Person
) -> None:
    elsewhere = browser_of(app, hanako)
    page = visitor.get("/recover")
    visitor.submit(page.form("/recover"), email="hanako@aoba.example")
    page = visitor.get(visitor.mailed_path("recovery", "hanako@aoba.example"))
    refused = visitor.submit(page.form("/recover/open"), 422, password="too short")
    page = visitor.submit(refused.form("/recover/open"), password="a kettle whistles in the blue kitchen")
    assert page.url == "/sign-in"
    assert elsewhere.get("/account/profile").status_code == 302
    assert visitor.sign_in("hanako@aoba.example", PASSWORD, status=422).errors != []
    assert (
        visitor.sign_in("hanako@aoba.example", "a kettle whistles in the blue kitchen").url
        == "/account/profile"
    )
    assert len(mails("security_notice")) == 1


def test_a_stranger_becomes_a_person_by_confirming(visitor: Visitor, run_jobs: Callable[[], int]) -> None:
    with transaction():
        request_start(
            email="Taro@Midori.example", name="緑 太郎", language="en", next_path="/account/profile"
        )
    path = visitor.mailed_path("start", "Taro@midori.example")
    page = visitor.get(path)
    assert db.session.scalar(select(func.count()).select_from(Person)) == 0
    rollback()
    answer = visitor.submit(page.form("/start"))
    assert answer.url == "/account/profile"
    made = db.session.scalars(select(Person)).one()
    rollback()
    assert (made.email, made.email_key, made.name, made.language) == (
        "Taro@midori.example",
        "taro@midori.example",
        "緑 太郎",
        "en",
    )
    visitor.get(path, status=410)


def test_somebody_known_who_starts_again_gets_a_sign_in_link(visitor: Visitor, hanako: Person) -> None:
    with transaction():
        request_start(email="hanako@aoba.example", name="別人", language="en", next_path="/account/profile")
    page = visitor.get(visitor.mailed_path("sign_in_link", "hanako@aoba.example"))
    assert visitor.submit(page.form("/sign-in/open")).url == "/account/profile"
    assert fresh(hanako).name == "青葉 花子"
    assert mails("start") == []


def test_a_new_address_counts_once_it_answered(app: Flask, visit: Visit, hanako: Person) -> None:
    visitor = visit()
    visitor.sign_in("hanako@aoba.example")
    open_session(hanako)
    page = visitor.get("/account/email")
    visitor.submit(page.form("/account/email"), email="new@aoba.example")
    assert fresh(hanako).email == "hanako@aoba.example"
    page = visitor.get(visitor.mailed_path("new_address", "new@aoba.example"))
    assert visitor.submit(page.form("/email/confirm")).url == "/account/profile"
    assert fresh(hanako).email_key == "new@aoba.example"
    assert [mail.address for mail in mails("security_notice")] == ["hanako@aoba.example"]


def test_an_address_of_somebody_else_gets_the_same_answer_and_no_mail(
    visitor: Visitor, hanako: Person
) -> None:
    person(email="taken@aoba.example")
    visitor.sign_in("hanako@aoba.example")
    page = visitor.get("/account/email")
    assert (
        "taken@aoba.example" in visitor.submit(page.form("/account/email"), email="taken@aoba.example").text
    )
    assert mails("new_address") == []


@pytest.mark.parametrize("path", ["/sign-in/open", "/recover/open", "/start", "/account/email/confirm"])
@pytest.mark.parametrize("token", ["", "wrong", "%00", "x" * 5000, "%ED%A0%80"])
def test_nonsense_in_the_place_of_a_secret_is_told(visitor: Visitor, path: str, token: str) -> None:
    visitor.get(f"{path}?token={token}", status=410)
