"""Notes of the career-support office on a student's career."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import ForeignKey, Index, String
from sqlalchemy.orm import Mapped, mapped_column

from portal.core.db import Base, BigKey, intpk
from portal.core.sealing import SealedDocument


class CareerNote(Base):
    """What career support writes down about a student; sealed, never changed. A correction is a note of its own.

    No trigger freezes the rows: a changed secret key seals them anew.
    """

    __tablename__ = "career_notes"
    __table_args__ = (Index("ix_career_notes_student", "student_id", "id"),)

    id: Mapped[intpk]
    student_id: Mapped[int] = mapped_column(BigKey, ForeignKey("people.id"))
    author_id: Mapped[int] = mapped_column(BigKey, ForeignKey("people.id"))
    written_at: Mapped[datetime]
    words: Mapped[str] = mapped_column(SealedDocument)
    corrects_id: Mapped[int | None] = mapped_column(BigKey, ForeignKey("career_notes.id"))
    once_key: Mapped[str] = mapped_column(String(64), unique=True)
