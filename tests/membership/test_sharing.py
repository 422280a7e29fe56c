"""A shared draft is for the mailed address alone, and the link's secret stays out of paths and `next=`.

Mutants that must fail here: `is_for` that is always true, `join_application` without its first question, `shared_with` without
`is_for`, the secret in `next=`.
"""

from __future__ import annotations

import pytest
from flask import Flask
from sqlalchemy import select

from portal.accounts.models import Person
from portal.core.db import db
from portal.core.transaction import rollback, transaction
from portal.membership import services as membership
from portal.membership.models import Application, ApplicationCollaborator
from portal.membership.services.sharing import NotForYou
from portal.notifications.models import Message
from tests.support import membership as given
from tests.support.people import actor_of, browser_of, person
from tests.support.reader import Reader

pytestmark = pytest.mark.database
PAGE = "/membership/shared"


def shared(email: str = "ichiro@mihon.example") -> str:
    """Somebody shares a draft; gives where the mail's button leads."""
    given.season()
    own = actor_of(person(name="始 一子"))
    application = given.draft(own)
    with transaction():
        membership.share_application(application=application, email=email, by=own)
    mail = db.session.scalars(select(Message).where(Message.event == "membership/shared")).one()
    rollback()
    return next(line for line in mail.text.splitlines() if PAGE in line).removeprefix("http://localhost")


def link() -> ApplicationCollaborator:
    rollback()
    return db.session.scalars(select(ApplicationCollaborator)).one()


def reads(app: Flask, who: Person) -> bool:
    rollback()
    number = db.session.scalars(select(Application.id)).one()
    return browser_of(app, who).get(f"/membership/applications/{number}").status_code == 200


def test_somebody_else_who_is_signed_in_is_told_for_whom_it_is(app: Flask) -> None:
    path = shared()
    other = person(email="kiki@other.example")
    visitor = Reader(browser_of(app, other))
    page = visitor.get(path, status=403)
    assert "i***@mihon.example" in page.text
    assert "ichiro@" not in page.source
    assert "kiki@other.example" in page.text
    token = page.form("/sign-out").values()["csrf_token"]
    secret = path.rpartition("=")[2]
    visitor.post(PAGE, {"token": secret, "csrf_token": token}, status=403)
    assert link().person_id is None
    assert not reads(app, other)
    back = visitor.submit(page.form("/sign-out"))  # the link itself still stands
    assert back.form(PAGE)


def test_the_service_itself_lets_nobody_else_in(app: Flask) -> None:
    shared()
    other = person(email="kiki@other.example")
    with pytest.raises(NotForYou), transaction():
        membership.join_application(link=link(), person=other)


def test_whoever_has_an_account_comes_back_from_sign_in_without_the_secret(app: Flask) -> None:
    path = shared("ICHIRO@ｍihon.example")
    ichiro = person(email="ichiro@mihon.example")
    answer = app.test_client().get(path)
    assert answer.location == f"/sign-in?next=/membership/shared?asked%3D{link().id}"
    visitor = Reader(browser_of(app, ichiro))
    page = visitor.get(f"{PAGE}?asked={link().id}")
    page = visitor.submit(page.form(PAGE))
    assert page.url.startswith("/membership/applications/")
    assert link().person_id == ichiro.id
    assert reads(app, ichiro)


def test_the_number_alone_opens_nothing_to_others(app: Flask) -> None:
    shared()
    number = link().id
    for visitor in (app.test_client(), browser_of(app, person())):
        for asked in (number, 999, "x", "１", "9" * 40, ""):
            assert visitor.get(f"{PAGE}?asked={asked}").status_code == 410, asked


def test_a_link_that_was_taken_up_serves_nobody_else(app: Flask) -> None:
    path = shared()
    friend = Reader(app.test_client())
    friend.submit(friend.get(path).form(PAGE), name="見本 一郎")
    assert Reader(app.test_client()).get(path).url.startswith("/sign-in?next=")
    assert Reader(browser_of(app, person())).get(path, status=403)
    friend.submit(friend.get(path).form(PAGE))  # pressed again, it leads there again
