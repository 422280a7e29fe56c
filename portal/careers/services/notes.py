"""Career support writes notes on a student; what is wrong is put right by another note."""

from __future__ import annotations

from sqlalchemy import select

from portal.accounts.models import Person
from portal.audit.services import record
from portal.careers.models import CareerNote
from portal.careers.policy import may_read_notes
from portal.core import clock
from portal.core.access import Actor
from portal.core.conditional import add_or_find
from portal.core.db import db
from portal.core.errors import NotFound, Refused
from portal.core.i18n import _l


def add_note(*, student_id: int, words: str, corrects_id: int | None, once: str, by: Actor) -> CareerNote:
    """Write it down for good. The same `once` gives the first result. The trail says that a note was written, not what.

    Raises NotFound for everybody else and for a note of another student, Refused at `words`.
    """
    if not may_read_notes(by):
        raise NotFound
    if not words.strip():
        raise Refused(_l("Please fill in this field."), field="words")
    if corrects_id is not None and not _is_of(corrects_id, student_id):
        raise NotFound
    made = CareerNote(
        student_id=student_id, author_id=by.id, written_at=clock.now(), words=words, corrects_id=corrects_id, once_key=once
    )  # fmt: skip
    kept, is_ours = add_or_find(made, lambda: _written_with(once))
    if kept.student_id != student_id or kept.author_id != by.id:
        raise NotFound
    if is_ours:
        record(verb="career_note.written", subject=db.session.get_one(Person, student_id), by=by)
    return kept


def _is_of(note_id: int, student_id: int) -> bool:
    mine = (CareerNote.id == note_id, CareerNote.student_id == student_id)
    return db.session.scalars(select(CareerNote.id).where(*mine)).one_or_none() is not None


def _written_with(once: str) -> CareerNote | None:
    return db.session.scalars(select(CareerNote).where(CareerNote.once_key == once)).one_or_none()
