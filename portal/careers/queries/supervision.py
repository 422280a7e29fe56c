"""Who supervises whom."""

from __future__ import annotations

from collections.abc import Collection, Sequence

from sqlalchemy import ColumnElement, Select, or_, select

from portal.accounts.models import Person
from portal.accounts.queries import recipient_for
from portal.careers.models import Supervision
from portal.core.access import Actor
from portal.core.db import db
from portal.domain.email_keys import email_key
from portal.notifications.services import Recipient

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
    theirs = _of(who) if isinstance(who, Actor) else Supervision.email_key == who
    statement = select(Supervision).where(theirs, Supervision.ended_at.is_(None)).order_by(Supervision.id)
    return db.session.scalars(statement.limit(MOST_STUDENTS)).all()


def supervised_by(person: Actor) -> Select[int]:
    """SQL: numbers of the students whom the person supervises today."""
    return select(Supervision.student_id).where(Supervision.ended_at.is_(None), _of(person))


def recipient_of(supervision: Supervision) -> Recipient:
    """The supervisor as a reader of mails, with or without an account."""
    person = db.session.get(Person, supervision.person_id) if supervision.person_id else None
    return recipient_for(person) if person else Recipient(email=supervision.email, name=supervision.name)


def _of(person: Actor) -> ColumnElement[bool]:
    return or_(Supervision.person_id == person.id, Supervision.email_key == (email_key(person.email) or ""))
