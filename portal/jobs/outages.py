"""How long a failed job waits.

A job at fault waits longer each time and gives up. When the other side is away (the mail server, the provider, the database),
the oldest job of its name knocks every few seconds, the others wait longer and longer; whoever gets in wakes them.
"""

from __future__ import annotations

from datetime import timedelta

from sqlalchemy import ColumnElement, and_, exists, select, update
from sqlalchemy.exc import InterfaceError, OperationalError

from portal.core import clock
from portal.core.db import db
from portal.gateways.payment_values import ProviderUnavailable
from portal.jobs.enums import JobState
from portal.jobs.models import Job, is_queued

AWAY = (OSError, OperationalError, InterfaceError, ProviderUnavailable)
MOST_ATTEMPTS = 12
LONGEST_WAIT = timedelta(hours=1)
KNOCK = timedelta(seconds=8)
PATIENCE = timedelta(days=3)


def wait_of(job: Job, error: Exception) -> timedelta | None:
    """How long until the next try; None to give up."""
    usual = min(LONGEST_WAIT, timedelta(seconds=2 ** min(job.attempts, MOST_ATTEMPTS)))
    outside = isinstance(error, AWAY) and not _a_later_one_got_in(job)
    if outside and clock.now() - job.created_at < PATIENCE:
        return min(usual, KNOCK) if _is_oldest(job) else usual
    return None if job.attempts >= MOST_ATTEMPTS else usual


def wake_others(name: str) -> None:
    """Somebody got in: whoever waits for the same is due at once."""
    others = (
        update(Job)
        .where(_waiting(name), Job.run_after > clock.now())
        .values(run_after=clock.now())
        .execution_options(synchronize_session=False)
    )
    db.session.execute(others)


def _waiting(name: str) -> ColumnElement[bool]:
    return and_(is_queued(), Job.name == name, Job.last_error.is_not(None))


def _a_later_one_got_in(job: Job) -> bool:
    """Then the fault is this job's own."""
    later = (Job.id > job.id) & (Job.name == job.name) & (Job.state == JobState.DONE)
    return bool(db.session.scalar(select(exists().where(later))))


def _is_oldest(job: Job) -> bool:
    return not db.session.scalar(select(exists().where(_waiting(job.name), Job.id < job.id)))
