"""Placements of a published result: each once, with its checklist; both sides hear of it."""

from __future__ import annotations

import pytest
from flask import Flask
from sqlalchemy import func, select

from portal.core import clock
from portal.core.db import db
from portal.core.transaction import rollback, transaction
from portal.domain.placements.checklist import ItemKind
from portal.domain.placements.placement_flow import PlacementState
from portal.internships.models import InternshipRound
from portal.matching import signals
from portal.matching.models import MatchAttempt, MatchOutcome
from portal.notifications.models import Message
from portal.placements.models import Placement
from portal.placements.services.making import make_placement
from tests.support import internships as given
from tests.support.academics import student
from tests.support.people import actor_of
from tests.support.placements import case
from tests.support.races import at_once

pytestmark = pytest.mark.database


def published(count: int) -> int:
    """A round whose result places `count` students in one posting, and one nowhere; its number."""
    officer, admin = given.officer(), given.host()
    round_id = given.plan(officer, times=given.ahead())
    posting_id, by = given.write(admin, round_id), actor_of(officer)
    people = [student() for _ in range(count + 1)]
    with transaction() as session:
        attempt = MatchAttempt(
            round_id=round_id, once_key="a", name="a", created_at=clock.now(), created_by_id=by.id
        )
        session.add(attempt)
        session.flush()
        for place, person in enumerate(people):
            where = posting_id if place < count else None
            session.add(
                MatchOutcome(
                    round_id=round_id, attempt_id=attempt.id, student_id=person.id, posting_id=where, explanation=[]
                )
            )  # fmt: skip
    return round_id


def publish(round_id: int) -> None:
    with transaction() as session:
        signals.result_published.send(session.get_one(InternshipRound, round_id))


def test_a_result_makes_placements_once(app: Flask, run_jobs) -> None:
    round_id = published(3)
    publish(round_id)
    publish(round_id)
    run_jobs()
    rollback()
    found = db.session.scalars(select(Placement)).all()
    assert [each.state for each in found] == [PlacementState.PREPARING] * 3
    mails = db.session.scalar(select(func.count()).where(Message.event == "placements/made"))
    assert mails == 6  # student and mentor of each


def test_the_checklist_is_what_the_posting_asks_for(app: Flask) -> None:
    plain = case()
    assert not plain.item(ItemKind.DATA_TRANSFER).is_needed
    assert plain.item(ItemKind.NDA).is_needed
    data = case(plain.admin, data_agreements=["transfer"], data_used="診療データ", has_export_control=True)
    assert data.item(ItemKind.DATA_TRANSFER).is_needed
    assert data.item(ItemKind.EXPORT_CONTROL).is_needed


def test_of_two_news_of_one_offer_one_placement_comes(app: Flask) -> None:
    admin, officer, student_id = given.host(), given.officer(), student().id
    posting_id = given.write(admin, given.plan(officer, times=given.ahead()))

    def make() -> bool:
        with transaction():
            return make_placement(posting_id=posting_id, student_id=student_id)

    got = at_once(app, make, make, make, make)
    assert sorted(map(str, got)) == ["False", "False", "False", "True"]
    assert db.session.scalar(select(func.count(Placement.id))) == 1
