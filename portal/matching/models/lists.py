"""Who ranks what. Both tables are sealed: a copy of the database tells nobody's wishes."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import ForeignKey, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from portal.core.db import Base, BigKey, intpk
from portal.core.sealing import SealedDocument


class PreferenceList(Base):
    """A student's postings of a round, the best first, as numbers. Its owner's alone.

    `version` counts what was saved, so that an old page overwrites nothing. An empty list is a normal answer.
    """

    __tablename__ = "preference_lists"
    __table_args__ = (UniqueConstraint("round_id", "student_id"),)

    id: Mapped[intpk]
    round_id: Mapped[int] = mapped_column(BigKey, ForeignKey("internship_rounds.id"))
    student_id: Mapped[int] = mapped_column(BigKey, ForeignKey("people.id"), index=True)
    postings: Mapped[list[int]] = mapped_column(SealedDocument)
    version: Mapped[int] = mapped_column(default=1)
    changed_at: Mapped[datetime]


class CompanyRanking(Base):
    """A company's students of a round: tiers of numbers, the best first, and those it does not want to take.

    Who stands in neither is not decided upon: the pages ask for it, and the match cannot place them there.
    """

    __tablename__ = "company_rankings"
    __table_args__ = (UniqueConstraint("round_id", "organisation_id"),)

    id: Mapped[intpk]
    round_id: Mapped[int] = mapped_column(BigKey, ForeignKey("internship_rounds.id"))
    organisation_id: Mapped[int] = mapped_column(BigKey, ForeignKey("organisations.id"), index=True)
    tiers: Mapped[list[list[int]]] = mapped_column(SealedDocument)
    unacceptable: Mapped[list[int]] = mapped_column(SealedDocument)
    version: Mapped[int] = mapped_column(default=1)
    changed_at: Mapped[datetime]
    changed_by_id: Mapped[int] = mapped_column(BigKey, ForeignKey("people.id"))
