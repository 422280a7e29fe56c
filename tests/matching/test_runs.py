"""A run of the match: started once, run once, resumed after a crash, checked, kept sealed."""

from __future__ import annotations

import json
from collections.abc import Iterator

import pytest
from flask import Flask
from sqlalchemy import select

from portal.audit.models import AuditEntry
from portal.core import clock
from portal.core.db import db
from portal.core.errors import OutOfDate, Refused
from portal.core.sealing import fingerprint
from portal.core.transaction import rollback, transaction
from portal.domain.exchange.canonical import sha256
from portal.domain.matching import parse_market, verify
from portal.jobs.models import Job
from portal.matching.enums import AttemptFault, AttemptState
from portal.matching.models import MatchAttempt, PreferenceList
from portal.matching.services.attempts import start_attempt
from portal.matching.services.running import run_attempt
from tests.billing.test_crashes import every, killed_at, points
from tests.support import internships as given
from tests.support import match_runs as runs
from tests.support.races import at_once

pytestmark = pytest.mark.database


@pytest.fixture
def scene(june: None) -> Iterator[runs.Scene]:
    made = runs.locked_round()
    with runs.at_lock():
        yield made


def test_a_run_places_checks_and_keeps_what_a_replay_needs(scene: runs.Scene) -> None:
    done = runs.attempt(runs.run(scene))
    assert done.state is AttemptState.DONE
    assert done.fault is None
    assert done.engine
    assert done.market
    assert done.result
    kept = (
        repr([row.changes for row in db.session.scalars(select(AuditEntry))])
        + done.input_sha256
        + done.result_sha256
    )
    for content in (done.market.encode(), done.result.encode()):
        assert (
            sha256(content) not in kept
        )  # with the secret out, all lists of a small round could be tried against it
    assert (done.input_sha256, done.result_sha256) == (
        fingerprint(done.market.encode()), fingerprint(done.result.encode()),
    )  # fmt: skip
    assert verify(parse_market(done.market.encode()), done.result.encode()).holds
    first, second, third = (runs.person_of(who) for who in scene.students)
    p, q = (f"p{n}" for n in scene.postings)
    assert json.loads(done.result)["matching"] == {first: p, second: q}
    assert done.figures["matched"] == 2
    assert done.figures["unmatched"] == 1
    assert done.figures["blocking"] == 0
    assert done.figures["by_rank"] == [[rank, None] for rank in range(1, 6)]  # one each: too few to be shown
    assert third not in json.dumps(done.figures)


def test_nothing_of_the_lists_stands_open_in_the_database_or_the_trail(scene: runs.Scene) -> None:
    number = runs.run(scene)
    rollback()
    raw = db.session.connection().exec_driver_sql(
        f"SELECT market, result, overrides FROM match_attempts WHERE id = {number}"
    )
    assert all('"' not in str(cell) for cell in raw.one())  # sealed text has no JSON in it
    said = db.session.scalars(select(AuditEntry).where(AuditEntry.subject_type == "match_attempts")).all()
    assert [entry.verb for entry in said] == ["attempt.started", "attempt.done"]
    assert all(set(entry.changes) <= {"round", "name", "result"} for entry in said)


def test_the_same_key_starts_one_run_also_at_once(app: Flask, scene: runs.Scene) -> None:
    def press() -> int:
        return runs.start(scene, once="one press")

    assert len(set(at_once(app, *[press] * 6))) == 1
    rollback()
    assert db.session.query(MatchAttempt).count() == 1


def test_delivered_many_times_at_once_it_runs_once(app: Flask, scene: runs.Scene) -> None:
    number = runs.start(scene)
    assert set(at_once(app, *[lambda: run_attempt(number)] * 6)) == {None}
    done = runs.attempt(number)
    assert done.state is AttemptState.DONE
    verbs = db.session.scalars(
        select(AuditEntry.verb).where(AuditEntry.subject_type == "match_attempts")
    ).all()
    assert verbs.count("attempt.done") == 1


def test_before_the_lists_lock_and_for_others_there_is_no_run(scene: runs.Scene) -> None:
    with given.acting(scene.admins[0]) as by, pytest.raises(Refused):
        start_attempt(season=scene.season, name="x", once="k", by=by)
    with clock.frozen(given.TIMES.ranking_at), given.acting(scene.office) as by, pytest.raises(OutOfDate):
        start_attempt(season=scene.season, name="x", once="k", by=by)


def test_a_run_that_contradicts_itself_says_so_without_telling_where(scene: runs.Scene) -> None:
    with transaction() as session:  # the same posting twice: no page can save this
        row = session.scalars(select(PreferenceList)).first()
        assert row is not None
        row.postings = [scene.postings[0], scene.postings[0]]
    failed = runs.attempt(runs.run(scene))
    assert failed.state is AttemptState.FAILED
    assert failed.fault is AttemptFault.MALFORMED
    assert db.session.scalars(select(Job.last_error).where(Job.name == "matching.run_attempt")).all() == [
        None
    ]


def test_progress_is_written_at_most_every_half_second(scene: runs.Scene) -> None:
    number, ticks = runs.start(scene), iter([0.0, 0.1, 0.7, 0.7, 0.8, 1.1])
    seen: list[str] = []

    def timer() -> float:
        rollback()
        seen.append(db.session.get_one(MatchAttempt, number, populate_existing=True).step)
        return next(ticks)

    run_attempt(number, timer)
    assert seen == ["matching", "matching", "matching", "checking", "checking", "checking"]


def test_a_run_survives_a_kill_anywhere(app: Flask, scene: runs.Scene) -> None:
    died = 0
    for point in range(0, points(app, lambda: run_attempt(runs.start(scene))) + 1, every()):
        number = runs.start(scene)
        died += killed_at(app, point, lambda number=number: run_attempt(number))  # type: ignore[misc]
        before = runs.attempt(number)
        assert before.state in (AttemptState.WAITING, AttemptState.RUNNING, AttemptState.DONE)
        assert (before.market is None) == (before.state is AttemptState.WAITING)
        run_attempt(number)
        assert runs.attempt(number).state is AttemptState.DONE
    assert died >= 3
