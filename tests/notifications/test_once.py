"""A mail that the mail server took goes out once, though the database is locked at that very moment.

Each test names the mutant of our code that it must fail.
"""

from __future__ import annotations

import threading
from collections.abc import Iterator

import pysqlite3.dbapi2 as sqlite
import pytest
from flask import Flask
from sqlalchemy import select

from portal.core import clock
from portal.core import db as database
from portal.core.context import gateway
from portal.core.db import db
from portal.core.transaction import rollback, transaction
from portal.gateways.mail import OutgoingMail
from portal.jobs.models import Job
from portal.jobs.services import enqueue, run_due_jobs, run_job, sweep
from portal.notifications import services
from portal.notifications.enums import MessageState
from portal.notifications.models import Message

pytestmark = pytest.mark.sqlite


class Stranger:
    """Takes SQLite's lock as soon as the first mail was taken, and keeps it until told."""

    def __init__(self, patch: pytest.MonkeyPatch) -> None:
        self.taken: list[str] = []
        self.other = sqlite.connect(
            str(db.engine.url.database), isolation_level=None, check_same_thread=False
        )
        patch.setattr(gateway("mail"), "send", self.take)

    def take(self, mail: OutgoingMail) -> None:
        self.taken.append(mail.message_id)
        if len(self.taken) == 1:
            self.other.execute("BEGIN IMMEDIATE")

    def let_go(self) -> None:
        self.other.execute("ROLLBACK")


@pytest.fixture
def stranger(app: Flask, monkeypatch: pytest.MonkeyPatch) -> Iterator[Stranger]:
    monkeypatch.setattr(database, "PATIENCE", 0.05)
    monkeypatch.setattr(services, "BETWEEN_TRIES", 0.02)
    found = Stranger(monkeypatch)
    yield found
    found.other.close()


def mail() -> int:
    """A mail that waits; the number of its job."""
    with transaction() as session:
        message = Message(
            event="x", address="reader@example.co.jp", subject="x", text="x", html="x", created_at=clock.now()
        )
        session.add(message)
        session.flush()
        return enqueue("notifications.deliver", message_id=message.id).id


def state() -> MessageState:
    rollback()
    return db.session.scalars(select(Message.state)).one()


def test_the_mark_is_tried_again_until_it_is_written(stranger: Stranger) -> None:
    """Mutant: it is tried once."""
    number = mail()
    threading.Timer(0.5, stranger.let_go).start()
    assert run_job(number) is True
    assert (state(), len(stranger.taken)) == (MessageState.SENT, 1)


def test_a_lock_that_outlasts_the_tries_sends_nothing_twice(
    stranger: Stranger, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Mutant: what was taken is forgotten."""
    monkeypatch.setattr(services, "INSISTS", 0.1)
    number = mail()
    assert run_job(number) is False
    assert state() is MessageState.QUEUED
    stranger.let_go()
    sweep()
    run_due_jobs()
    assert (state(), len(stranger.taken)) == (MessageState.SENT, 1)
    assert db.session.get_one(Job, number).attempts == 2


class Forgetful(set[object]):
    def add(self, _each: object) -> None:
        """What was taken is forgotten."""


def test_the_mutants_are_caught(stranger: Stranger, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(services, "_taken", Forgetful())
    with pytest.raises(AssertionError):
        test_a_lock_that_outlasts_the_tries_sends_nothing_twice(stranger, monkeypatch)
