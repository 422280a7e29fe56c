"""Tell the story into an empty database."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from flask import current_app
from sqlalchemy import select

from portal.accounts.models import Person
from portal.billing.services.revenue import earn_fees
from portal.cli.demo.deeds import Cast
from portal.cli.demo.story import Event, story
from portal.core import clock
from portal.core.db import db
from portal.core.transaction import rollback, transaction
from portal.gateways.mail import OutgoingMail
from portal.gateways.queue import KeptQueue
from portal.jobs.services import run_due_jobs


def load() -> bool:
    """Load the demo consortium; False, and nothing is changed, when somebody is in the database already.

    Mails are written and marked as sent at the moments of the story. Needs an application context.
    """
    if not is_empty():
        return False
    now, cast = clock.now(), Cast()
    with _doors_shut():
        for event in story(cast, clock.today()):
            if event.at <= now:
                _tell(event)
        with transaction():  # as the worker does every night
            earn_fees()
    return True


def is_empty() -> bool:
    """Whether nobody is there yet."""
    found = db.session.scalar(select(Person.id).limit(1))
    rollback()
    return found is None


def _tell(event: Event) -> None:
    with clock.frozen(event.at):
        with transaction():
            event.do()
        run_due_jobs()


class _Postbox:
    """Takes mails for sent: the outbox is the mailbox that the demo shows."""

    keeps_bodies = True

    def send(self, mail: OutgoingMail) -> None:
        """Nothing leaves."""


@contextmanager
def _doors_shut() -> Iterator[None]:
    """No worker hears of the story's jobs, which are done at their own moments, and no mail server of its mails."""
    doors = current_app.extensions["renkei.gateways"]
    kept = dict(doors)
    doors.update(queue=KeptQueue(), mail=_Postbox())
    try:
        yield
    finally:
        doors.update(kept)
