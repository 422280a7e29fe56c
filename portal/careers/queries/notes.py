"""Notes on a student's career, for career support alone."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select

from portal.accounts.models import Person
from portal.careers.models import CareerNote
from portal.careers.policy import may_read_notes
from portal.core.access import Actor
from portal.core.db import db
from portal.core.errors import NotFound

MOST_NOTES = 500


@dataclass(frozen=True, slots=True)
class Note:
    """One note; `corrects_id` names the one that it corrects."""

    id: int
    author: str
    written_at: datetime
    words: str
    corrects_id: int | None


def notes_of(person: Actor, student_id: int) -> Sequence[Note]:
    """All notes on a student, the latest first; raises NotFound for whoever may not read them."""
    if not may_read_notes(person):
        raise NotFound
    statement = (
        select(CareerNote.id, Person.name, CareerNote.written_at, CareerNote.words, CareerNote.corrects_id)
        .join(Person, Person.id == CareerNote.author_id)
        .where(CareerNote.student_id == student_id)
        .order_by(CareerNote.id.desc())
        .limit(MOST_NOTES)
    )
    return [Note(*row) for row in db.session.execute(statement)]
