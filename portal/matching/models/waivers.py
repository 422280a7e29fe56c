"""Overrides of a result, and readings of lists: what the office does beyond the match, kept for good."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from sqlalchemy import ForeignKey, Index, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from portal.core.db import Base, BigKey, State, intpk
from portal.core.schema import freeze
from portal.core.sealing import SealedDocument
from portal.domain.matching.waiving import Waiver
from portal.matching.enums import ReadingKind


class MatchWaiver(Base):
    """A student put into a posting, or out of one (`posting_id` None), on top of an attempt's base, with the consents and the reason.

    `blocking` holds the pairs that the waiver makes block, as they were shown before it was recorded.
    """

    __tablename__ = "match_waivers"

    id: Mapped[intpk]
    attempt_id: Mapped[int] = mapped_column(BigKey, ForeignKey("match_attempts.id"), unique=True)
    student_id: Mapped[int] = mapped_column(BigKey, ForeignKey("people.id"))
    posting_id: Mapped[int | None] = mapped_column(BigKey, ForeignKey("internship_postings.id"))
    reason: Mapped[str] = mapped_column(Text)
    student_said: Mapped[str] = mapped_column(String(200))  # who agreed, and how
    student_on: Mapped[date]
    company_said: Mapped[str] = mapped_column(String(200))
    company_on: Mapped[date]
    blocking: Mapped[list[Any]] = mapped_column(SealedDocument)
    created_at: Mapped[datetime]
    created_by_id: Mapped[int] = mapped_column(BigKey, ForeignKey("people.id"))

    @property
    def as_waiver(self) -> Waiver:
        """In the ids of a market."""
        return Waiver(f"s{self.student_id}", f"p{self.posting_id}" if self.posting_id else None)


class ListReading(Base):
    """The office has read somebody's list, with a reason that the owner reads. One of student and organisation is named."""

    __tablename__ = "list_readings"
    __table_args__ = (
        Index("ix_list_readings_student", "student_id", "id"),
        Index("ix_list_readings_organisation", "organisation_id", "id"),
    )

    id: Mapped[intpk]
    round_id: Mapped[int] = mapped_column(BigKey, ForeignKey("internship_rounds.id"))
    student_id: Mapped[int | None] = mapped_column(BigKey, ForeignKey("people.id"))
    organisation_id: Mapped[int | None] = mapped_column(BigKey, ForeignKey("organisations.id"))
    kind: Mapped[ReadingKind] = mapped_column(State(ReadingKind))
    reader_id: Mapped[int] = mapped_column(BigKey, ForeignKey("people.id"))
    reason: Mapped[str] = mapped_column(Text)
    read_at: Mapped[datetime]


freeze(MatchWaiver)
freeze(ListReading)
