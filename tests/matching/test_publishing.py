"""Chosen by one person of the office, out for everybody at the same minute, told once; nobody sees it before."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select

from portal.accounts.enums import CredentialKind
from portal.accounts.models import Credential, Person
from portal.core import clock
from portal.core.db import db
from portal.core.errors import OutOfDate, Refused
from portal.core.transaction import rollback, transaction
from portal.domain.internships.interest_flow import ApprovalState, InterestState
from portal.domain.internships.posting_flow import PostingState
from portal.domain.internships.timetable import Stage
from portal.internships.models import Approval, Interest, InternshipPosting, InternshipRound
from portal.matching import signals
from portal.matching.enums import Missing
from portal.matching.models import MatchAbsence, MatchAttempt, MatchOutcome
from portal.matching.services.choosing import choose_attempt, take_choice_back
from portal.matching.services.publishing import publish_due, publish_results, tell_results
from portal.notifications.models import Message
from tests.billing.test_crashes import every, killed_at, points
from tests.internships.test_posting_pages import reader_of
from tests.support import internships as given
from tests.support import match_runs as runs
from tests.support import matching as told
from tests.support.academics import university
from tests.support.races import at_once

pytestmark = pytest.mark.database


@pytest.fixture
def scene(june: None) -> Iterator[runs.Scene]:
    made = runs.locked_round()
    with runs.at_lock():
        yield made


def choose(scene: runs.Scene, number: int) -> None:
    with transaction():
        choose_attempt(attempt=db.session.get_one(MatchAttempt, number), by=scene.by)


def outcomes(scene: runs.Scene) -> dict[int, int | None]:
    rollback()
    rows = db.session.scalars(select(MatchOutcome).where(MatchOutcome.round_id == scene.round_id))
    return {row.student_id: row.posting_id for row in rows}


def mails(event: str) -> list[Message]:
    rollback()
    return list(db.session.scalars(select(Message).where(Message.event == event)))


def test_a_chosen_result_becomes_a_row_a_student(scene: runs.Scene) -> None:
    choose(scene, runs.run(scene))
    (first, second, third), (p, q) = scene.students, scene.postings
    assert outcomes(scene) == {first.id: p, second.id: q, third.id: None}
    row = db.session.scalars(select(MatchOutcome).where(MatchOutcome.student_id == second.id)).one()
    assert row.explanation == [
        {"posting": p, "reason": "filled_by_higher_ranked"},
        {"posting": q, "reason": "matched"},
    ]


@pytest.mark.parametrize("language", ["ja", "en"])
def test_who_was_left_out_reads_and_is_mailed_which_condition_was_missing(
    scene: runs.Scene, language: str
) -> None:
    place, page = university(), f"/matching/rounds/{scene.round_id}/result"
    out, quiet = (told.trained(place, is_trained=False, language=language) for _ in range(2))
    told.apply(out, scene.postings[0])
    told.apply(quiet, scene.postings[0])
    told.lists(out, scene.round_id, scene.postings[0])  # the other one saves nothing
    number = runs.run(scene)
    choose(scene, number)
    with transaction():
        take_choice_back(season=scene.season, by=scene.by)
    choose(scene, number)
    with transaction() as session:  # too late for this match
        session.add(
            Credential(
                person_id=out.id, kind=CredentialKind.TRAINING, earned_on=clock.today(), granted_by_id=out.id,
                granted_at=clock.now(),
            )
        )  # fmt: skip
    with clock.frozen(runs.OUT):
        runs.jobs()
        words = "研修の修了" if language == "ja" else "The training was not recorded"
        assert words in reader_of(out, language).get(page).main.text
        assert words not in reader_of(quiet, language).get(page).main.text
        assert [(mail.person_id, words in mail.text) for mail in mails("matching/result_absent")] == [
            (out.id, True)
        ]
        tell_results(scene.round_id)
        assert len(mails("matching/result_absent")) == 1


def test_each_condition_of_a_student_is_told_apart(scene: runs.Scene) -> None:
    place, (p, _q) = university(), scene.postings
    left, agreed, gone = told.trained(place), told.trained(place), told.trained(place)
    for who in (left, gone):
        told.apply(who, p)
        told.lists(who, scene.round_id, p)
    told.change(Person, left.id, is_disabled=True)
    told.agreed(agreed, scene.postings[1])
    told.change(InternshipPosting, scene.postings[1], state=PostingState.WITHDRAWN)
    with transaction() as session:
        for interest in session.scalars(select(Interest).where(Interest.student_id == gone.id)):
            interest.state = InterestState.WITHDRAWN
    choose(scene, runs.run(scene))
    rollback()
    rows = {each.student_id: each.missing for each in db.session.scalars(select(MatchAbsence))}
    assert rows == {left.id: Missing.STUDENT, agreed.id: Missing.AGREED}
    with clock.frozen(runs.OUT):
        runs.jobs()
        assert [mail.person_id for mail in mails("matching/result_absent")] == [agreed.id]


def test_one_is_chosen_of_several_at_once(app: Flask, scene: runs.Scene) -> None:
    numbers = [runs.run(scene) for _ in range(4)]
    done = at_once(app, *(lambda n=n: choose(scene, n) for n in numbers))  # type: ignore[misc]
    assert sum(each is None for each in done) == 1
    assert all(each is None or isinstance(each, OutOfDate) for each in done)
    assert len(outcomes(scene)) == 3


def test_a_choice_is_taken_back_until_the_minute(scene: runs.Scene) -> None:
    number = runs.run(scene)
    choose(scene, number)
    with transaction():
        take_choice_back(season=scene.season, by=scene.by)
    assert outcomes(scene) == {}
    choose(scene, number)
    with clock.frozen(given.TIMES.publishes_at):
        runs.jobs()
        with pytest.raises(OutOfDate), transaction():
            take_choice_back(season=scene.season, by=scene.by)
    assert len(outcomes(scene)) == 3


def test_what_was_not_made_over_the_lists_as_they_stand_is_not_chosen(scene: runs.Scene) -> None:
    number = runs.run(scene)
    with transaction() as session:
        row = session.scalars(select(Approval)).first()
        assert row is not None
        row.state = ApprovalState.VETOED
    with pytest.raises(OutOfDate), transaction():
        choose_attempt(attempt=db.session.get_one(MatchAttempt, number), by=scene.by)
    choose(scene, runs.run(scene))


def test_after_the_minute_a_new_one_has_to_be_set_first(scene: runs.Scene) -> None:
    number = runs.run(scene)
    with clock.frozen(runs.OUT), pytest.raises(Refused), transaction():
        choose_attempt(attempt=db.session.get_one(MatchAttempt, number), by=scene.by)


def test_the_minute_tells_everybody_once(scene: runs.Scene) -> None:
    heard: list[int] = []

    def hear(season: InternshipRound, **more: Any) -> None:
        heard.append(season.id)

    choose(scene, runs.run(scene))
    with signals.result_published.connected_to(hear):
        with clock.frozen(given.TIMES.publishes_at - timedelta(seconds=1)):
            runs.jobs()
            publish_due()
            assert scene.season.stage is Stage.LOCKED
        with clock.frozen(given.TIMES.publishes_at):
            assert scene.season.stage is Stage.LOCKED  # the job has not looked yet
            for _ in range(3):
                publish_due()
                runs.jobs()
                assert scene.season.stage is Stage.PUBLISHED
            tell_results(scene.round_id)
    assert heard == [scene.round_id]
    assert [mail.person_id for mail in mails("matching/result_student")] == [who.id for who in scene.students]
    assert len(mails("matching/result_company")) == 2


def test_published_at_once_by_several_workers_it_is_told_once(app: Flask, scene: runs.Scene) -> None:
    heard: list[int] = []

    def hear(season: InternshipRound, **more: Any) -> None:
        heard.append(season.id)

    def work() -> None:
        with transaction():
            publish_results(scene.round_id)

    choose(scene, runs.run(scene))
    with clock.frozen(runs.OUT), signals.result_published.connected_to(hear):
        assert set(at_once(app, *[work] * 6)) == {None}
    assert heard == [scene.round_id]


def test_a_minute_that_is_moved_later_moves_the_news(scene: runs.Scene) -> None:
    choose(scene, runs.run(scene))
    later = given.TIMES.publishes_at + timedelta(days=1)
    with transaction():
        scene.season.publishes_at = later
    with clock.frozen(given.TIMES.publishes_at):
        runs.jobs()
    assert mails("matching/result_student") == []
    with clock.frozen(later):
        runs.jobs()
    assert len(mails("matching/result_student")) == 3


@pytest.mark.parametrize("language", ["ja", "en"])
def test_from_the_choice_to_what_each_sees(scene: runs.Scene, language: str) -> None:
    number, season = runs.run(scene), scene.round_id
    office = reader_of(scene.office, language)
    asked = office.get(f"/staff/matching/attempts/{number}/choose")
    office.submit(asked.form("/choose"))
    office.submit(asked.form("/choose"), status=409)
    everybody = [*scene.students, *scene.admins]
    pages = [f"/matching/rounds/{season}/result"] * 3
    pages += [f"/matching/rounds/{season}/companies/{given.company_of(a)}/result" for a in scene.admins]
    for who, url in zip(everybody, pages, strict=True):
        reader_of(who, language).get(url, status=404)
    secret = scene.season.secret
    soon = "まもなく公表します" if language == "ja" else "about to be published"
    with clock.frozen(runs.OUT):
        for who, url in zip(everybody, pages, strict=True):
            reader_of(who, language).get(url, status=404)  # the job of the minute has not looked yet
            assert soon in reader_of(who, language).get("/matching/rounds").main.text
        runs.jobs()
        shown = [reader_of(who, language).get(url) for who, url in zip(everybody, pages, strict=True)]
        reader_of(scene.admins[0]).get(pages[4], status=404)
    assert all(secret in page.text for page in shown)
    with clock.frozen(runs.OUT + timedelta(days=8)):
        later = reader_of(scene.admins[0], language).get(pages[3])
    assert [scene.students[0].name in page.text for page in shown[3:]] == [True, False]
    by_when = "までに、各学生へ" if language == "ja" else "Please write to each of them by"
    assert by_when in shown[3].text
    assert by_when not in later.text  # nobody is asked for what is over
    names = [who.name for who in scene.students]
    for n, page in enumerate(shown[:3]):
        assert not any(name in page.main.text for m, name in enumerate(names) if m != n)


def test_choosing_survives_a_kill_anywhere(app: Flask, scene: runs.Scene) -> None:
    number = runs.run(scene)

    def undo() -> None:
        with transaction():
            take_choice_back(season=scene.season, by=scene.by)

    died, whole = 0, points(app, lambda: choose(scene, number))
    undo()
    for point in range(0, whole + 1, every()):
        died += killed_at(app, point, lambda: choose(scene, number))
        found = outcomes(scene)
        assert (scene.season.chosen_at is not None) == (len(found) == 3)
        assert len(found) in (0, 3)
        if not found:
            choose(scene, number)
        undo()
    assert died >= 3


def test_publishing_survives_a_kill_anywhere(app: Flask, scene: runs.Scene) -> None:
    def work() -> None:
        with transaction():
            publish_results(scene.round_id)
        tell_results(scene.round_id)

    choose(scene, runs.run(scene))
    wanted = sorted(who.id for who in scene.students)
    with clock.frozen(runs.OUT):
        died = 0
        for point in range(0, 120, 3 * every()):
            died += killed_at(app, point, work)
        work()
    assert died >= 3
    assert scene.season.told_at == runs.OUT
    told = sorted((each.person_id or 0) for each in mails("matching/result_student"))
    assert told == wanted
