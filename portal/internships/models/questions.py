"""Questions that career support forwards between students and companies."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import ForeignKey, Index, String, Text, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from portal.core.db import Base, BigKey, State, intpk
from portal.domain.internships.question_flow import QuestionState, Side
from portal.internships.enums import QUESTION_LABELS
from portal.internships.models.postings import InternshipPosting
from portal.membership.enums import Shown

_OPEN = text("state IN ('asked', 'returned', 'forwarded', 'answered', 'answer_returned')")


class Question(Base):
    """One question about a posting and its answer. `is_named`: the student lets the company read who asks.

    `remark` is what the office wants said otherwise; `due_at` when the next move is expected, `reminded_at` the one reminder.
    """

    __tablename__ = "internship_questions"
    __table_args__ = (
        Index("ix_internship_questions_student", "student_id", "id"),
        Index("ix_internship_questions_company", "organisation_id", "id"),
        Index("ix_internship_questions_open", "due_at", "id", sqlite_where=_OPEN, postgresql_where=_OPEN),
        Index("ix_internship_questions_moved", "moved_at", "id"),
        Index("ix_internship_questions_state", "state", "moved_at"),
    )

    id: Mapped[intpk]
    round_id: Mapped[int] = mapped_column(BigKey, ForeignKey("internship_rounds.id"))
    organisation_id: Mapped[int] = mapped_column(BigKey, ForeignKey("organisations.id"))
    posting_id: Mapped[int] = mapped_column(BigKey, ForeignKey("internship_postings.id"))
    student_id: Mapped[int] = mapped_column(BigKey, ForeignKey("people.id"))
    side: Mapped[Side] = mapped_column(State(Side))
    state: Mapped[QuestionState] = mapped_column(State(QuestionState), default=QuestionState.ASKED)
    version: Mapped[int] = mapped_column(default=1)
    once_key: Mapped[str] = mapped_column(String(64), unique=True)
    is_named: Mapped[bool] = mapped_column(default=False)
    words: Mapped[str] = mapped_column(Text)
    answer: Mapped[str] = mapped_column(Text, default="")
    remark: Mapped[str] = mapped_column(Text, default="")
    asked_by_id: Mapped[int] = mapped_column(BigKey, ForeignKey("people.id"))
    answered_by_id: Mapped[int | None] = mapped_column(BigKey, ForeignKey("people.id"))
    asked_at: Mapped[datetime]
    moved_at: Mapped[datetime]
    due_at: Mapped[datetime]
    reminded_at: Mapped[datetime | None]

    posting: Mapped[InternshipPosting] = relationship(lazy="raise")

    @property
    def shown_state(self) -> Shown:
        """For the badge."""
        return Shown(self.state.value, QUESTION_LABELS[self.state])
