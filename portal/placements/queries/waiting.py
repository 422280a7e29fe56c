"""Which placements need the office: something was asked of it, worries somebody, is to be issued, or is late on another side."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta
from typing import Any

from sqlalchemy import ColumnElement, Date, and_, bindparam, case, exists, func, literal, or_, select

from portal.core import clock
from portal.core.db import Moment, ask, written
from portal.core.sql import days_between
from portal.domain.placements.duties import AGREE_WITHIN, CONFIRM_WITHIN, ENTER_WITHIN, PARTNERS
from portal.domain.placements.hours import WeekState
from portal.domain.placements.periods import CHECK_WITHIN, EVALUATE_WITHIN, LEAST_DAYS, monday_of
from portal.domain.placements.placement_flow import PlacementState
from portal.placements.models import (
    CertificateVoid,
    Placement,
    PlacementCertificate,
    PlacementCheck,
    PlacementItem,
    PlacementWeek,
)
from portal.placements.queries.certificates import KINDS

_mine = Placement.__table__.c
_FIRST_DAY = func.coalesce(_mine.started_on, _mine.starts_on)
_LAST_DAY = func.coalesce(_mine.last_on, _mine.ends_on)
_SOME_MONDAY = date(2001, 1, 1)  # before any internship
WEEK, SUNDAY = timedelta(days=7), timedelta(days=6)


def needs_office() -> ColumnElement[bool]:
    """The condition, with the days of `days_of_waiting` to be given: `domain.placements.duties.for_office` in SQL."""
    alive = _is(*(state for state in PlacementState if state is not PlacementState.CANCELLED))
    late = (_period_late(), _items_late(), _check_late(), _hours_missing(), _hours_open(), _evaluation_late())
    return and_(alive, or_(_ending_asked(), _concern(), _papers_missing(), *late))


def days_of_waiting() -> dict[str, Any]:
    """What the condition asks for, as of today: the last days on which something has to have been there not to be late now."""
    today = clock.today()
    return {
        "today": today,
        "evaluated_by": today - EVALUATE_WITHIN,
        "made_by": datetime.combine(today - AGREE_WITHIN, time(), clock.OFFICE_ZONE),
        "ends_from": today + timedelta(days=LEAST_DAYS - 1),
        "entered_by": monday_of(today - ENTER_WITHIN - WEEK) + SUNDAY,
        "confirmed_by": today - CONFIRM_WITHIN - WEEK,
    }


def placements_waiting() -> tuple[int, datetime | None]:
    """How many need the office, and since when the longest stands where it stands."""
    ((count, since),) = ask(_WAITING, **days_of_waiting())
    return count, since


def _is(*states: PlacementState) -> ColumnElement[bool]:
    return _mine.state.in_(written(*states))


def _ending_asked() -> ColumnElement[bool]:
    return and_(_mine.ending_asked_at.is_not(None), _is(PlacementState.PREPARING, PlacementState.RUNNING))


def _concern() -> ColumnElement[bool]:
    check = PlacementCheck.__table__.c
    return exists().where(check.placement_id == _mine.id, check.has_concern, check.followed_at.is_(None))


def _papers_missing() -> ColumnElement[bool]:
    paper = PlacementCertificate.__table__.c
    void = select(CertificateVoid.certificate_id)

    def holds(kind: Any) -> ColumnElement[bool]:
        return exists().where(paper.placement_id == _mine.id, paper.kind == kind, paper.id.not_in(void))

    return and_(_is(PlacementState.EVALUATED), or_(*(~holds(kind) for kind in KINDS)))


def _items_late() -> ColumnElement[bool]:
    item = PlacementItem.__table__.c
    late = (
        item.placement_id == _mine.id,
        item.is_needed,
        item.done_at.is_(None),
        item.due_on < _given("today"),
    )
    return and_(_is(PlacementState.PREPARING), exists().where(*late))


def _period_late() -> ColumnElement[bool]:
    """Nobody has agreed in time, or the days can no longer be kept."""
    agreed = and_(_mine.student_agreed_at.is_not(None), _mine.company_agreed_at.is_not(None))
    too_late = _mine.ends_on < _given("ends_from")
    never = and_(~agreed, _mine.created_at < _given("made_by", Moment))
    return and_(_is(PlacementState.PREPARING), or_(never, too_late))


def _check_late() -> ColumnElement[bool]:
    check = PlacementCheck.__table__.c
    answered = select(func.count()).where(check.placement_id == _mine.id).scalar_subquery()
    half = days_between(_FIRST_DAY, _LAST_DAY) // 2
    over = days_between(_FIRST_DAY, _given("today")) > half + CHECK_WITHIN.days
    return and_(_is(PlacementState.RUNNING), over, answered < len(PARTNERS))


def _hours_missing() -> ColumnElement[bool]:
    """Fewer weeks are entered than have to be."""
    week = PlacementWeek.__table__.c
    until = case((_given("entered_by") > _LAST_DAY, _LAST_DAY), else_=_given("entered_by"))
    entered = (
        select(func.count()).where(week.placement_id == _mine.id, week.monday <= until).scalar_subquery()
    )
    needed = _number_of_week(until) - _number_of_week(_FIRST_DAY) + 1
    return and_(_is(PlacementState.RUNNING, PlacementState.ENDED), entered < needed)


def _hours_open() -> ColumnElement[bool]:
    """A week is not confirmed, or not corrected, in time."""
    week = PlacementWeek.__table__.c
    open_week = (
        week.placement_id == _mine.id,
        week.state.in_(written(WeekState.ENTERED, WeekState.RETURNED)),
        week.monday <= _given("confirmed_by"),
        week.monday <= _LAST_DAY,
    )
    return and_(_is(PlacementState.RUNNING, PlacementState.ENDED), exists().where(*open_week))


def _evaluation_late() -> ColumnElement[bool]:
    return and_(_is(PlacementState.ENDED), _given("evaluated_by") > _LAST_DAY)


def _number_of_week(day: Any) -> Any:
    return days_between(literal(_SOME_MONDAY, Date), day) // 7


def _given(name: str, kind: Any = Date) -> Any:
    return bindparam(name, type_=kind)


_WAITING = select(func.count(), func.min(_mine.moved_at)).where(needs_office())
