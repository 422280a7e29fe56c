"""Times for interviews, and who is invited to them."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, Text, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from portal.core.db import Base, BigKey, State, intpk
from portal.core.i18n import _l
from portal.core.integrity import explain
from portal.domain.internships.interview_flow import InterviewState
from portal.internships.enums import INTERVIEW_LABELS
from portal.membership.enums import Shown

_LIVE = text("state IN ('waiting', 'invited', 'unfit', 'agreed')")
_SEATED = text("state IN ('agreed', 'held', 'missed')")


class InterviewSlot(Base):
    """A time that a company offers on a posting, at a place or by an online link. No two of one interviewer overlap.

    `version` counts the changes: an old page overwrites none.
    """

    __tablename__ = "internship_slots"
    __table_args__ = (
        CheckConstraint("ends_at > starts_at", name="ends_after_start"),
        Index("ix_internship_slots_posting", "posting_id", "starts_at", "id"),
        Index("ix_internship_slots_interviewer", "organisation_id", "starts_at"),
    )

    id: Mapped[intpk]
    round_id: Mapped[int] = mapped_column(BigKey, ForeignKey("internship_rounds.id"))
    organisation_id: Mapped[int] = mapped_column(BigKey, ForeignKey("organisations.id"))
    posting_id: Mapped[int] = mapped_column(BigKey, ForeignKey("internship_postings.id"))
    once_key: Mapped[str] = mapped_column(String(80), unique=True)
    starts_at: Mapped[datetime]
    ends_at: Mapped[datetime]
    place: Mapped[str] = mapped_column(String(200), default="")
    link: Mapped[str] = mapped_column(String(300), default="")
    interviewer: Mapped[str] = mapped_column(String(100))
    version: Mapped[int] = mapped_column(default=1)
    created_at: Mapped[datetime]
    created_by_id: Mapped[int] = mapped_column(BigKey, ForeignKey("people.id"))
    cancelled_at: Mapped[datetime | None]


class Interview(Base):
    """A student is invited to an interview for one posting. One invitation of a pair lives at a time, one holds a slot.

    `words`: why the student declines, or when they could come. `sequence` counts what calendars were told.
    """

    __tablename__ = "internship_interviews"
    __table_args__ = (
        Index("uq_internship_interviews_live", "interest_id", unique=True, sqlite_where=_LIVE, postgresql_where=_LIVE),
        Index("uq_internship_interviews_slot", "slot_id", unique=True, sqlite_where=_SEATED, postgresql_where=_SEATED),
        Index("ix_internship_interviews_student", "student_id", "id"),
        Index("ix_internship_interviews_posting", "posting_id", "state", "id"),
        Index("ix_internship_interviews_company", "round_id", "organisation_id", "id"),
        Index("ix_internship_interviews_due", "answer_by", "id", sqlite_where=_LIVE, postgresql_where=_LIVE),
    )  # fmt: skip

    id: Mapped[intpk]
    interest_id: Mapped[int] = mapped_column(BigKey, ForeignKey("internship_interests.id"))
    round_id: Mapped[int] = mapped_column(BigKey, ForeignKey("internship_rounds.id"))
    organisation_id: Mapped[int] = mapped_column(BigKey, ForeignKey("organisations.id"))
    posting_id: Mapped[int] = mapped_column(BigKey, ForeignKey("internship_postings.id"))
    student_id: Mapped[int] = mapped_column(BigKey, ForeignKey("people.id"))
    slot_id: Mapped[int | None] = mapped_column(BigKey, ForeignKey("internship_slots.id"))
    state: Mapped[InterviewState] = mapped_column(State(InterviewState))
    is_alternate: Mapped[bool] = mapped_column(default=False)
    days: Mapped[int]  # to answer, once invited
    answer_by: Mapped[datetime]
    words: Mapped[str] = mapped_column(Text, default="")
    sequence: Mapped[int] = mapped_column(default=0)
    invited_by_id: Mapped[int] = mapped_column(BigKey, ForeignKey("people.id"))
    invited_at: Mapped[datetime]
    moved_at: Mapped[datetime]

    slot: Mapped[InterviewSlot | None] = relationship(lazy="raise")

    @property
    def shown_state(self) -> Shown:
        """For the badge."""
        return Shown(self.state.value, INTERVIEW_LABELS[self.state])


explain(
    "uq_internship_interviews_slot",
    _l("Somebody has just taken this time. Please choose another one."),
    field="slot_id",
)
explain("uq_internship_interviews_live", _l("This student is invited already."))
