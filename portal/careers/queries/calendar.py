"""When a student is taken, for every room that gives appointments: nobody is in two places."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import select

from portal.careers import signals
from portal.careers.models import Consultation, ConsultationSlot
from portal.core.db import db

Taken = tuple[datetime, datetime]


def appointments_of(student_id: int, *, but: int = 0) -> list[Taken]:
    """Booked talks with the office, and what the floors above know: agreed interviews (`but` the one of this number)."""
    talks = (
        select(ConsultationSlot.starts_at, ConsultationSlot.ends_at)
        .join(Consultation, Consultation.slot_id == ConsultationSlot.id)
        .where(Consultation.student_id == student_id, Consultation.cancelled_at.is_(None))
    )
    others = signals.calendar_asked.send(student_id, but=but)
    return [
        *((row[0], row[1]) for row in db.session.execute(talks)),
        *(taken for _room, told in others for taken in told),
    ]


def is_busy(student_id: int, start: datetime, end: datetime, *, but: int = 0) -> bool:
    """Whether the student has an appointment of any kind in this span."""
    return any(start < until and begin < end for begin, until in appointments_of(student_id, but=but))
