"""Who counts as one, and that nobody closes a door to everybody.

Mutants that must fail here: `typed_address` by casefold alone (spellings, tags), `network_address` by the whole IPv6 address,
the overall limit counted first, `is_known` that keeps its transaction (a locked database), a limit without the network address.
"""

from __future__ import annotations

import time
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import func, select, update

from portal.accounts.models import UserSession
from portal.core import clock
from portal.core.db import db
from portal.core.limiting import network_address, typed_address
from portal.core.transaction import rollback, transaction
from portal.jobs.models import Job
from tests.support import membership as given
from tests.support.people import browser_of, person
from tests.support.reader import Reader

pytestmark = pytest.mark.database
START = "/membership/start"


def ask(visitor: Reader, email: str, *, host: str = "127.0.0.1") -> int:
    """Ask for a start link from a network address; gives the status."""
    form = visitor.get(START).form(START).values().to_dict()
    answer = visitor.client.post(
        START, data=form | {"name": "新 六郎", "email": email}, environ_base={"REMOTE_ADDR": host}
    )
    return answer.status_code


def asked_for() -> int:
    rollback()
    return int(
        db.session.scalar(select(func.count()).select_from(Job).where(Job.name == "accounts.mail_start_link"))
        or 0
    )


@pytest.mark.parametrize(
    "spelling",
    [
        "neu@ｓtranger.example",
        "NEU@Stranger.Example",
        " neu@stranger.example",
        "ｎeu@stranger.example",
        "neu+1@stranger.example",
    ],
)
def test_spellings_of_a_mailbox_count_together(app: Flask, spelling: str) -> None:
    keys = set()
    for email in ("neu@stranger.example", spelling):
        with app.test_request_context("/", method="POST", data={"email": email}):
            keys.add(typed_address())
    assert keys == {"account:neu@stranger.example"}


@pytest.mark.parametrize(
    ("one", "two", "same"),
    [
        ("2001:db8::1", "2001:db8::ffff:2", True),
        ("2001:db8::1", "2001:db8:0:1::1", False),
        ("192.0.2.1", "192.0.2.2", False),
    ],
)
def test_a_network_of_ipv6_counts_as_one(app: Flask, one: str, two: str, same: bool) -> None:
    keys = set()
    for host in (one, two):
        with app.test_request_context("/", environ_base={"REMOTE_ADDR": host}):
            keys.add(network_address())
    assert (len(keys) == 1) is same


def test_five_mails_an_hour_to_one_mailbox_however_it_is_spelt(app: Flask) -> None:
    given.season()
    visitor = Reader(app.test_client())
    spellings = [f"neu+{n}@ｓtranger.example" for n in range(6)]
    assert [ask(visitor, email) for email in spellings] == [200] * 5 + [429]
    assert asked_for() == 5


def test_one_client_does_not_close_the_door_to_everybody(app: Flask) -> None:
    """Its own limit stops it; however often it goes on asking, somebody else still gets in."""
    given.season()
    visitor = Reader(app.test_client())
    answers = [ask(visitor, f"n{n}@stranger.example", host="192.0.2.7") for n in range(310)]
    assert (answers.count(200), set(answers[30:])) == (30, {429})
    assert ask(visitor, "honest@stranger.example", host="192.0.2.8") == 200


def test_quotes_of_one_client_do_not_use_up_the_day_of_all(app: Flask) -> None:
    given.season()
    visitor = Reader(app.test_client())
    path = "/membership/quote"

    def quote(host: str, **more: Any) -> int:
        form = (
            visitor.get(path).form(path).values().to_dict() | {"company": "株式会社見本", "tier": "A"} | more
        )
        return visitor.client.post(path, data=form, environ_base={"REMOTE_ADDR": host}).status_code

    answers = [quote("192.0.2.7", company="") for _ in range(310)]
    assert (answers.count(422), set(answers[20:])) == (20, {429})
    assert quote("192.0.2.8") == 200


def test_an_ended_session_waits_for_no_lock_of_its_own(app: Flask) -> None:
    given.season()
    visitor = Reader(browser_of(app, person()))
    with transaction() as session:
        session.execute(update(UserSession).values(ended_at=clock.now()))
    began = time.monotonic()
    assert ask(visitor, "again@stranger.example") == 200
    assert time.monotonic() - began < 5
