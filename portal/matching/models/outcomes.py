"""What came out, a row a student."""

from __future__ import annotations

from typing import Any

from sqlalchemy import ForeignKey, Index, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from portal.core.db import Base, BigKey, State, intpk
from portal.core.sealing import SealedDocument
from portal.matching.enums import Missing


class MatchOutcome(Base):
    """A student's result of a round, written when an attempt is chosen and shown once everybody is told.

    `explanation`: a list of {posting, reason} in the order of the student's list, sealed, as it tells that order.
    """

    __tablename__ = "match_outcomes"
    __table_args__ = (
        UniqueConstraint("round_id", "student_id"),
        Index("ix_match_outcomes_posting", "posting_id"),
        Index("ix_match_outcomes_student", "student_id"),
    )

    id: Mapped[intpk]
    round_id: Mapped[int] = mapped_column(BigKey, ForeignKey("internship_rounds.id"))
    attempt_id: Mapped[int] = mapped_column(BigKey, ForeignKey("match_attempts.id"))
    student_id: Mapped[int] = mapped_column(BigKey, ForeignKey("people.id"))
    posting_id: Mapped[int | None] = mapped_column(BigKey, ForeignKey("internship_postings.id"))
    explanation: Mapped[list[Any]] = mapped_column(SealedDocument)


class MatchAbsence(Base):
    """That a student with a list or an agreed place took no part, and why: written, shown and told as outcomes are."""

    __tablename__ = "match_absences"
    __table_args__ = (
        UniqueConstraint("round_id", "student_id"),
        Index("ix_match_absences_student", "student_id"),
    )

    id: Mapped[intpk]
    round_id: Mapped[int] = mapped_column(BigKey, ForeignKey("internship_rounds.id"))
    student_id: Mapped[int] = mapped_column(BigKey, ForeignKey("people.id"))
    missing: Mapped[Missing] = mapped_column(State(Missing))


class FollowUp(Base):
    """That a round brings together the open places and the unmatched students of one before it, which has one such round at most."""

    __tablename__ = "match_follow_ups"

    id: Mapped[intpk]
    round_id: Mapped[int] = mapped_column(BigKey, ForeignKey("internship_rounds.id"), unique=True)
    follows_id: Mapped[int] = mapped_column(BigKey, ForeignKey("internship_rounds.id"), unique=True)
