"""What both sides say at half-time and at the end."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from sqlalchemy import CheckConstraint, ForeignKey, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from portal.core.db import Base, BigKey, JSONDocument, State, intpk
from portal.core.schema import freeze
from portal.domain.placements.placement_flow import Side


class PlacementCheck(Base):
    """A side's answer at half-time; read by that side and the office alone. `followed_at`: the office has seen to the concern."""

    __tablename__ = "placement_checks"
    __table_args__ = (
        UniqueConstraint("placement_id", "side"),
        CheckConstraint("progress BETWEEN 1 AND 4 AND support BETWEEN 1 AND 4", name="marks"),
    )

    id: Mapped[intpk]
    placement_id: Mapped[int] = mapped_column(BigKey, ForeignKey("placements.id"))
    side: Mapped[Side] = mapped_column(State(Side))
    progress: Mapped[int]
    support: Mapped[int]
    words: Mapped[str] = mapped_column(Text, default="")
    has_concern: Mapped[bool] = mapped_column(default=False)
    concern: Mapped[str] = mapped_column(Text, default="")
    answered_at: Mapped[datetime]
    answered_by_id: Mapped[int] = mapped_column(BigKey, ForeignKey("people.id"))
    followed_at: Mapped[datetime | None]
    followed_by_id: Mapped[int | None] = mapped_column(BigKey, ForeignKey("people.id"))
    follow_up: Mapped[str] = mapped_column(Text, default="")


class PlacementEvaluation(Base):
    """A side's evaluation at the end; a draft until it is sent, then for good (the database refuses to change it).

    `marks` is {criterion: 1 to 5, 0 where it could not be seen}, `remarks` {criterion: words}. `is_open_to_host`: the student
    lets the company read it; else the company reads sums alone. A correction is another row with a greater `revision`.
    """

    __tablename__ = "placement_evaluations"
    __table_args__ = (UniqueConstraint("placement_id", "side", "revision"),)

    id: Mapped[intpk]
    placement_id: Mapped[int] = mapped_column(BigKey, ForeignKey("placements.id"))
    organisation_id: Mapped[int] = mapped_column(BigKey, ForeignKey("organisations.id"), index=True)
    side: Mapped[Side] = mapped_column(State(Side))
    revision: Mapped[int] = mapped_column(default=1)
    version: Mapped[int] = mapped_column(default=1)
    marks: Mapped[dict[str, Any]] = mapped_column(JSONDocument, default=dict)
    remarks: Mapped[dict[str, Any]] = mapped_column(JSONDocument, default=dict)
    overall: Mapped[int | None]
    words: Mapped[str] = mapped_column(Text, default="")
    interviewed_on: Mapped[date | None]
    interviewer: Mapped[str] = mapped_column(String(100), default="")
    interviewer_en: Mapped[str] = mapped_column(
        String(100), default="", server_default=""
    )  # in Latin letters
    is_open_to_host: Mapped[bool] = mapped_column(default=False)
    changed_at: Mapped[datetime]
    changed_by_id: Mapped[int] = mapped_column(BigKey, ForeignKey("people.id"))
    is_sent: Mapped[bool] = mapped_column(default=False)
    sent_at: Mapped[datetime | None]


freeze(PlacementEvaluation, only_when="is_sent")
