"""Rounds: the timetable is in order, what is over stays, the lottery is committed to from the beginning."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta

import pytest
from sqlalchemy import select, text

from portal.core import clock
from portal.core.db import db
from portal.core.errors import OutOfDate, Refused
from portal.core.transaction import rollback
from portal.domain.internships.timetable import Stage, Timetable
from portal.internships.models import InternshipRound
from portal.internships.services.rounds import cancel_round, move_timetable
from portal.notifications.models import Message
from tests.support import internships as given
from tests.support.people import staff

pytestmark = pytest.mark.database


def move(round_id: int, times: Timetable, by: object) -> bool:
    with given.acting(by) as by:
        return move_timetable(season=db.session.get_one(InternshipRound, round_id), timetable=times, by=by)  # type: ignore[arg-type]


def now(round_id: int) -> InternshipRound:
    rollback()
    return db.session.get_one(InternshipRound, round_id)


def test_the_lottery_is_committed_to_and_its_secret_is_sealed() -> None:
    season = now(given.plan(given.officer()))
    assert season.commitment == hashlib.sha256(bytes.fromhex(season.secret)).hexdigest()
    (stored,) = db.session.execute(
        text("SELECT secret FROM internship_rounds")
    ).scalars()  # as it stands in a backup
    assert season.secret not in stored


def test_two_rounds_draw_with_two_secrets() -> None:
    office = given.officer()
    assert now(given.plan(office)).secret != now(given.plan(office)).secret


def test_steps_lie_in_order_and_ahead() -> None:
    office = given.officer()
    with pytest.raises(Refused) as refused:
        given.plan(office, times=replace(given.TIMES, ranking_at=given.TIMES.interviews_at))
    assert refused.value.field == "ranking_at"
    with clock.frozen(given.TIMES.locks_at), pytest.raises(Refused) as refused:
        given.plan(office)
    assert refused.value.field == "interviews_at"


def test_only_career_support_and_administrators_plan() -> None:
    with pytest.raises(Refused):
        given.plan(staff())


def test_what_is_over_is_not_moved_and_locked_lists_stay_locked() -> None:
    office = given.officer()
    round_id = given.plan(office)
    later = replace(given.TIMES, locks_at=given.TIMES.locks_at + timedelta(days=2))
    assert move(round_id, later, office) is True
    assert move(round_id, later, office) is False
    with clock.frozen(later.locks_at):
        with pytest.raises(Refused) as refused:
            move(round_id, given.TIMES, office)
        assert refused.value.field == "locks_at"
        assert now(round_id).stage is Stage.LOCKED
        assert move(round_id, replace(later, publishes_at=later.publishes_at + timedelta(hours=1)), office)


def test_a_result_that_is_late_gets_another_minute() -> None:
    """No result was chosen in time: the round stays locked, and its minute can still be set."""
    office = given.officer()
    round_id = given.plan(office)
    with clock.frozen(given.TIMES.publishes_at + timedelta(days=1)):
        assert now(round_id).stage is Stage.LOCKED
        assert move(
            round_id, replace(given.TIMES, publishes_at=given.TIMES.publishes_at + timedelta(days=2)), office
        )


def test_a_round_called_off_tells_the_hosts_once(run_jobs: Callable[[], int]) -> None:
    office, admin, other = given.officer(), given.host(), given.host()
    round_id = given.plan(office)
    given.write(admin, round_id)

    def cancel(reason: str) -> None:
        with given.acting(office) as by:
            cancel_round(season=db.session.get_one(InternshipRound, round_id), reason=reason, by=by)

    with pytest.raises(Refused) as refused:
        cancel("")
    assert refused.value.field == "reason"
    cancel("参加企業が少ないため")
    with pytest.raises(OutOfDate):
        cancel("again")
    run_jobs()
    run_jobs()
    told = db.session.scalars(select(Message).where(Message.event == "internships/round_cancelled")).all()
    assert [message.address for message in told] == [admin.email]
    assert "参加企業が少ないため" in told[0].text
    assert other.email not in {message.address for message in told}
    assert now(round_id).stage is Stage.CANCELLED
