"""Who has a place, by the match or by an offer that was taken."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import ForeignKey, Index, text
from sqlalchemy.orm import Mapped, mapped_column

from portal.core.db import Base, BigKey, intpk
from portal.core.i18n import _l
from portal.core.integrity import explain

_STANDS = text("freed_at IS NULL")


class MatchPlace(Base):
    """A student has a place in a posting; one alone over all rounds of a chain, which all name its first round.

    Made when a result is chosen, before anybody knows of it, and when an offer is taken (`offer_id`). Gone where the choice is
    taken back, `freed_at` where the internship is called off before its start.
    """

    __tablename__ = "match_places"
    __table_args__ = (
        Index("uq_match_places_standing", "chain_id", "student_id", unique=True, sqlite_where=_STANDS, postgresql_where=_STANDS),
        Index("ix_match_places_round", "round_id", "posting_id"),
        Index("ix_match_places_pair", "posting_id", "student_id"),
    )  # fmt: skip

    id: Mapped[intpk]
    chain_id: Mapped[int] = mapped_column(BigKey, ForeignKey("internship_rounds.id"))
    round_id: Mapped[int] = mapped_column(BigKey, ForeignKey("internship_rounds.id"))
    posting_id: Mapped[int] = mapped_column(BigKey, ForeignKey("internship_postings.id"))
    student_id: Mapped[int] = mapped_column(BigKey, ForeignKey("people.id"), index=True)
    offer_id: Mapped[int | None] = mapped_column(BigKey, ForeignKey("rolling_offers.id"), unique=True)
    made_at: Mapped[datetime]
    freed_at: Mapped[datetime | None]


explain("uq_match_places_standing", _l("You have a place already; a student takes one."))
