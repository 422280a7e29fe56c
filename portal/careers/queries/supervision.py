"""Who supervises whom."""

from __future__ import annotations

from collections.abc import Collection, Sequence

from sqlalchemy import or_, select

from portal.careers.models import Supervision
from portal.core.access import Actor
from portal.core.db import db
from portal.domain.email_keys import email_key

MOST_STUDENTS = 200


def supervision_of(student_id: int) -> Supervision | None:
    """The student's supervisor of today."""
    return supervisions_of([student_id]).get(student_id)


def supervisions_of(student_ids: Collection[int]) -> dict[int, Supervision]:
    """The supervisors of today by student; one statement."""
    if not student_ids:
        return {}
    standing = (Supervision.student_id.in_(student_ids), Supervision.ended_at.is_(None))
    return {each.student_id: each for each in db.session.scalars(select(Supervision).where(*standing))}


def students_of(who: str | Actor) -> Sequence[Supervision]:
    """Whom somebody supervises today: by the key of an address, or by the person, whose address counts too."""
    if isinstance(who, Actor):
        theirs = or_(Supervision.person_id == who.id, Supervision.email_key == (email_key(who.email) or ""))
    else:
        theirs = Supervision.email_key == who
    statement = select(Supervision).where(theirs, Supervision.ended_at.is_(None)).order_by(Supervision.id)
    return db.session.scalars(statement.limit(MOST_STUDENTS)).all()
