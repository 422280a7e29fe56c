"""Read what became of jobs."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import func, select

from portal.core import clock
from portal.core.db import db
from portal.core.errors import NotFound
from portal.core.pages import Slice, keyset
from portal.jobs.enums import JobState
from portal.jobs.models import Job


def failed_jobs(*, cursor: str | None = None) -> Slice[Job]:
    """Jobs that gave up, newest first."""
    return keyset(
        select(Job).where(Job.state == JobState.FAILED), (Job.id, True), cursor=cursor, scalars=True
    )


def stumbling_jobs(*, cursor: str | None = None) -> Slice[Job]:
    """Jobs that failed at least once and will be tried again by themselves, newest first."""
    statement = select(Job).where(Job.state == JobState.QUEUED, Job.last_error.is_not(None))
    return keyset(statement, (Job.id, True), cursor=cursor, scalars=True)


def find_job(job_id: int) -> Job:
    """One job; raises NotFound."""
    found = db.session.get(Job, job_id)
    if found is None:
        raise NotFound
    return found


def oldest_waiting() -> datetime | None:
    """Since when the oldest job that is due waits; None when none does."""
    due = select(func.min(Job.run_after)).where(Job.state == JobState.QUEUED, Job.run_after <= clock.now())
    return db.session.scalar(due)
