"""Write jobs down, run them, sweep up what was left."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import structlog
from sqlalchemy import ColumnElement, and_, or_, select, update
from sqlalchemy.exc import IntegrityError, SQLAlchemyError

from portal.core import clock
from portal.core.context import gateway
from portal.core.db import db
from portal.core.transaction import after_commit, let_go, rollback, transaction
from portal.jobs.enums import JobState
from portal.jobs.models import Job, is_queued
from portal.jobs.outages import LONGEST_WAIT, wait_of, wake_others
from portal.jobs.registry import TASKS, Task

LEASE = timedelta(minutes=5)
_still_leased: set[int] = (
    set()
)  # by this process, to no purpose: the database was away when the lease should have ended
log = structlog.get_logger()


def enqueue(name: str, *, key: str | None = None, run_after: datetime | None = None, **arguments: Any) -> Job:
    """Write a job into this transaction; it is handed over after the commit. `arguments` are JSON values (ids)."""
    if key is not None:
        standing = db.session.scalars(select(Job).where(Job.key == key)).one_or_none()
        if standing is not None:
            return standing
    now = clock.now()
    job = Job(name=name, key=key, arguments=arguments, run_after=run_after or now, created_at=now)
    try:
        with db.session.begin_nested():
            db.session.add(job)
    except IntegrityError:  # another transaction wrote the same key in between
        return db.session.scalars(select(Job).where(Job.key == key)).one()
    job_id, due = job.id, job.run_after
    after_commit(lambda: hand_over(job_id, due))
    return job


def hand_over(job_id: int, due: datetime) -> None:
    """Tell the queue about a job."""
    gateway("queue").send(job_id, max(0.0, (due - clock.now()).total_seconds()))


def run_job(job_id: int) -> bool:
    """Do one job unless it is done, leased or not due; returns whether it was done now."""
    leased = _lease(job_id)
    if leased is None:
        return False
    name, arguments, attempts = leased
    task = TASKS.get(name)
    try:
        if task is None:
            raise LookupError(f"no task is called {name}")
        _perform(task, job_id, arguments, wakes=attempts > 1)
    except Exception as error:
        let_go()
        log.warning("job_failed", job=job_id, task=name, exc_info=True)
        _postpone(job_id, error)
        return False
    return True


def _is_due(now: datetime) -> ColumnElement[bool]:
    """Queued, leased by nobody, and its time has come. A clock that was ahead for a while must not delay it: what was wanted at
    once is always due, no retry waits longer than an hour, and no lease is longer than a lease."""
    overslept = and_(Job.attempts > 0, Job.run_after > now + LONGEST_WAIT)
    come = or_(Job.run_after <= now, Job.run_after == Job.created_at, overslept)
    free = or_(Job.leased_until.is_(None), Job.leased_until < now, Job.leased_until > now + LEASE)
    return and_(is_queued(), come, free)


def _lease(job_id: int) -> tuple[str, dict[str, Any], int] | None:
    now = clock.now()
    with transaction() as session:
        claim = (
            update(Job)
            .where(Job.id == job_id, _is_due(now))
            .values(leased_until=now + LEASE, attempts=Job.attempts + 1)
            .returning(Job.name, Job.arguments, Job.attempts)
        )
        row = session.execute(claim, execution_options={"synchronize_session": False}).one_or_none()
    return (row[0], row[1], row[2]) if row else None


def _perform(task: Task, job_id: int, arguments: dict[str, Any], *, wakes: bool) -> None:
    if not task.atomic:
        task.work(**arguments)
    with transaction():
        if task.atomic:
            task.work(**arguments)
        _mark(job_id, state=JobState.DONE, done_at=clock.now(), leased_until=None, last_error=None)
        if wakes:
            wake_others(task.name)


def _postpone(job_id: int, error: Exception) -> None:
    """Write down when to try again; when even that fails, `sweep` gives the lease back later."""
    try:
        with transaction() as session:
            job = session.get_one(Job, job_id, populate_existing=True)
            wait = wait_of(job, error)
            values: dict[str, Any] = {
                "leased_until": None,
                "last_error": f"{type(error).__name__}: {error}"[:2000],
            }
            values |= {"state": JobState.FAILED} if wait is None else {"run_after": clock.now() + wait}
            _mark(job_id, **values)
    except SQLAlchemyError:
        let_go()
        _still_leased.add(job_id)


def _give_leases_back() -> None:
    given = frozenset(_still_leased)
    mine = update(Job).where(Job.id.in_(given), is_queued()).values(leased_until=None)
    db.session.execute(mine, execution_options={"synchronize_session": False})
    after_commit(lambda: _still_leased.difference_update(given))


def _mark(job_id: int, **values: Any) -> None:
    statement = update(Job).where(Job.id == job_id).values(**values)
    db.session.execute(statement, execution_options={"synchronize_session": False})


def retry_job(job: Job) -> bool:
    """Let a job that gave up, or waits for its next try, run again at once; returns whether there was anything to try."""
    now = clock.now()
    again = (
        update(Job)
        .where(Job.id == job.id, Job.state != JobState.DONE, Job.last_error.is_not(None))
        .values(state=JobState.QUEUED, attempts=0, run_after=now, leased_until=None)
    )
    changed = db.session.execute(again, execution_options={"synchronize_session": False})
    if not changed.rowcount:  # type: ignore[attr-defined]
        return False
    job_id = job.id
    after_commit(lambda: hand_over(job_id, now))
    return True


def due_jobs(most: int = 500) -> list[int]:
    """Ids of jobs that should be running by now and are not."""
    statement = select(Job.id).where(_is_due(clock.now()))
    return list(db.session.scalars(statement.order_by(Job.run_after, Job.id).limit(most)))


def sweep() -> list[int]:
    """Write down what recurs and is due, then hand over all jobs that are due; returns their ids."""
    with transaction():
        if _still_leased:
            _give_leases_back()
        for task in TASKS.values():
            if task.every is not None:
                slot = int((clock.now() - datetime(2000, 1, 1, tzinfo=UTC)) / task.every)
                enqueue(task.name, key=f"{task.name}#{slot}")
    due = due_jobs()
    rollback()
    for job_id in due:
        gateway("queue").send(job_id, 0.0)
    return due


def run_due_jobs(most: int = 1000) -> int:
    """Run everything that is due, here and now, including what those jobs ask for; returns how many were done."""
    done = 0
    while done < most and (due := due_jobs()):
        rollback()
        done += (finished := sum(run_job(job_id) for job_id in due))
        if not finished:
            break
    return done
