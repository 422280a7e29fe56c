"""What waits for the office in internships, and for students and companies on their homes."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from flask import Flask

from portal.core import clock
from portal.core.transaction import rollback
from portal.home.duties.placements import placement_tasks
from portal.placements.queries.waiting import placements_waiting
from portal.placements.services import checks, running
from tests.placements.test_certificates import evaluated, issue
from tests.placements.test_evaluations import ANSWER, ended
from tests.placements.test_pages import reader_of
from tests.placements.test_preparing import at, start
from tests.support.people import actor_of
from tests.support.placements import FIRST, LAST, agree, case, ready, settle_hours

pytestmark = pytest.mark.database


def waiting() -> int:
    rollback()
    return placements_waiting()[0]


def test_late_items_and_endings_need_the_office(app: Flask) -> None:
    found = case()
    assert waiting() == 0
    with clock.frozen(at(found.item("ip").due_on + timedelta(days=1))):
        assert waiting() == 1
    found.act(found.student, running.ask_ending, reason="研究の都合")
    assert waiting() == 1
    found.act(found.officer, running.cancel_placement, reason="中止", version=found.now().version)
    assert waiting() == 0


def test_a_concern_needs_the_office_until_it_is_followed_up(app: Flask) -> None:
    found = ready()
    with clock.frozen(at(FIRST)):
        start(found)
    with clock.frozen(at(date(2026, 10, 11))):  # a Sunday: the week that it ends may be confirmed
        settle_hours(found)
        assert waiting() == 0
        concern = ANSWER | {"has_concern": True, "concern": "相談"}
        check = found.act(found.student, checks.answer_check, **concern)
        assert waiting() == 1
        found.act(found.officer, checks.follow_concern, check=check, words="面談")
        assert waiting() == 0


def test_papers_to_issue_and_evaluations_that_are_late(app: Flask) -> None:
    late = ended()
    with clock.frozen(at(LAST + timedelta(days=1))):
        settle_hours(late)
    with clock.frozen(at(LAST + timedelta(days=28))):
        assert waiting() == 0
    with clock.frozen(at(LAST + timedelta(days=29))):
        assert waiting() == 1
    late.act(late.officer, running.close_placement, mover=running.Mover.OFFICE, reason="評価者不在")
    found = evaluated()
    assert waiting() == 1
    issue(found)
    assert waiting() == 0


def test_the_office_finds_what_waits(app: Flask) -> None:
    found, other = case(), case()
    office = reader_of(found.officer)
    assert "インターンシップ1件" not in office.get("/staff").text
    found.act(found.student, running.ask_ending, reason="研究の都合")
    home = office.get("/staff")
    assert "支援室の対応を待つインターンシップ1件" in home.text
    listed = office.get("/staff/placements?state=waiting")
    assert found.student.name in listed.text
    assert other.student.name not in listed.text


def test_each_side_reads_its_next_step(app: Flask) -> None:
    found = case()
    company = found.now().organisation_id
    mine = placement_tasks(actor_of(found.student))
    theirs = placement_tasks(actor_of(found.admin), company)
    assert [len(mine), len(theirs)] == [1, 1]
    assert placement_tasks(actor_of(found.admin), company + 999) == []
    assert placement_tasks(actor_of(found.admin)) == []
    agree(found)
    assert placement_tasks(actor_of(found.student))[0].due == found.item("insurance").due_on
