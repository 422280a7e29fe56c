"""What a student says of themselves."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from sqlalchemy import CheckConstraint, ForeignKey, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from portal.core.db import Base, BigKey, JSONDocument, intpk


class StudentProfile(Base):
    """One student's profile; `opened` names the items (`ProfileItem`) that companies may read.

    `version` counts what was saved, `editor` is the page that saved last: the same page may go on saving.
    """

    __tablename__ = "student_profiles"
    __table_args__ = (CheckConstraint("most_weeks BETWEEN 1 AND 52", name="most_weeks"),)

    id: Mapped[intpk]
    person_id: Mapped[int] = mapped_column(BigKey, ForeignKey("people.id"), unique=True)
    about: Mapped[str] = mapped_column(Text, default="")
    research_field: Mapped[str] = mapped_column(String(200), default="")
    research: Mapped[str] = mapped_column(Text, default="")
    skills: Mapped[str] = mapped_column(Text, default="")
    languages: Mapped[str] = mapped_column(String(200), default="")
    publications: Mapped[str] = mapped_column(Text, default="")
    wishes: Mapped[str] = mapped_column(Text, default="")
    free_from: Mapped[date | None]
    free_until: Mapped[date | None]
    most_weeks: Mapped[int | None]
    cv_id: Mapped[int | None] = mapped_column(BigKey, ForeignKey("stored_files.id"))
    research_summary_id: Mapped[int | None] = mapped_column(BigKey, ForeignKey("stored_files.id"))
    opened: Mapped[list[Any]] = mapped_column(JSONDocument, default=list)
    version: Mapped[int] = mapped_column(default=1)
    editor: Mapped[str] = mapped_column(String(64), default="", server_default="")
    changed_at: Mapped[datetime]
