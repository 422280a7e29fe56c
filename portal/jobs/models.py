"""The table of jobs."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Index, String, Text, text, type_coerce
from sqlalchemy.orm import Mapped, mapped_column

from portal.core.db import Base, JSONDocument, State, intpk, written
from portal.jobs.enums import JobState


class Job(Base):
    """One piece of work; `leased_until` keeps a second worker off while the first is at it."""

    __tablename__ = "jobs"
    __table_args__ = (
        Index(
            "ix_jobs_due",
            "run_after",
            sqlite_where=text("state = 'queued'"),
            postgresql_where=text("state = 'queued'"),
        ),
        Index(
            "ix_jobs_failed",
            "id",
            sqlite_where=text("state = 'failed'"),
            postgresql_where=text("state = 'failed'"),
        ),
    )

    id: Mapped[intpk]
    name: Mapped[str] = mapped_column(String(100))
    arguments: Mapped[dict[str, Any]] = mapped_column(JSONDocument)
    key: Mapped[str | None] = mapped_column(String(200), unique=True)
    state: Mapped[JobState] = mapped_column(State(JobState), default=JobState.QUEUED)
    attempts: Mapped[int] = mapped_column(default=0)
    run_after: Mapped[datetime]
    leased_until: Mapped[datetime | None]
    created_at: Mapped[datetime]
    done_at: Mapped[datetime | None]
    last_error: Mapped[str | None] = mapped_column(Text)


def is_queued() -> ColumnElement[bool]:
    """In the words of `ix_jobs_due`, which holds the few that are not done."""
    return type_coerce(Job.__table__.c.state, String) == written(JobState.QUEUED)[0]
