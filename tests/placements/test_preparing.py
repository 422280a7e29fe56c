"""Before the start: the period both sides agree upon, the checklist, and that nothing starts before all is done."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime, timedelta, timezone

import pytest
from flask import Flask
from sqlalchemy import select

from portal.core import clock
from portal.core.db import db
from portal.core.errors import OutOfDate, Refused
from portal.core.transaction import rollback, transaction
from portal.domain.internships.interest_flow import ApprovalState
from portal.domain.placements.duties import Task
from portal.domain.placements.placement_flow import Mover, PlacementState, Side
from portal.internships.models import Approval, Interest
from portal.notifications.models import Message
from portal.placements.models import Placement
from portal.placements.queries.checklist import items_of
from portal.placements.queries.duties import duties_of
from portal.placements.queries.placements import any_placement
from portal.placements.services import checklist, dates, hours, running
from portal.placements.services.calendar import keep_calendar, remind
from tests.support.people import actor_of
from tests.support.placements import FIRST, LAST, Case, agree, case, finish_checklist, ready
from tests.support.races import at_once

pytestmark = pytest.mark.database
TOKYO = timezone(timedelta(hours=9))


def at(day: date) -> datetime:
    return datetime(day.year, day.month, day.day, 10, tzinfo=TOKYO)


def start(found, who=None) -> None:
    found.act(who or found.officer, running.start_placement, mover=Mover.OFFICE)


def test_one_side_proposes_and_the_other_agrees(app: Flask) -> None:
    found = case()
    agree(found)
    assert found.now().agreed == {Side.STUDENT, Side.COMPANY}
    found.act(
        found.student, dates.propose_dates, starts_on=FIRST, ends_on=LAST - timedelta(days=1), version=found.now().version
    )  # fmt: skip
    assert found.now().agreed == {Side.STUDENT}, "what was agreed before no longer counts"


def test_nobody_agrees_to_days_that_they_did_not_see(app: Flask) -> None:
    found = case()
    found.act(found.admin, dates.propose_dates, starts_on=FIRST, ends_on=LAST, version=1)
    seen = found.now().version
    found.act(found.admin, dates.propose_dates, starts_on=FIRST, ends_on=date(2026, 12, 20), version=seen)
    with pytest.raises(OutOfDate):
        found.act(found.student, dates.agree_dates, version=seen)


@pytest.mark.parametrize(
    ("first", "last", "fields"),
    [
        (FIRST, date(2026, 10, 25), {"ends_on"}),  # a day less than eight weeks
        (date(2026, 8, 31), date(2026, 12, 26), {"starts_on", "ends_on"}),
        (date(2026, 5, 1), LAST, {"starts_on"}),
    ],
)
def test_days_outside_what_is_offered_are_refused_at_their_field(
    app: Flask, first: date, last: date, fields: set[str]
) -> None:
    found = case()
    with pytest.raises(Refused) as refused:
        found.act(found.admin, dates.propose_dates, starts_on=first, ends_on=last, version=1)
    assert set(refused.value.messages) == fields


def test_the_supervisors_window_binds(app: Flask) -> None:
    found = case()
    placement = found.now()
    with transaction() as session:
        interest = Interest(
            round_id=placement.round_id, organisation_id=placement.organisation_id, posting_id=placement.posting_id,
            student_id=placement.student_id, shown_at=clock.now(), moved_at=clock.now(),
        )  # fmt: skip
        session.add(interest)
        session.flush()
        session.add(
            Approval(
                interest_id=interest.id, state=ApprovalState.APPROVED, from_on=date(2026, 9, 15), until_on=date(2026, 12, 1),
                asked_at=clock.now(),
            )
        )  # fmt: skip
    with pytest.raises(Refused) as refused:
        found.act(found.student, dates.propose_dates, starts_on=FIRST, ends_on=date(2026, 12, 10), version=1)
    assert set(refused.value.messages) == {"starts_on", "ends_on"}
    found.act(
        found.student, dates.propose_dates, starts_on=date(2026, 9, 15), ends_on=date(2026, 12, 1), version=1
    )


def test_it_starts_only_when_everything_is_done(app: Flask) -> None:
    found = case()
    with clock.frozen(at(FIRST)), pytest.raises(Refused):
        start(found)
    agree(found)
    with clock.frozen(at(FIRST)), pytest.raises(Refused):
        start(found)
    finish_checklist(found)
    with pytest.raises(Refused):
        start(found)  # not before its first day
    with clock.frozen(at(FIRST)):
        start(found)
    assert found.now().state is PlacementState.RUNNING


def test_the_database_itself_starts_nothing_unfinished(app: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    """Without the service's own look: the update finds no row."""
    found = ready()
    found.at_item(found.officer, checklist.undo_item, "nda", side=Side.OFFICE)
    monkeypatch.setattr(running, "hurdle", lambda _placement: None)
    with clock.frozen(at(FIRST)), pytest.raises(OutOfDate):
        start(found)
    assert found.now().state is PlacementState.PREPARING


def test_opened_again_and_started_at_once_one_wins(app: Flask) -> None:
    found = ready()
    by, number = actor_of(found.officer), found.id

    def begin() -> None:
        with transaction():
            running.start_placement(placement=any_placement(number), mover=Mover.OFFICE, by=by)

    def reopen() -> None:
        with transaction():
            placement = any_placement(number)
            item = next(each for each in items_of(number) if each.kind == "nda")
            checklist.undo_item(placement=placement, item=item, side=Side.OFFICE, by=by)

    with clock.frozen(at(FIRST)):
        answers = at_once(app, *([begin, reopen] * 4))
    won = [place % 2 for place, answer in enumerate(answers) if answer is None]
    stands = found.now().state
    assert (stands is PlacementState.RUNNING) == (found.item("nda").done_at is not None)
    assert won.count(0) == (1 if stands is PlacementState.RUNNING else 0)


def test_the_calendar_starts_what_is_ready_and_ends_what_is_over(app: Flask) -> None:
    found, unready = ready(), case()
    with clock.frozen(at(FIRST)):
        keep_calendar()
    assert (found.now().state, unready.now().state) == (PlacementState.RUNNING, PlacementState.PREPARING)
    with clock.frozen(at(LAST)):
        keep_calendar()
        assert found.now().state is PlacementState.RUNNING
    with clock.frozen(at(LAST + timedelta(days=1))):
        keep_calendar()
        keep_calendar()
    assert found.now().state is PlacementState.ENDED
    with clock.frozen(at(LAST + timedelta(days=182))):
        keep_calendar()
    assert found.now().state is PlacementState.CLOSED


def test_whose_hand_it_is_in_says_that_it_is_done(app: Flask) -> None:
    found = case()
    with pytest.raises(Refused):
        found.at_item(found.student, checklist.do_item, "nda", side=Side.STUDENT)
    found.at_item(found.student, checklist.do_item, "insurance", side=Side.STUDENT)
    done = found.item("insurance")
    assert (done.done_side, done.done_by_id) == (Side.STUDENT, found.student.id)
    found.at_item(found.student, checklist.undo_item, "insurance", side=Side.STUDENT)
    found.at_item(found.officer, checklist.do_item, "insurance", side=Side.OFFICE)
    with pytest.raises(Refused):
        found.at_item(found.student, checklist.undo_item, "insurance", side=Side.STUDENT)


def test_the_office_waives_with_a_reason_and_asks_again(app: Flask) -> None:
    found = case()
    with pytest.raises(Refused) as refused:
        found.at_item(found.officer, checklist.waive_item, "ip", reason=" ")
    assert refused.value.field == "reason"
    found.at_item(found.officer, checklist.waive_item, "ip", reason="募集の定めによる")
    assert (found.item("ip").is_needed, found.item("ip").reason) == (False, "募集の定めによる")
    found.at_item(found.officer, checklist.require_item, "ip")
    assert found.item("ip").is_open


@pytest.mark.parametrize("verb", [checklist.do_item, checklist.undo_item])
def test_nothing_changes_after_the_start(app: Flask, verb: Callable[..., None]) -> None:
    found = ready()
    with clock.frozen(at(FIRST)):
        start(found)
        with pytest.raises(OutOfDate):
            found.at_item(found.officer, verb, "nda", side=Side.OFFICE)


def test_called_off_with_a_reason_that_both_read(app: Flask) -> None:
    found = case()
    with pytest.raises(Refused):
        found.act(found.officer, running.cancel_placement, reason="", version=1)
    found.act(found.officer, running.cancel_placement, reason="受入部署の廃止", version=1)
    assert found.now().state is PlacementState.CANCELLED
    told = db.session.scalars(select(Message.text).where(Message.event == "placements/moved")).all()
    assert len(told) == 2
    assert all("受入部署の廃止" in text for text in told)


def test_an_early_ending_goes_through_the_office(app: Flask) -> None:
    found = ready()
    with clock.frozen(at(FIRST)):
        start(found)
    with clock.frozen(at(date(2026, 10, 1))):
        found.act(found.student, running.ask_ending, reason="健康上の理由")
        with pytest.raises(OutOfDate):
            found.act(found.admin, running.ask_ending, reason="別の理由")
        found.act(found.officer, running.decline_ending, version=found.now().version)
        found.act(found.admin, running.ask_ending, reason="別の理由")
        with pytest.raises(Refused):
            found.act(
                found.officer, running.end_early, last_on=date(2026, 10, 2), version=found.now().version
            )
        found.act(found.officer, running.end_early, last_on=date(2026, 9, 30), version=found.now().version)
    assert (found.now().state, found.now().last_day) == (PlacementState.ENDED, date(2026, 9, 30))
    to_sides = db.session.scalars(select(Message.text).where(Message.event == "placements/moved")).all()
    assert not any("健康上の理由" in text or "別の理由" in text for text in to_sides)


def test_reminders_go_out_once_a_stage_to_whom_it_concerns(app: Flask) -> None:
    found = case()
    due_on = found.item("insurance").due_on

    def sent() -> int:
        rollback()
        mine = (Message.key.contains(f":reminder:{due_on}:"), Message.person_id == found.student.id)
        return len(db.session.scalars(select(Message.id).where(*mine)).all())

    for days, count in ((-8, 0), (-7, 1), (-1, 1), (0, 1), (1, 2), (14, 2), (15, 3)):
        with clock.frozen(at(due_on + timedelta(days=days))):
            remind()
            remind()
        assert sent() == count, days
    found.at_item(found.student, checklist.do_item, "insurance", side=Side.STUDENT)
    with clock.frozen(at(due_on + timedelta(days=40))):
        remind()
    assert sent() == 3


@pytest.mark.parametrize("days", [3, -10])
def test_what_is_done_too_late_starts_nothing(app: Flask, days: int) -> None:
    """Three days before the last day, or ten after it: there is no internship of eight weeks left, other days are agreed upon."""
    found = case()
    agree(found)
    with clock.frozen(at(LAST - timedelta(days=days))):
        finish_checklist(found)
        keep_calendar()
        assert found.now().state is PlacementState.PREPARING
        with pytest.raises(Refused):
            start(found)
        waiting = duties_of([found.now()])[found.id]
        assert {(duty.side, duty.task) for duty in waiting} == {
            (Side.STUDENT, Task.AGREE),
            (Side.COMPANY, Task.AGREE),
        }


def test_it_begins_when_the_last_item_is_done(app: Flask) -> None:
    """Ten days late, yet long enough: the hours and the half-time count from there, not from the agreed day."""
    found = case()
    agree(found)
    late = FIRST + timedelta(days=10)
    with clock.frozen(at(FIRST)):
        keep_calendar()
    assert found.now().state is PlacementState.PREPARING
    with clock.frozen(at(late)):
        finish_checklist(found)
    with clock.frozen(at(late + timedelta(days=5))):  # the worker stood still meanwhile
        keep_calendar()
        assert (found.now().state, found.now().first_day) == (PlacementState.RUNNING, late)
        before, first = {FIRST: 480}, {late: 480}
        said = {"day_words": {}, "words": "", "version": 0, "reason": ""}
        with pytest.raises(Refused):
            found.act(found.student, hours.save_week, monday=date(2026, 8, 31), minutes=before, **said)
        found.act(found.student, hours.save_week, monday=date(2026, 9, 7), minutes=first, **said)


def test_what_was_ready_begins_on_its_day_however_late_the_worker_looks(app: Flask) -> None:
    found = case()
    agree(found)
    finish_checklist(found)
    found.at_item(found.officer, checklist.undo_item, "ip", side=Side.OFFICE)
    found.at_item(found.officer, checklist.waive_item, "ip", reason="募集の定めによる")
    with clock.frozen(at(FIRST + timedelta(days=4))):
        keep_calendar()
    assert found.now().first_day == FIRST


def test_a_waived_item_settles_the_checklist_on_that_day(app: Flask) -> None:
    found = ready()
    found.at_item(found.officer, checklist.undo_item, "ip", side=Side.OFFICE)
    with clock.frozen(at(FIRST + timedelta(days=2))):
        found.at_item(found.officer, checklist.waive_item, "ip", reason="募集の定めによる")
        start(found)
    assert found.now().first_day == FIRST + timedelta(days=2)


def test_a_student_is_no_intern_twice_on_one_day(app: Flask) -> None:
    one, other = _two_of_one_student()
    agree(one)
    with pytest.raises(Refused) as refused:
        other.act(other.admin, dates.propose_dates, starts_on=FIRST, ends_on=LAST, version=1)
    assert set(refused.value.messages) == {"starts_on"}  # type: ignore[attr-defined]
    one.act(one.officer, running.cancel_placement, reason="中止", version=one.now().version)
    agree(other)


def test_agreed_twice_at_once_one_wins(app: Flask) -> None:
    one, other = _two_of_one_student()
    for found in (one, other):
        found.act(found.admin, dates.propose_dates, starts_on=FIRST, ends_on=LAST, version=1)
    by, numbers = actor_of(one.student), (one.id, other.id)

    def agreeing(number: int) -> Callable[[], None]:
        def call() -> None:
            with transaction():
                placement = any_placement(number)
                dates.agree_dates(placement=placement, version=placement.version, by=by)

        return call

    answers = at_once(app, *(agreeing(number) for number in numbers))
    assert [answer is None for answer in answers].count(True) == 1
    assert sorted(len(found.now().agreed) for found in (one, other)) == [1, 2]


def _two_of_one_student() -> tuple[Case, Case]:
    """As two rounds of a year make them that do not follow one another."""
    one = case()
    other = case(officer=one.officer)
    with transaction() as session:
        session.get_one(Placement, other.id).student_id = one.student.id
    return one, Case(other.id, one.student, other.admin, other.officer)


def test_who_proposes_and_who_agrees_may_hold_the_same_placement(app: Flask) -> None:
    """Looking for the student's other internships leaves what is in memory whole: a story in one transaction goes on with it."""
    found = case()
    host, intern = actor_of(found.admin), actor_of(found.student)
    with transaction():
        placement = any_placement(found.id)
        dates.propose_dates(
            placement=placement, version=placement.version, starts_on=FIRST, ends_on=LAST, by=host
        )
        dates.agree_dates(placement=placement, version=placement.version, by=intern)
    assert found.now().agreed == {Side.STUDENT, Side.COMPANY}
