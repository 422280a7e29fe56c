"""What waits for the office is the same by the rule and by the database, on every day of an internship."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, timedelta

import pytest
from flask import Flask

from portal.core import clock
from portal.core.transaction import rollback
from portal.domain.placements.duties import for_office
from portal.domain.placements.placement_flow import Side
from portal.placements.queries.duties import duties_of
from portal.placements.queries.waiting import placements_waiting
from portal.placements.services import checklist, checks, hours
from portal.placements.services.calendar import keep_calendar
from tests.placements.test_evaluations import ANSWER, OF_HOST, OF_INTERN, send
from tests.placements.test_pages import reader_of
from tests.placements.test_preparing import at
from tests.support.placements import FIRST, LAST, Case, agree, case, finish_checklist

pytestmark = pytest.mark.database
MONDAY = date(2026, 9, 7)


def same_on(found: Case, days: Iterable[date]) -> list[date]:
    """The days on which the office is needed; rule and database have to agree on each."""
    needed = []
    for each in days:
        with clock.frozen(at(each)):
            rollback()
            ruled = bool(for_office(duties_of([found.now()])[found.id], each))
            assert (placements_waiting()[0] == 1) is ruled, each
            if ruled:
                needed.append(each)
    return needed


def every_day(first: date, last: date, step: int = 1) -> list[date]:
    return [first + timedelta(days=n) for n in range(0, (last - first).days + 1, step)]


def enter(found: Case, monday: date, first: date = FIRST) -> None:
    minutes: dict[date, int | None] = {max(monday, first): 480}
    found.act(
        found.student, hours.save_week, monday=monday, minutes=minutes, day_words={}, words="", version=0, reason=""
    )  # fmt: skip


def test_nobody_agrees_or_too_late(app: Flask) -> None:
    found = case()
    made = clock.day_of(found.now().created_at)
    late = made + timedelta(days=15)
    finish_checklist(found)
    assert same_on(found, every_day(made, late))[:1] == [late]
    agree(found)
    latest = LAST - timedelta(days=55)
    found.at_item(found.officer, checklist.undo_item, "nda", side=Side.OFFICE)
    assert latest + timedelta(days=1) in same_on(
        found, every_day(latest - timedelta(days=2), latest + timedelta(days=3))
    )


def test_hours_and_half_time_that_are_late_stand_with_the_office(app: Flask) -> None:
    found = case()
    agree(found)
    finish_checklist(found)
    with clock.frozen(at(FIRST)):
        keep_calendar()
    # The first week ends on 6 September and is due on the 13th.
    assert same_on(found, every_day(FIRST, date(2026, 9, 16)))[:1] == [date(2026, 9, 14)]
    with clock.frozen(at(date(2026, 9, 14))):
        enter(found, date(2026, 8, 31))
        enter(found, MONDAY)
    # Entered, and to be confirmed by the 20th; the next week has to be entered by the 27th.
    assert same_on(found, every_day(date(2026, 9, 14), date(2026, 9, 24)))[:1] == [date(2026, 9, 21)]
    same_on(found, every_day(date(2026, 9, 24), LAST, 3))


def test_the_office_reads_what_is_late_and_since_when(app: Flask) -> None:
    found = case()
    agree(found)
    finish_checklist(found)
    with clock.frozen(at(FIRST)):
        keep_calendar()
    with clock.frozen(at(date(2026, 11, 2))):
        office = reader_of(found.officer)
        listed = office.get("/staff/placements?state=waiting")
        assert "学生：中間確認に回答する" in listed.text
        assert "企業：中間確認に回答する" in listed.text
        shown = office.get(f"/staff/placements/{found.id}")
        assert "企業の対応が遅れています" in shown.text
        found.act(found.student, checks.answer_check, **ANSWER)
        found.act(found.admin, checks.answer_check, **ANSWER)
        assert "中間確認に回答する" not in office.get("/staff/placements?state=waiting").text


def test_after_the_end(app: Flask) -> None:
    found = case()
    agree(found)
    finish_checklist(found)
    with clock.frozen(at(FIRST)):
        keep_calendar()
    with clock.frozen(at(LAST + timedelta(days=1))):
        keep_calendar()
        same_on(found, every_day(LAST + timedelta(days=1), LAST + timedelta(days=40), 3))
    send(found, found.admin, OF_INTERN)
    send(found, found.student, OF_HOST)
    same_on(found, every_day(LAST + timedelta(days=1), LAST + timedelta(days=40), 9))
