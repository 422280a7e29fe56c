"""Who supervises whom."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import ForeignKey, Index, String, text
from sqlalchemy.orm import Mapped, mapped_column

from portal.core.db import Base, BigKey, intpk

_CURRENT = text("ended_at IS NULL")


class Supervision(Base):
    """A student's academic supervisor: an address that need not have an account; `person_id` where it has one.

    One at a time; a change of supervisor ends the old row.
    """

    __tablename__ = "supervisions"
    __table_args__ = (
        Index(
            "uq_supervisions_student", "student_id", unique=True, sqlite_where=_CURRENT, postgresql_where=_CURRENT
        ),
        Index("ix_supervisions_email_key", "email_key"),
    )  # fmt: skip

    id: Mapped[intpk]
    student_id: Mapped[int] = mapped_column(BigKey, ForeignKey("people.id"), index=True)
    name: Mapped[str] = mapped_column(String(100))
    email: Mapped[str] = mapped_column(String(254))
    email_key: Mapped[str] = mapped_column(String(254))
    person_id: Mapped[int | None] = mapped_column(BigKey, ForeignKey("people.id"), index=True)
    created_at: Mapped[datetime]
    created_by_id: Mapped[int] = mapped_column(BigKey, ForeignKey("people.id"))
    ended_at: Mapped[datetime | None]
