"""By when an invitation is answered: before the last time that there is to choose, and longer once there are later ones."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest

from portal.core import clock
from portal.core.db import db
from portal.core.transaction import rollback
from portal.domain.internships.interview_flow import InterviewState
from portal.internships.models import Interview
from portal.internships.services.interviews import answering
from tests.support import interviews as talks

pytestmark = pytest.mark.database
NOW, HOUR = talks.NOW, timedelta(hours=1)


def due(number: int) -> datetime:
    rollback()
    return db.session.get_one(Interview, number).answer_by


def test_nobody_has_longer_to_answer_than_there_are_times() -> None:
    with clock.frozen(NOW):
        here, (who, other) = talks.applied(2)
        talks.offer(here, NOW + 24 * HOUR)
        number = talks.invite(here, who)
        assert due(number) == NOW + 24 * HOUR
        (later,) = talks.offer(here, NOW + 48 * HOUR)
        assert due(number) == NOW + 48 * HOUR, "a later time is there to choose"
        talks.offer(here, NOW + timedelta(days=20))
        whole = due(number)
        assert NOW + timedelta(days=4) < whole < NOW + timedelta(days=6), (
            "the five days that were given, and no more"
        )
        talks.offer(here, NOW + 12 * HOUR)
        assert due(number) == whole
        second = talks.invite(here, other, days=3)
        assert due(second) < whole
        talks.agree(other, second, later)
    with clock.frozen(whole):
        answering.expire_interviews()
        assert talks.state(number) is InterviewState.EXPIRED


def test_a_time_that_is_moved_gives_longer_too() -> None:
    with clock.frozen(NOW):
        here, (who,) = talks.applied(1)
        (slot,) = talks.offer(here, NOW + 24 * HOUR)
        number = talks.invite(here, who)
        talks.change(here, slot, NOW + 36 * HOUR)
        assert due(number) == NOW + 36 * HOUR
        talks.change(here, slot, NOW + 30 * HOUR)
        assert due(number) == NOW + 36 * HOUR, "what was promised stays"
