"""An intern at a company."""

from __future__ import annotations

from datetime import date, datetime

from sqlalchemy import ForeignKey, Index, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from portal.core.db import Base, BigKey, State, intpk
from portal.domain.placements.placement_flow import PlacementState


class Placement(Base):
    """One student in one posting. `starts_on` and `ends_on` are agreed upon; empty until then."""

    __tablename__ = "placements"
    __table_args__ = (
        UniqueConstraint("posting_id", "student_id"),
        Index("ix_placements_company", "organisation_id", "id"),
        Index("ix_placements_round", "round_id", "state", "id"),
    )

    id: Mapped[intpk]
    round_id: Mapped[int] = mapped_column(BigKey, ForeignKey("internship_rounds.id"))
    organisation_id: Mapped[int] = mapped_column(BigKey, ForeignKey("organisations.id"))
    posting_id: Mapped[int] = mapped_column(BigKey, ForeignKey("internship_postings.id"))
    student_id: Mapped[int] = mapped_column(BigKey, ForeignKey("people.id"), index=True)
    state: Mapped[PlacementState] = mapped_column(State(PlacementState), default=PlacementState.PREPARING)
    starts_on: Mapped[date | None]
    ends_on: Mapped[date | None]
    version: Mapped[int] = mapped_column(default=1)
    created_at: Mapped[datetime]
    moved_at: Mapped[datetime]
    reason: Mapped[str] = mapped_column(Text, default="")  # why it was called off
