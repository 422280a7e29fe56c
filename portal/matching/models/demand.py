"""How much postings are wanted, as it was told once while ranking was open."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import ForeignKey
from sqlalchemy.orm import Mapped, mapped_column

from portal.core.db import Base, BigKey, intpk


class DemandSignal(Base):
    """One a round, never renewed: two would tell who changed in between. `hidden_at`: no longer shown.

    `figures`: {posting, seats, listed, first}, a number missing (null) where it would tell of few.
    """

    __tablename__ = "demand_signals"

    id: Mapped[intpk]
    round_id: Mapped[int] = mapped_column(BigKey, ForeignKey("internship_rounds.id"), unique=True)
    figures: Mapped[list[Any]]
    published_at: Mapped[datetime]
    published_by_id: Mapped[int] = mapped_column(BigKey, ForeignKey("people.id"))
    hidden_at: Mapped[datetime | None]
    hidden_by_id: Mapped[int | None] = mapped_column(BigKey, ForeignKey("people.id"))
