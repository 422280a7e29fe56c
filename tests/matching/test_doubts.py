"""What comes up between the choice of a result and its minute holds it back, until the office has decided."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from flask import Flask
from sqlalchemy import select, update

from portal.accounts.models import Credential, Organisation, Person
from portal.core import clock
from portal.core.db import db
from portal.core.errors import OutOfDate, Refused
from portal.core.transaction import rollback, transaction
from portal.domain.internships.timetable import Stage
from portal.domain.matching import Reason
from portal.internships.models import InternshipPosting
from portal.internships.services.rounds import move_timetable
from portal.jobs.models import Job
from portal.matching.enums import ExclusionKind, LeftReason
from portal.matching.models import MatchAttempt, MatchDoubt, MatchOutcome
from portal.matching.services import doubts, exclusions
from portal.matching.services.choosing import choose_attempt, take_choice_back
from portal.matching.services.diagnosis import diagnose
from portal.matching.services.gates import gate_of
from portal.matching.services.publishing import publish_results
from portal.membership.models import ContractTerm
from portal.notifications.models import Message
from portal.placements.models import Placement
from tests.internships.test_posting_pages import reader_of
from tests.support import internships as given
from tests.support import match_runs as runs
from tests.support import matching as told_
from tests.support.people import browser_of

pytestmark = pytest.mark.database
BEFORE = given.TIMES.publishes_at - timedelta(hours=1)


@pytest.fixture
def chosen(june: None) -> runs.Scene:
    """A result is chosen: s[0] at p[0], s[1] at p[1]."""
    made = runs.locked_round()
    with runs.at_lock():
        choose(made, runs.run(made))
    return made


def choose(scene: runs.Scene, number: int) -> None:
    with transaction():
        choose_attempt(attempt=db.session.get_one(MatchAttempt, number), by=scene.by)


def apart(scene: runs.Scene) -> None:
    company = given.company_of(scene.admins[0])
    with given.acting(scene.office) as by:
        exclusions.add_exclusion(
            student=db.session.get_one(Person, scene.students[0].id), company=db.session.get_one(Organisation, company),
            kind=ExclusionKind.CONFLICT_OF_INTEREST, reason="近親者が在籍しています。", by=by,
        )  # fmt: skip


def untrained(scene: runs.Scene) -> None:
    with transaction() as session:
        session.delete(
            session.scalars(select(Credential).where(Credential.person_id == scene.students[0].id)).one()
        )


def ended(scene: runs.Scene) -> None:
    company = given.company_of(scene.admins[0])
    with transaction() as session:
        gone = update(ContractTerm).where(ContractTerm.organisation_id == company)
        session.execute(gone.values(cancelled_on=clock.today() - timedelta(days=1)))


def placed(scene: runs.Scene) -> set[int]:
    rollback()
    return set(db.session.scalars(select(Placement.student_id).where(Placement.round_id == scene.round_id)))


def open_doubts(scene: runs.Scene) -> list[LeftReason]:
    rollback()
    here = (MatchDoubt.round_id == scene.round_id, MatchDoubt.settled_at.is_(None))
    return list(db.session.scalars(select(MatchDoubt.reason).where(*here)))


def told() -> int:
    rollback()
    return len(db.session.scalars(select(Message.id).where(Message.event == "matching/choice_doubted")).all())


@pytest.mark.parametrize(
    ("what", "reason"),
    [
        (apart, LeftReason.KEPT_APART),
        (untrained, LeftReason.TRAINING_MISSING),
        (ended, LeftReason.NOT_A_MEMBER),
    ],
)
def test_what_comes_up_after_the_choice_holds_the_result_back(
    chosen: runs.Scene, what: object, reason: LeftReason
) -> None:
    with clock.frozen(BEFORE):
        what(chosen)  # type: ignore[operator]
        if what is not apart:  # told of by nobody: the calendar looks
            doubts.look_at_each()
        assert open_doubts(chosen) == [reason]
        assert told() == 1
        doubts.look_at_each()  # nothing new, nobody told again
        assert (open_doubts(chosen), told()) == ([reason], 1)
    with clock.frozen(runs.OUT):
        runs.jobs()
        assert chosen.season.stage is Stage.LOCKED
        assert placed(chosen) == set()


def test_what_the_minute_itself_finds_is_not_published(chosen: runs.Scene) -> None:
    with clock.frozen(runs.OUT):
        ended(chosen)
        runs.jobs()
        assert chosen.season.stage is Stage.LOCKED
        assert placed(chosen) == set()
        assert told() == 1


def test_a_result_that_was_read_is_never_held_back_again(app: Flask, chosen: runs.Scene) -> None:
    page = f"/matching/rounds/{chosen.round_id}/result"
    with clock.frozen(runs.OUT):
        first = browser_of(app, chosen.students[0])
        assert first.get(page).status_code == 404  # nobody reads what the job has not looked at
        runs.jobs()
        assert first.get(page).status_code == 200
        ended(chosen)
    with clock.frozen(runs.OUT + timedelta(hours=3)):
        doubts.look_at_each()
        runs.jobs()
        assert (first.get(page).status_code, open_doubts(chosen)) == (200, [])
        assert chosen.season.stage is Stage.PUBLISHED


def test_a_choice_that_was_held_back_is_taken_back_also_after_its_minute(chosen: runs.Scene) -> None:
    with clock.frozen(BEFORE):
        apart(chosen)
    with clock.frozen(runs.OUT):
        runs.jobs()
        with transaction():
            take_choice_back(season=chosen.season, by=chosen.by)
        assert open_doubts(chosen) == []
        with transaction():
            times = chosen.season.timetable
            later = type(times)(
                *list(times.moments.values())[:4], runs.OUT + timedelta(days=1), times.ends_at
            )
            move_timetable(season=chosen.season, timetable=later, by=chosen.by)
        choose(chosen, runs.run(chosen))
    with clock.frozen(runs.OUT + timedelta(days=1)):
        runs.jobs()
        here = select(Placement.posting_id).where(Placement.student_id == chosen.students[0].id)
        assert db.session.scalars(here).all() == [chosen.postings[1]]


def test_the_office_keeps_it_with_a_reason_and_later_doubts_hold_it_back_again(chosen: runs.Scene) -> None:
    with clock.frozen(BEFORE):
        apart(chosen)
        seen = db.session.scalars(select(MatchDoubt.id)).one()
        rollback()
        for reason, number, error in (("", seen, Refused), ("承知のうえです。", seen - 1, OutOfDate)):
            with pytest.raises(error), transaction():
                doubts.confirm_choice(season=chosen.season, reason=reason, seen=number, by=chosen.by)
        with transaction():
            doubts.confirm_choice(season=chosen.season, reason="承知のうえです。", seen=seen, by=chosen.by)
        doubts.look_at_each()
        assert open_doubts(chosen) == []
        rollback()
        assert chosen.season.withheld_at is None
        untrained(chosen)
        doubts.look_at_each()
        assert open_doubts(chosen) == [LeftReason.TRAINING_MISSING]
        with transaction():
            doubts.confirm_choice(
                season=chosen.season, reason="修了を確認中です。", seen=seen + 1, by=chosen.by
            )
    with clock.frozen(runs.OUT):
        runs.jobs()
        assert placed(chosen) == {each.id for each in chosen.students[:2]}


def test_kept_after_its_minute_it_needs_a_new_one(chosen: runs.Scene) -> None:
    with clock.frozen(BEFORE):
        apart(chosen)
        seen = db.session.scalars(select(MatchDoubt.id)).one()
    with clock.frozen(runs.OUT):
        with pytest.raises(Refused), transaction():
            doubts.confirm_choice(season=chosen.season, reason="承知のうえです。", seen=seen, by=chosen.by)
        with transaction():
            times = chosen.season.timetable
            later = type(times)(
                *list(times.moments.values())[:4], runs.OUT + timedelta(days=1), times.ends_at
            )
            move_timetable(season=chosen.season, timetable=later, by=chosen.by)
        with transaction():
            doubts.confirm_choice(season=chosen.season, reason="承知のうえです。", seen=seen, by=chosen.by)
        assert chosen.season.stage is Stage.LOCKED
    with clock.frozen(runs.OUT + timedelta(days=1)):
        runs.jobs()
        assert len(placed(chosen)) == 2


@pytest.mark.parametrize("language", ["ja", "en"])
def test_the_pages_of_a_result_that_is_held_back(app: Flask, chosen: runs.Scene, language: str) -> None:
    with clock.frozen(BEFORE):
        office, address = (
            reader_of(chosen.office, language),
            f"/staff/matching/rounds/{chosen.round_id}/held-back",
        )
        assert "Nothing is held back" in office.get(address).text or language == "ja"
        apart(chosen)
        for page in (
            f"/staff/matching/rounds/{chosen.round_id}/attempts",
            f"/staff/internships/rounds/{chosen.round_id}",
            "/staff",
        ):
            assert address in office.get(page).source
        shown = office.get(address)
        assert chosen.students[0].name in shown.main.text
        assert chosen.students[1].name not in shown.main.text
        office.submit(shown.form("/held-back"), status=422)
        office.submit(shown.form("/held-back"), reason="双方と話し合い、問題がないことを確認しました。")
        rollback()
        assert chosen.season.withheld_at is None
        for other in (chosen.admins[0], chosen.students[0]):
            assert browser_of(app, other).get(address).status_code == 403


def test_a_round_whose_end_is_over_can_still_be_published(june: None) -> None:
    made, late = runs.locked_round(), given.TIMES.ends_at + timedelta(days=1)
    with clock.frozen(late):
        number = runs.run(made)
        office = reader_of(made.office, "en")
        page = office.get(f"/staff/matching/attempts/{number}/choose")
        assert f"/staff/internships/rounds/{made.round_id}/edit" in page.source
        assert not [form for form in page.forms if form.action.endswith("/choose")]
        with transaction():
            times = made.season.timetable
            later = type(times)(
                *list(times.moments.values())[:4], late + timedelta(days=1), late + timedelta(days=9)
            )
            move_timetable(season=made.season, timetable=later, by=made.by)
        assert office.get(f"/staff/matching/attempts/{number}/choose").form("/choose")


def test_nobody_is_placed_where_the_stay_no_longer_fits(june: None) -> None:
    made = runs.locked_round(students=1)
    last = given.TIMES.ends_at - timedelta(hours=1)
    with transaction() as session:
        row = session.get_one(InternshipPosting, made.postings[0])
        row.starts_from, row.ends_by, row.weeks = date(2026, 8, 1), date(2026, 10, 10), 8
    with runs.at_lock():
        before = runs.run(made)
        office = reader_of(made.office, "en")
        assert (
            "Too late for some postings" not in office.get(f"/staff/internships/rounds/{made.round_id}").text
        )
        with transaction():
            times = made.season.timetable
            later = type(times)(*list(times.moments.values())[:4], last, times.ends_at)
            move_timetable(season=made.season, timetable=later, by=made.by)
        assert "Too late for some postings" in office.get(f"/staff/internships/rounds/{made.round_id}").text
        with pytest.raises(OutOfDate):
            choose(made, before)
        choose(made, runs.run(made))
    with clock.frozen(last + timedelta(minutes=1)):
        runs.jobs()
        here = select(Placement.posting_id).where(Placement.round_id == made.round_id)
        assert db.session.scalars(here).all() == [made.postings[1]]


def test_moved_behind_the_last_start_a_chosen_result_is_held_back(june: None) -> None:
    made = runs.locked_round(students=1)
    with transaction() as session:
        row = session.get_one(InternshipPosting, made.postings[0])
        row.starts_from, row.ends_by, row.weeks = date(2026, 8, 1), date(2026, 10, 10), 8
    with runs.at_lock():
        choose(made, runs.run(made))
        with transaction():
            times = made.season.timetable
            later = type(times)(
                *list(times.moments.values())[:4], given.TIMES.ends_at - timedelta(hours=1), times.ends_at
            )
            move_timetable(season=made.season, timetable=later, by=made.by)
        doubts.look_at_each()
        assert open_doubts(made) == [LeftReason.TOO_LATE]


def late_minute(scene: runs.Scene) -> None:
    """The minute of publication lies behind the last day on which an internship of the first posting could begin."""
    with transaction() as session:
        row = session.get_one(InternshipPosting, scene.postings[0])
        row.starts_from, row.ends_by, row.weeks = date(2026, 8, 1), date(2026, 10, 10), 8
    last = given.TIMES.ends_at - timedelta(hours=1)
    with transaction():
        times = scene.season.timetable
        later = type(times)(*list(times.moments.values())[:4], last, times.ends_at)
        move_timetable(season=scene.season, timetable=later, by=scene.by)


def test_who_cannot_come_for_the_days_is_told_so_and_not_that_the_company_did_not_want_them(
    june: None,
) -> None:
    made = runs.locked_round(students=1)
    with runs.at_lock():
        late_minute(made)
        choose(made, runs.run(made))
        answers = db.session.scalars(select(MatchOutcome)).one().explanation
        reasons = {each["posting"]: each["reason"] for each in answers}
    assert reasons == {made.postings[0]: Reason.TOO_LATE, made.postings[1]: Reason.MATCHED}


def test_a_place_arranged_beforehand_gives_way_to_the_days_too(june: None) -> None:
    made = runs.locked_round(students=1)
    fixed = told_.trained(given.members.company())
    told_.agreed(fixed, made.postings[0])
    with runs.at_lock():
        choose(made, runs.run(made))
        late_minute(made)
        doubts.look_at_each()
        assert open_doubts(made) == [LeftReason.TOO_LATE]
        with transaction():
            take_choice_back(season=made.season, by=made.by)
        number = runs.run(made)
        page = reader_of(made.office, "en").get(f"/staff/matching/attempts/{number}/choose")
        assert fixed.name in page.main.text  # a place that does not count
        choose(made, number)
        assert not db.session.scalars(select(MatchOutcome).where(MatchOutcome.student_id == fixed.id)).all()


def test_a_follow_up_is_proposed_on_days_of_work_and_says_who_it_would_be_for(june: None) -> None:
    made = runs.locked_round(students=2)
    with runs.at_lock():
        choose(made, runs.run(made))
    with clock.frozen(runs.OUT):
        runs.jobs()
        page = reader_of(made.office, "en").get(f"/staff/matching/rounds/{made.round_id}/follow-up")
        days = [
            date.fromisoformat(each["value"])
            for each in page.form("/follow-up").controls
            if each["name"].endswith("_on")
        ]
        assert len(days) == 6
        assert all(day.weekday() < 5 for day in days)
        assert "No place is open" in page.main.text


def test_a_student_with_a_place_at_the_same_time_is_not_placed_in_another_round(june: None) -> None:
    made, busy = runs.locked_round(), runs.locked_round(students=1)
    who = busy.students[0]
    for posting in made.postings:
        told_.apply(who, posting)
    told_.lists(who, made.round_id, *made.postings)
    with runs.at_lock():
        choose(busy, runs.run(busy))
        gate = gate_of(made.season)
        assert not any(gate.may_be(who.id, posting) for posting in made.postings)
        assert (who.id, made.postings[0]) in diagnose(made.season, made.by).taken
        page = reader_of(made.office, "en").get(f"/staff/matching/rounds/{made.round_id}/diagnosis")
        assert who.name in page.main.text
        mine = reader_of(who, "en")
        assert (
            "in another round" not in mine.get(f"/matching/rounds/{made.round_id}/list").main.text
        )  # not out yet
    with clock.frozen(runs.OUT):
        with transaction():
            publish_results(busy.round_id)
        mine = reader_of(who, "en")
        assert "in another round" in mine.get(f"/matching/rounds/{made.round_id}/list").main.text


def test_a_minute_that_is_moved_has_its_job_at_once(chosen: runs.Scene) -> None:
    new = given.TIMES.publishes_at + timedelta(hours=2, minutes=7)
    with clock.frozen(BEFORE):
        with transaction():
            times = chosen.season.timetable
            moments = list(times.moments.values())
            move_timetable(
                season=chosen.season, timetable=type(times)(*moments[:4], new, moments[5]), by=chosen.by
            )
        rollback()
        due = set(db.session.scalars(select(Job.run_after).where(Job.name == "matching.publish_results")))
    assert new in due
