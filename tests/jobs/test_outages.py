"""Outages and wrong clocks: who waited goes on within half a minute, and nobody waits for ever.

Each test names the mutant of our code that it must fail.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta

import pytest
from flask import Flask
from sqlalchemy import select
from sqlalchemy.exc import OperationalError

from portal.core import clock
from portal.core.db import db
from portal.core.transaction import rollback, transaction
from portal.jobs import services
from portal.jobs.enums import JobState
from portal.jobs.models import Job
from portal.jobs.registry import TASKS, task
from portal.jobs.services import enqueue, run_due_jobs, run_job, sweep

pytestmark = pytest.mark.database
HALF_A_MINUTE = timedelta(seconds=30)


class Door:
    """Another side that is there or away."""

    def __init__(self) -> None:
        self.is_open = True
        self.let_in: list[int] = []

    def knock(self, number: int) -> None:
        if not self.is_open:
            raise ConnectionRefusedError("nobody there")
        self.let_in.append(number)


@pytest.fixture
def door(app: Flask) -> Iterator[Door]:
    found = Door()
    task("test.knock", atomic=False)(found.knock)
    recurring = {name: each for name, each in TASKS.items() if each.every is not None}
    for name in recurring:
        TASKS.pop(name)
    yield found
    TASKS.pop("test.knock")
    TASKS.update(recurring)


def ask(*numbers: int) -> list[int]:
    with transaction():
        return [enqueue("test.knock", number=n).id for n in numbers]


def pass_time(span: timedelta, step: timedelta = timedelta(seconds=10)) -> None:
    """The worker looks around every few seconds."""
    ends = clock.now() + span
    while clock.now() < ends:
        _ahead[0] += step
        run_due_jobs()


_ahead = [timedelta(0)]


@pytest.fixture(autouse=True)
def running_clock(monkeypatch: pytest.MonkeyPatch) -> None:
    _ahead[0], real = timedelta(0), clock.now
    monkeypatch.setattr(
        clock, "now", lambda: clock._stopped_at[-1] if clock._stopped_at else real() + _ahead[0]
    )


def jobs() -> list[Job]:
    rollback()
    return list(
        db.session.scalars(select(Job).order_by(Job.id), execution_options={"populate_existing": True})
    )


@pytest.mark.parametrize("outage", [timedelta(minutes=2), timedelta(hours=5)])
def test_after_an_outage_all_go_within_half_a_minute(door: Door, outage: timedelta) -> None:
    """Mutant: every job waits longer and longer, and gives up after an hour."""
    ask(1, 2, 3)
    door.is_open = False
    pass_time(outage, max(timedelta(seconds=10), outage / 60))
    assert door.let_in == []
    door.is_open = True
    pass_time(HALF_A_MINUTE)
    assert sorted(door.let_in) == [1, 2, 3]


def test_one_that_is_refused_for_its_own_sake_gives_up(door: Door) -> None:
    """It breaks the connection each time while later ones get in. Mutant: it knocks for three days."""
    (poison,) = ask(0)
    real = door.knock

    def knock(number: int) -> None:
        if number == 0:
            raise ConnectionResetError
        real(number)

    TASKS["test.knock"] = services.Task("test.knock", knock, atomic=False)
    run_due_jobs()
    ask(1)
    pass_time(timedelta(hours=3), timedelta(minutes=5))
    assert jobs()[0].id == poison
    assert (jobs()[0].state, jobs()[0].attempts) == (JobState.FAILED, 12)
    assert door.let_in == [1]


def test_nobody_knocks_for_ever(door: Door) -> None:
    ask(1)
    door.is_open = False
    pass_time(timedelta(days=4), timedelta(hours=1))
    assert jobs()[0].state is JobState.FAILED


def test_what_was_under_way_when_the_database_went_is_taken_up_at_once(
    door: Door, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Its lease could not be ended. Mutant: it is left to run out, five minutes later."""
    (number,) = ask(1)
    door.is_open = False

    def away(*_given: object, **_values: object) -> None:
        raise OperationalError("UPDATE", {}, Exception("the database is away"))

    with monkeypatch.context() as outage:
        outage.setattr(services, "_mark", away)
        assert run_job(number) is False
    assert jobs()[0].leased_until is not None
    door.is_open = True
    sweep()
    assert run_due_jobs() == 1
    assert door.let_in == [1]


@pytest.mark.parametrize("hours", [2, -2])
def test_a_clock_that_was_wrong_delays_nothing(door: Door, hours: int) -> None:
    """Asked for, failed once, and leased under a clock two hours off. Mutant: the moments are believed."""
    with clock.frozen(clock.now() + timedelta(hours=hours)):
        ask(1)
        door.is_open = False
        ask(2)
        run_job(jobs()[1].id)
        (third,) = ask(3)
        with transaction() as session:
            session.get_one(Job, third).leased_until = clock.now() + services.LEASE
    door.is_open = True
    pass_time(HALF_A_MINUTE)
    assert sorted(door.let_in) == [1, 2, 3]


def test_jumps_back_and_forth_do_nothing_twice(door: Door) -> None:
    for jump in (2, 0, -2, 0, 2, -2):
        with clock.frozen(clock.now() + timedelta(hours=jump)):
            ask(jump)
            sweep()
            run_due_jobs()
    pass_time(HALF_A_MINUTE)
    assert sorted(door.let_in) == sorted((2, 0, -2, 0, 2, -2))


def test_a_job_for_later_still_waits(door: Door) -> None:
    with transaction():
        enqueue("test.knock", run_after=clock.now() + timedelta(hours=5), number=1)
    pass_time(HALF_A_MINUTE)
    assert door.let_in == []


OLD_WAYS = {
    "no_knocking": (
        "wait_of",
        lambda job, error: timedelta(seconds=min(3600, 2**job.attempts)) if job.attempts < 12 else None,
    ),
    "no_waking": ("wake_others", lambda name: None),
}


@pytest.mark.parametrize("mutant", OLD_WAYS)
def test_the_mutants_are_caught(door: Door, monkeypatch: pytest.MonkeyPatch, mutant: str) -> None:
    monkeypatch.setattr(services, *OLD_WAYS[mutant])
    with pytest.raises(AssertionError):
        test_after_an_outage_all_go_within_half_a_minute(door, timedelta(hours=5))


def test_a_clock_believed_is_caught(door: Door, monkeypatch: pytest.MonkeyPatch) -> None:
    believed = lambda now: (Job.state == JobState.QUEUED) & (Job.run_after <= now)  # noqa: E731
    monkeypatch.setattr(services, "_is_due", believed)
    with pytest.raises(AssertionError):
        test_a_clock_that_was_wrong_delays_nothing(door, 2)
