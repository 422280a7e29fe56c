"""Jobs: written with the deed, done once, tried again, swept up."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta

import pytest
from flask import Flask
from sqlalchemy import select

from portal.core import clock
from portal.core.context import gateway
from portal.core.db import db
from portal.core.transaction import rollback, transaction
from portal.jobs.enums import JobState
from portal.jobs.models import Job
from portal.jobs.registry import TASKS, task
from portal.jobs.services import enqueue, run_due_jobs, run_job, sweep

pytestmark = pytest.mark.database


@pytest.fixture
def done() -> Iterator[list[int]]:
    """What the test's own tasks did."""
    deeds: list[int] = []

    @task("test.note")
    def note(number: int) -> None:
        deeds.append(number)

    @task("test.fail")
    def fail() -> None:
        deeds.append(-1)
        raise ZeroDivisionError("always")

    yield deeds
    for name in ("test.note", "test.fail", "test.often"):
        TASKS.pop(name, None)


def state_of(job_id: int) -> tuple[JobState, int]:
    rollback()
    job = db.session.scalars(
        select(Job).where(Job.id == job_id), execution_options={"populate_existing": True}
    ).one()
    return job.state, job.attempts


def test_a_job_is_handed_over_after_the_commit_and_done_once(app: Flask, done: list[int]) -> None:
    with transaction():
        job = enqueue("test.note", number=7)
        assert gateway("queue").sent == []
    assert gateway("queue").sent == [job.id]
    assert [run_job(job.id), run_job(job.id)] == [True, False]
    assert done == [7]


def test_a_rolled_back_deed_leaves_no_job(app: Flask, done: list[int]) -> None:
    with pytest.raises(ZeroDivisionError), transaction():
        enqueue("test.note", number=1)
        raise ZeroDivisionError
    assert (run_due_jobs(), gateway("queue").sent) == (0, [])


def test_the_same_key_is_the_same_job(app: Flask, done: list[int]) -> None:
    with transaction():
        ids = {enqueue("test.note", key="once", number=1).id for _ in range(3)}
    with transaction():
        ids.add(enqueue("test.note", key="once", number=2).id)
    run_due_jobs()
    assert (len(ids), done) == (1, [1])


def test_a_failed_job_waits_longer_each_time_and_gives_up(app: Flask, done: list[int]) -> None:
    with transaction():
        job_id = enqueue("test.fail").id
    now = clock.now()
    for days in range(12):
        with clock.frozen(now + timedelta(days=days)):
            run_due_jobs()
    assert state_of(job_id) == (JobState.FAILED, 12)
    assert done == [-1] * 12


def test_a_job_leased_by_a_dead_worker_is_taken_up_later(app: Flask, done: list[int]) -> None:
    with transaction():
        job = enqueue("test.note", number=3)
        job.leased_until = clock.now() + timedelta(minutes=5)
    assert run_job(job.id) is False
    with clock.frozen(clock.now() + timedelta(minutes=6)):
        assert run_job(job.id) is True
    assert done == [3]


def test_a_job_for_later_waits(app: Flask, done: list[int]) -> None:
    with transaction():
        enqueue("test.note", run_after=clock.now() + timedelta(hours=1), number=4)
    assert run_due_jobs() == 0
    with clock.frozen(clock.now() + timedelta(hours=2)):
        assert run_due_jobs() == 1


def test_what_recurs_is_written_once_per_span_and_swept(app: Flask, done: list[int]) -> None:
    recurring = {name: found for name, found in TASKS.items() if found.every is not None}
    for name in recurring:
        TASKS.pop(name)

    @task("test.often", every=timedelta(hours=1))
    def often() -> None:
        done.append(0)

    try:
        hour = clock.now().replace(minute=5)
        for minutes in (0, 10, 20):
            with clock.frozen(hour + timedelta(minutes=minutes)):
                sweep()
                run_due_jobs()
        with clock.frozen(hour + timedelta(minutes=61)):
            sweep()
            run_due_jobs()
    finally:
        TASKS.update(recurring)
    assert done == [0, 0]
