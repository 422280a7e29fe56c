"""Which placements need the office: something was asked of it, worries somebody, is to be issued, or is late on another side."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from sqlalchemy import ColumnElement, Date, and_, bindparam, exists, func, or_, select

from portal.core import clock
from portal.core.db import ask, written
from portal.domain.placements.periods import EVALUATE_WITHIN
from portal.domain.placements.placement_flow import PlacementState
from portal.placements.models import (
    CertificateVoid,
    Placement,
    PlacementCertificate,
    PlacementCheck,
    PlacementItem,
)
from portal.placements.queries.certificates import KINDS

_mine = Placement.__table__.c


def needs_office() -> ColumnElement[bool]:
    """The condition, with `today` and `evaluated_by` (the last day whose time to evaluate is over) to be given."""
    alive = _is(*(state for state in PlacementState if state is not PlacementState.CANCELLED))
    return and_(alive, or_(_ending_asked(), _concern(), _papers_missing(), _items_late(), _evaluation_late()))


def days_of_waiting() -> dict[str, date]:
    """What the condition asks for, as of today."""
    today = clock.today()
    return {"today": today, "evaluated_by": today - EVALUATE_WITHIN}


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


def _evaluation_late() -> ColumnElement[bool]:
    last_day = func.coalesce(_mine.last_on, _mine.ends_on)
    return and_(_is(PlacementState.ENDED), last_day < _given("evaluated_by"))


def _given(name: str) -> Any:
    return bindparam(name, type_=Date)


_WAITING = select(func.count(), func.min(_mine.moved_at)).where(needs_office())
