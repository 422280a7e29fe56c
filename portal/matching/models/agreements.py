"""Pairs that cannot be, and pairs that were agreed upon beforehand."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import ForeignKey, Index, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from portal.core.db import Base, BigKey, State, intpk
from portal.matching.enums import ExclusionKind, Side


class Exclusion(Base):
    """A student and a company that are never paired, with a reason that the office alone reads; lifted, not deleted."""

    __tablename__ = "match_exclusions"
    __table_args__ = (Index("ix_match_exclusions_pair", "student_id", "organisation_id"),)

    id: Mapped[intpk]
    student_id: Mapped[int] = mapped_column(BigKey, ForeignKey("people.id"))
    organisation_id: Mapped[int] = mapped_column(BigKey, ForeignKey("organisations.id"), index=True)
    kind: Mapped[ExclusionKind] = mapped_column(State(ExclusionKind))
    reason: Mapped[str] = mapped_column(Text)
    created_at: Mapped[datetime]
    created_by_id: Mapped[int] = mapped_column(BigKey, ForeignKey("people.id"))
    lifted_at: Mapped[datetime | None]
    lifted_by_id: Mapped[int | None] = mapped_column(BigKey, ForeignKey("people.id"))


class Prearrangement(Base):
    """A placement that all four sides want before the match: fixed once student, company, supervisor and office have agreed.

    A side that says no, or takes its word back before the lists lock, ends it (`ended_at`); proposed again, it begins anew.
    `words`: why, by whoever proposed it, for all four.
    """

    __tablename__ = "match_prearrangements"
    __table_args__ = (UniqueConstraint("round_id", "student_id", "posting_id"),)

    id: Mapped[intpk]
    round_id: Mapped[int] = mapped_column(BigKey, ForeignKey("internship_rounds.id"))
    student_id: Mapped[int] = mapped_column(BigKey, ForeignKey("people.id"), index=True)
    posting_id: Mapped[int] = mapped_column(BigKey, ForeignKey("internship_postings.id"), index=True)
    proposed_at: Mapped[datetime]
    proposed_by_id: Mapped[int] = mapped_column(BigKey, ForeignKey("people.id"))
    proposed_as: Mapped[Side | None] = mapped_column(State(Side))
    words: Mapped[str] = mapped_column(Text, default="", server_default="")
    student_at: Mapped[datetime | None]
    company_at: Mapped[datetime | None]
    company_by_id: Mapped[int | None] = mapped_column(BigKey, ForeignKey("people.id"))
    supervisor_at: Mapped[datetime | None]
    office_at: Mapped[datetime | None]
    office_by_id: Mapped[int | None] = mapped_column(BigKey, ForeignKey("people.id"))
    ended_at: Mapped[datetime | None]
    ended_by: Mapped[str] = mapped_column(Text, default="")  # which side

    @property
    def is_fixed(self) -> bool:
        """All four have agreed and none has gone back."""
        said = (self.student_at, self.company_at, self.supervisor_at, self.office_at)
        return self.ended_at is None and None not in said
