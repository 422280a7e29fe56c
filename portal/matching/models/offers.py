"""Places offered one by one after the match."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import ForeignKey, Index, String, Text, text
from sqlalchemy.orm import Mapped, mapped_column

from portal.core import clock
from portal.core.db import Base, BigKey, State, intpk
from portal.core.i18n import _l
from portal.core.integrity import explain
from portal.matching.enums import OfferState

_OPEN = text("state = 'open'")


class RollingOffer(Base):
    """A company offers a place that the match has left open to a student whom it has left without one.

    It holds the place until `expires_at`; from then on it is expired, also before the column says so. Taken, it makes a `MatchPlace`,
    of which a student has one over all rounds of a chain; `chain_id` is its first round.
    """

    __tablename__ = "rolling_offers"
    __table_args__ = (
        Index("uq_rolling_offers_open", "posting_id", "student_id", unique=True, sqlite_where=_OPEN, postgresql_where=_OPEN),
        Index("ix_rolling_offers_round", "round_id", "id"),
        Index("ix_rolling_offers_student", "student_id", "id"),
    )  # fmt: skip

    id: Mapped[intpk]
    round_id: Mapped[int] = mapped_column(BigKey, ForeignKey("internship_rounds.id"))
    chain_id: Mapped[int] = mapped_column(BigKey, ForeignKey("internship_rounds.id"))
    organisation_id: Mapped[int] = mapped_column(BigKey, ForeignKey("organisations.id"), index=True)
    posting_id: Mapped[int] = mapped_column(BigKey, ForeignKey("internship_postings.id"))
    student_id: Mapped[int] = mapped_column(BigKey, ForeignKey("people.id"))
    once_key: Mapped[str] = mapped_column(String(64), unique=True)
    state: Mapped[OfferState] = mapped_column(State(OfferState), default=OfferState.OPEN)
    words: Mapped[str] = mapped_column(Text, default="")
    made_at: Mapped[datetime]
    made_by_id: Mapped[int] = mapped_column(BigKey, ForeignKey("people.id"))
    expires_at: Mapped[datetime]
    answered_at: Mapped[datetime | None]

    @property
    def shown_state(self) -> OfferState:
        """With what the clock says."""
        if self.state is OfferState.OPEN and self.expires_at <= clock.now():
            return OfferState.EXPIRED
        return self.state


explain(
    "uq_rolling_offers_open",
    _l("This student has an open offer for this posting already."),
    field="student_id",
)
