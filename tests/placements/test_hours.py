"""Hours of work: entered by the student, confirmed by the company as it saw them, corrected with a trail."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import func, select

from portal.audit.models import AuditEntry
from portal.core import clock
from portal.core.db import db
from portal.core.errors import OutOfDate, Refused
from portal.core.transaction import rollback, transaction
from portal.domain.placements.hours import WeekState
from portal.placements.models import PlacementDay, PlacementWeek
from portal.placements.queries.hours import week_of, weeks_of
from portal.placements.queries.placements import any_placement
from portal.placements.services import hours, running
from tests.placements.test_pages import reader_of
from tests.placements.test_preparing import at, start
from tests.support.people import actor_of, browser_of
from tests.support.placements import FIRST, Case, ready
from tests.support.races import at_once

pytestmark = pytest.mark.database
MONDAY = date(2026, 9, 7)
SUNDAY = MONDAY + timedelta(days=6)


@pytest.fixture
def found(app: Flask) -> Case:
    case = ready()
    with clock.frozen(at(FIRST)):
        start(case)
    return case


def enter(
    found: Case, minutes: list[int | None], version: int = 0, reason: str = "", monday: date = MONDAY
) -> PlacementWeek:
    days = {monday + timedelta(days=n): each for n, each in enumerate(minutes)}
    return found.act(
        found.student, hours.save_week, monday=monday, minutes=days, day_words={}, words="解析", version=version, reason=reason
    )  # fmt: skip


def decide(found: Case, verb: Any, version: int, **more: Any) -> None:
    found.act(found.admin, verb, week=the_week(), version=version, **more)


def the_week() -> PlacementWeek:
    return db.session.scalars(select(PlacementWeek).where(PlacementWeek.monday == MONDAY)).one()


def total() -> int:
    rollback()
    return db.session.scalar(select(func.coalesce(func.sum(PlacementDay.minutes), 0))) or 0


def test_a_week_is_entered_confirmed_and_corrected_with_a_trail(found: Case) -> None:
    with clock.frozen(at(SUNDAY)):
        enter(found, [480, 450, 0, 465])
        assert total() == 1395
        decide(found, hours.confirm_week, 1)
        with pytest.raises(Refused) as refused:
            enter(found, [480, 450, 60, 465], version=2)
        assert refused.value.field == "reason"
        enter(found, [480, 420, 60, 465], version=2, reason="休憩の記入もれ")
    rollback()
    week = the_week()
    assert (week.state, week.decided_at, total()) == (WeekState.ENTERED, None, 1425)
    (note,) = db.session.scalars(
        select(AuditEntry.note).where(AuditEntry.verb == "placement.hours_corrected")
    )
    assert note == "2026-09-08: 7:30 → 7:00\n2026-09-09: 0:00 → 1:00\n休憩の記入もれ"


@pytest.mark.parametrize(
    ("minutes", "field"),
    [([1441], "hours_0"), ([0, None], "hours_1"), ([0, 0, 60], "hours_2")],
)
def test_what_cannot_be_is_refused_at_its_day(found: Case, minutes: list[int | None], field: str) -> None:
    with clock.frozen(at(MONDAY + timedelta(days=1))), pytest.raises(Refused) as refused:
        enter(found, minutes)
    assert list(refused.value.messages) == [field]  # type: ignore[attr-defined]
    assert total() == 0


def test_days_before_the_first_are_refused(found: Case) -> None:
    with clock.frozen(at(SUNDAY)):
        with pytest.raises(Refused):
            enter(found, [60, 60], monday=date(2026, 8, 31))  # Monday lies before the first day
        enter(found, [0, 60], monday=date(2026, 8, 31))


def test_the_company_confirms_what_it_saw(found: Case) -> None:
    with clock.frozen(at(SUNDAY)):
        enter(found, [480])
        enter(found, [540], version=1)
        with pytest.raises(OutOfDate):
            decide(found, hours.confirm_week, 1)
        with pytest.raises(OutOfDate):
            enter(found, [600], version=1)  # an old page of the student
        with pytest.raises(OutOfDate):
            enter(found, [600])  # begun on another page
        decide(found, hours.return_week, 2, remark="木曜の分が抜けています")
        with pytest.raises(OutOfDate):
            decide(found, hours.confirm_week, 3)
    assert total() == 540


def test_a_week_is_confirmed_when_it_is_over(found: Case) -> None:
    with clock.frozen(at(MONDAY)):
        enter(found, [480])
        with pytest.raises(Refused):
            decide(found, hours.confirm_week, 1)


def test_nobody_else_enters_or_confirms(found: Case) -> None:
    with clock.frozen(at(SUNDAY)):
        with pytest.raises(Refused):
            found.act(
                found.admin, hours.save_week, monday=MONDAY, minutes={MONDAY: 60}, day_words={}, words="", version=0, reason=""
            )  # fmt: skip
        enter(found, [480])
        for who in (found.student, found.officer):
            with pytest.raises(Refused):
                found.act(who, hours.confirm_week, week=the_week(), version=1)


def test_corrected_and_confirmed_at_once_one_wins(found: Case) -> None:
    with clock.frozen(at(SUNDAY)):
        enter(found, [480])
        company, intern, number, week_id = (
            actor_of(found.admin),
            actor_of(found.student),
            found.id,
            the_week().id,
        )

        def confirm() -> None:
            with transaction():
                hours.confirm_week(
                    placement=any_placement(number), week=week_of(week_id), version=1, by=company
                )

        def save() -> None:
            with transaction():
                hours.save_week(
                    placement=any_placement(number), monday=MONDAY, minutes={MONDAY: 60}, day_words={}, words="", version=1,
                    reason="", by=intern,
                )  # fmt: skip

        answers = at_once(found_app(), *([confirm, save] * 4))
    won = [place % 2 for place, answer in enumerate(answers) if answer is None]
    assert len(won) == 1
    rollback()
    assert the_week().state is (WeekState.ENTERED if won == [1] else WeekState.CONFIRMED)
    assert total() == (60 if won == [1] else 480)


def found_app() -> Flask:
    from flask import current_app

    return current_app._get_current_object()  # type: ignore[attr-defined, no-any-return]


def test_what_is_called_off_takes_no_hours(found: Case) -> None:
    with clock.frozen(at(SUNDAY)):
        found.act(found.officer, running.cancel_placement, reason="中止", version=found.now().version)
        with pytest.raises(OutOfDate):
            enter(found, [480])


@pytest.mark.parametrize("language", ["ja", "en"])
def test_the_pages(app: Flask, found: Case, language: str) -> None:
    with clock.frozen(at(SUNDAY)):
        intern, company = reader_of(found.student, language), reader_of(found.admin, language)
        page = intern.get(f"/placements/{found.id}/hours/edit?week={MONDAY}")
        wrong = intern.submit(page.form("/edit"), status=422, hours_0="7:75", hours_1="=1+1")
        assert len(wrong.errors) == 2
        kept = intern.submit(wrong.form("/edit"), hours_0="7:30", hours_1="８", words_1="=1+1")
        assert "15:30" in kept.text
        week_id, step = the_week().id, "内容を見て確認" if language == "ja" else "Look and confirm"
        table = company.get(f"/placements/{found.id}/hours")
        assert f'href="/placements/weeks/{week_id}"><span>{step}' in table.source
        assert step not in intern.get(f"/placements/{found.id}/hours").text
        seen = company.get(f"/placements/weeks/{week_id}")
        company.submit(seen.form("/return"), status=422)
        company.submit(seen.form("/return"), remark="火曜は7時間です")
        company.submit(seen.form("/confirm"), status=409)
        again = intern.get(f"/placements/{found.id}/hours/edit?week={MONDAY}")
        assert "火曜は7時間です" in again.text
        intern.submit(again.form("/edit"), hours_1="7")
        company.submit(company.get(f"/placements/weeks/{week_id}").form("/confirm"))
        assert step not in company.get(f"/placements/{found.id}/hours").text
        reader_of(found.officer, language).get(f"/staff/placements/weeks/{week_id}")
        reader_of(found.officer, language).get(f"/staff/placements/{found.id}/hours")
        browser = browser_of(app, found.student)
        saved = intern.get(f"/placements/{found.id}/hours").form("/save")
        text = intern.client.post(saved.action, data=saved.values()).get_data(as_text=True)
        assert "2026-09-07,450," in text
        assert "'=1+1" in text
        for wrong_week in ("x", "2026-08-30", "2030-01-01", "0000-00-00"):
            answer = browser.get(f"/placements/{found.id}/hours/edit?week={wrong_week}")
            assert answer.status_code == 404
    assert [week.monday for week in weeks_of(found.now())] != []
