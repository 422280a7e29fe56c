"""Times for consultations, and who took them."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from functools import cache
from typing import Any

from sqlalchemy import and_, bindparam, select
from sqlalchemy.orm import joinedload

from portal.accounts.models import Person
from portal.careers.models import Consultation, ConsultationSlot
from portal.careers.policy import may_support_careers
from portal.core import clock
from portal.core.access import Actor
from portal.core.db import ask, db
from portal.core.errors import NotFound
from portal.core.pages import Listing, Slice
from portal.domain.consultation_times import Span

AHEAD = timedelta(days=92)
MOST_FREE = 200
MOST_OF_ONE = 50
_slots, _taken, _people = ConsultationSlot.__table__.c, Consultation.__table__.c, Person.__table__.c
_HELD = and_(_taken.slot_id == _slots.id, _taken.cancelled_at.is_(None))
_FREE = (
    select(_slots.id, _slots.starts_at, _slots.ends_at, _slots.place, _slots.link, _people.name)
    .join_from(ConsultationSlot.__table__, Person.__table__, _people.id == _slots.officer_id)
    .outerjoin(Consultation.__table__, _HELD)
    .where(_slots.cancelled_at.is_(None), _taken.id.is_(None), _slots.starts_at > bindparam("now"))
    .where(_slots.starts_at < bindparam("until"))
    .order_by(_slots.starts_at, _slots.id)
    .limit(MOST_FREE)
)


def free_slots() -> Sequence[Any]:
    """Rows of id, start, end, place, link, officer: what can still be taken in the next three months, the earliest first."""
    now = clock.now()
    return ask(_FREE, now=now, until=now + AHEAD)


def consultations_of(student_id: int) -> Sequence[Consultation]:
    """A student's consultations with their slots, the latest first; cancelled ones too."""
    mine = (
        select(Consultation)
        .where(Consultation.student_id == student_id)
        .options(joinedload(Consultation.slot))
    )
    return db.session.scalars(mine.order_by(Consultation.id.desc()).limit(MOST_OF_ONE)).all()


def next_consultation(student_id: int) -> Consultation | None:
    """The one that lies ahead; a student holds one at a time."""
    found = (
        select(Consultation)
        .join(ConsultationSlot, ConsultationSlot.id == Consultation.slot_id)
        .where(
            Consultation.student_id == student_id, Consultation.cancelled_at.is_(None),
            ConsultationSlot.ends_at > clock.now(),
        )
        .options(joinedload(Consultation.slot))
        .order_by(ConsultationSlot.starts_at)
    )  # fmt: skip
    return db.session.scalars(found.limit(1)).one_or_none()


def own_consultation(person: Actor, consultation_id: int) -> Consultation:
    """A student's own; raises NotFound."""
    mine = (Consultation.id == consultation_id, Consultation.student_id == person.id)
    found = db.session.scalars(
        select(Consultation).where(*mine).options(joinedload(Consultation.slot))
    ).one_or_none()
    if found is None:
        raise NotFound
    return found


def slot_for_student(slot_id: int) -> ConsultationSlot:
    """A slot that lies ahead, taken or not; raises NotFound."""
    found = db.session.get(ConsultationSlot, slot_id)
    if found is None or found.cancelled_at is not None or found.starts_at <= clock.now():
        raise NotFound
    return found


def slot_for_office(person: Actor, slot_id: int) -> ConsultationSlot:
    """Any slot; raises NotFound."""
    found = db.session.get(ConsultationSlot, slot_id) if may_support_careers(person) else None
    if found is None:
        raise NotFound
    return found


def holder_of(slot_id: int) -> Consultation | None:
    """Who has taken the slot."""
    held = (Consultation.slot_id == slot_id, Consultation.cancelled_at.is_(None))
    return db.session.scalars(
        select(Consultation).where(*held).options(joinedload(Consultation.slot))
    ).one_or_none()


def list_slots(person: Actor, *, officer_id: int | None, is_past: bool, cursor: str | None) -> Slice[Any]:
    """Rows of id, start, end, place, link, officer, student or None, moment of cancelling or None, for the office.

    What lies ahead comes the earliest first, what is past the latest first.
    """
    if not may_support_careers(person):
        raise NotFound
    typed: dict[str, Any] = {"now": clock.now()}
    if officer_id is not None:
        typed["officer"] = officer_id
    return _listing(officer_id is not None, is_past).slice(cursor, **typed)


@cache
def _listing(is_mine: bool, is_past: bool) -> Listing:
    students = Person.__table__.alias("students")
    statement = (
        select(
            _slots.id, _slots.starts_at, _slots.ends_at, _slots.place, _slots.link, _people.name,
            students.c.name.label("student"), _slots.cancelled_at,
        )
        .join_from(ConsultationSlot.__table__, Person.__table__, _people.id == _slots.officer_id)
        .outerjoin(Consultation.__table__, _HELD)
        .outerjoin(students, students.c.id == _taken.student_id)
    )  # fmt: skip
    now: Any = bindparam("now")
    statement = statement.where(
        _slots.ends_at <= now if is_past else and_(_slots.ends_at > now, _slots.cancelled_at.is_(None))
    )
    if is_mine:
        statement = statement.where(_slots.officer_id == bindparam("officer"))
    return Listing(statement, (_slots.starts_at, is_past), (_slots.id, is_past))


def spans_of(officer_id: int, first: datetime, last: datetime) -> list[Span]:
    """What an officer offers between two moments."""
    theirs = (_slots.officer_id == officer_id, _slots.cancelled_at.is_(None))
    between = (_slots.ends_at > first, _slots.starts_at < last)
    rows = db.session.execute(select(_slots.starts_at, _slots.ends_at).where(*theirs, *between))
    return [Span(row.starts_at, row.ends_at) for row in rows]
