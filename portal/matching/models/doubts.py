"""What speaks against a result that is chosen and not out yet."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import ForeignKey, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from portal.core.db import Base, BigKey, State, intpk
from portal.matching.enums import LeftReason


class MatchDoubt(Base):
    """A student of a chosen result who may no longer be placed where the result places them.

    `chosen_at`: of which choice, as the same run may be chosen again. `is_kept`: the office keeps the place all the same, with
    `words`; False where it took the choice back.
    """

    __tablename__ = "match_doubts"
    __table_args__ = (UniqueConstraint("round_id", "chosen_at", "student_id", "reason"),)

    id: Mapped[intpk]
    round_id: Mapped[int] = mapped_column(BigKey, ForeignKey("internship_rounds.id"))
    chosen_at: Mapped[datetime]
    student_id: Mapped[int] = mapped_column(BigKey, ForeignKey("people.id"))
    posting_id: Mapped[int] = mapped_column(BigKey, ForeignKey("internship_postings.id"))
    reason: Mapped[LeftReason] = mapped_column(State(LeftReason))
    found_at: Mapped[datetime]
    settled_at: Mapped[datetime | None]
    settled_by_id: Mapped[int | None] = mapped_column(BigKey, ForeignKey("people.id"))
    is_kept: Mapped[bool | None]
    words: Mapped[str] = mapped_column(Text, default="")
