"""A visitor who reads pages and mails."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

import pytest
from flask import Flask
from sqlalchemy import select

from portal.accounts.hashing import hash_password
from portal.accounts.models import Person
from portal.core.db import db
from portal.core.transaction import rollback, transaction
from portal.notifications.models import Message
from tests.support.people import person
from tests.support.reader import Page, Reader

PASSWORD = "seventeen quiet herons over the lake"


@dataclass
class Visitor(Reader):
    """Reads mail too, and signs in by the page."""

    run_jobs: Callable[[], int] = lambda: 0

    def sign_in(
        self, email: str, password: str = PASSWORD, *, status: int = 200, path: str = "/account/profile"
    ) -> Page:
        page = self.get(f"/sign-in?next={path}")
        return self.submit(page.form("/sign-in"), status, email=email, password=password)

    def mailed_path(self, event: str, address: str) -> str:
        """Where the button of the newest such mail leads."""
        return mailed_path(self.run_jobs, event, address)


def mailed_path(run_jobs: Callable[[], int], event: str, address: str) -> str:
    run_jobs()
    newest = (
        select(Message)
        .where(Message.event == f"accounts/{event}", Message.address == address)
        .order_by(Message.id.desc())
    )
    message = db.session.scalars(newest).first()
    rollback()
    assert message is not None, f"no {event} to {address}"
    found = re.search(r"http://localhost(\S+)", message.text)
    assert found is not None, message.text
    return found[1]


def mails(event: str) -> list[Message]:
    """All mails of this kind."""
    rollback()
    found = list(
        db.session.scalars(select(Message).where(Message.event == f"accounts/{event}").order_by(Message.id))
    )
    rollback()
    return found


def token_of(path: str) -> str:
    return urlsplit(path).query.removeprefix("token=")


def with_password(who: Person, password: str = PASSWORD) -> Person:
    """The person, with a password."""
    made = hash_password(password)
    with transaction() as session:
        session.get_one(Person, who.id).password_hash = made
    return who


def fresh(who: Person) -> Person:
    """The person as the database has them now."""
    rollback()
    found = db.session.get_one(Person, who.id, populate_existing=True)
    rollback()
    return found


@pytest.fixture
def visit(app: Flask, run_jobs: Callable[[], int]) -> Callable[..., Visitor]:
    """A new browser, nobody signed in."""

    def open_browser(**more: Any) -> Visitor:
        return Visitor(app.test_client(), run_jobs=run_jobs, **more)

    return open_browser


@pytest.fixture
def visitor(visit: Callable[..., Visitor]) -> Visitor:
    """One browser."""
    return visit()


@pytest.fixture
def hanako(app: Flask) -> Person:
    """Somebody with a password and no organisation."""
    return with_password(person(email="hanako@aoba.example", name="青葉 花子"))
