"""Tell the story into an empty database."""

from __future__ import annotations

import gc
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime

from flask import current_app
from sqlalchemy import func, select, update

from portal.accounts.models import Person
from portal.billing.services.revenue import earn_fees
from portal.cli.demo.deeds import Cast
from portal.cli.demo.events import Event
from portal.cli.demo.story import story
from portal.core import clock
from portal.core.db import db
from portal.core.haste import without_waiting
from portal.core.transaction import rollback, transaction
from portal.gateways.mail import OutgoingMail
from portal.gateways.queue import KeptQueue
from portal.jobs.enums import JobState
from portal.jobs.models import Job
from portal.jobs.services import due_jobs, run_job
from portal.notifications.enums import MessageState
from portal.notifications.models import Message
from portal.notifications.services import DELIVER


def load() -> bool:
    """Load the demo consortium; False, and nothing is changed, when somebody is in the database already.

    Mails are written and marked as sent at the moments of the story. Needs an application context.
    """
    if not is_empty():
        return False
    now, cast = clock.now(), Cast()
    with _doors_shut(), without_waiting(), _rarely_tidied():
        for event in story(cast, clock.today()):
            if event.at <= now:
                _catch_up(event.at)
                _tell(event)
        _catch_up(now)
        with transaction():  # as the worker does every night
            earn_fees()
    return True


def is_empty() -> bool:
    """Whether nobody is there yet."""
    found = db.session.scalar(select(Person.id).limit(1))
    rollback()
    return found is None


def _tell(event: Event) -> None:
    with clock.frozen(event.at), transaction():
        event.do()
        _deliver_mails()


def _catch_up(until: datetime) -> None:
    """What was to be done by then, each at its own minute: results are out at theirs."""
    while (due := _next_due()) is not None and due <= until:
        with clock.frozen(due):
            _work()


def _work() -> None:
    jobs = due_jobs()
    rollback()
    for job_id in jobs:
        run_job(job_id)
    with transaction():
        _deliver_mails()


def _next_due() -> datetime | None:
    found = db.session.scalar(select(func.min(Job.run_after)).where(Job.state == JobState.QUEUED))
    rollback()
    return found


def _deliver_mails() -> None:
    """All that wait, at once: a job for each would be half of the time that the story takes."""
    now, plainly = clock.now(), {"synchronize_session": False}
    sent = update(Message).where(Message.state == MessageState.QUEUED)
    db.session.execute(sent.values(state=MessageState.SENT, sent_at=now), execution_options=plainly)
    done = update(Job).where(Job.state == JobState.QUEUED, Job.name == DELIVER)
    db.session.execute(done.values(state=JobState.DONE, done_at=now, attempts=1), execution_options=plainly)


class _Postbox:
    """Takes mails for sent: the outbox is the mailbox that the demo shows."""

    keeps_bodies = True

    def send(self, mail: OutgoingMail) -> None:
        """Nothing leaves."""


@contextmanager
def _rarely_tidied() -> Iterator[None]:
    """Python looks for unreachable cycles a hundred times less often: rows come and go in great numbers here."""
    kept = gc.get_threshold()
    gc.set_threshold(kept[0] * 100, *kept[1:])
    try:
        yield
    finally:
        gc.set_threshold(*kept)


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
