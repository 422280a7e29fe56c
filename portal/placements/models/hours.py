"""Hours of work, by day and by week."""

from __future__ import annotations

from datetime import date, datetime

from sqlalchemy import CheckConstraint, ForeignKey, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from portal.core.db import Base, BigKey, State, intpk
from portal.domain.placements.hours import WeekState


class PlacementWeek(Base):
    """One week of an intern, from `monday` on. `version` counts what was saved: the company confirms what it saw."""

    __tablename__ = "placement_weeks"
    __table_args__ = (UniqueConstraint("placement_id", "monday"),)

    id: Mapped[intpk]
    placement_id: Mapped[int] = mapped_column(BigKey, ForeignKey("placements.id"))
    monday: Mapped[date]
    state: Mapped[WeekState] = mapped_column(State(WeekState), default=WeekState.ENTERED)
    words: Mapped[str] = mapped_column(Text, default="")  # what the student worked on
    remark: Mapped[str] = mapped_column(Text, default="")  # what the company asks to be corrected
    version: Mapped[int] = mapped_column(default=1)
    changed_at: Mapped[datetime]
    decided_at: Mapped[datetime | None]
    decided_by_id: Mapped[int | None] = mapped_column(BigKey, ForeignKey("people.id"))


class PlacementDay(Base):
    """Minutes worked on one day; no row: none."""

    __tablename__ = "placement_days"
    __table_args__ = (
        UniqueConstraint("placement_id", "worked_on"),
        CheckConstraint("minutes BETWEEN 1 AND 1440", name="minutes"),
    )

    id: Mapped[intpk]
    placement_id: Mapped[int] = mapped_column(BigKey, ForeignKey("placements.id"))
    week_id: Mapped[int] = mapped_column(BigKey, ForeignKey("placement_weeks.id"), index=True)
    worked_on: Mapped[date]
    minutes: Mapped[int]
    words: Mapped[str] = mapped_column(String(200), default="")
