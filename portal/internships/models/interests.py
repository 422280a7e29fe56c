"""Students who are interested in a posting, and what their supervisor says of it."""

from __future__ import annotations

from datetime import date, datetime

from sqlalchemy import ForeignKey, Index, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from portal.core.db import Base, BigKey, State, intpk
from portal.core.sealing import Sealed
from portal.domain.internships.interest_flow import ApprovalState, InterestState
from portal.internships.enums import APPROVAL_LABELS
from portal.membership.enums import Shown


class Interest(Base):
    """A student shows interest in a posting: from then on the company sees them as an applicant. It says nothing of ranks.

    `words` is what the student writes to the company. A withdrawn interest can be shown again.
    """

    __tablename__ = "internship_interests"
    __table_args__ = (
        UniqueConstraint("posting_id", "student_id"),
        Index("ix_internship_interests_student", "student_id", "round_id"),
        Index("ix_internship_interests_round", "round_id", "organisation_id", "id"),
    )

    id: Mapped[intpk]
    round_id: Mapped[int] = mapped_column(BigKey, ForeignKey("internship_rounds.id"))
    organisation_id: Mapped[int] = mapped_column(BigKey, ForeignKey("organisations.id"))
    posting_id: Mapped[int] = mapped_column(BigKey, ForeignKey("internship_postings.id"))
    student_id: Mapped[int] = mapped_column(BigKey, ForeignKey("people.id"))
    state: Mapped[InterestState] = mapped_column(State(InterestState), default=InterestState.SHOWN)
    words: Mapped[str] = mapped_column(Text, default="")
    shown_at: Mapped[datetime]
    moved_at: Mapped[datetime]


class Approval(Base):
    """The supervisor's word on one student and one posting, asked for when interest is shown; without it the pair cannot be.

    `supervision_id`: who decided. `from_on` to `until_on`: when the student may go. `decided_by_id` is empty where the link
    in the mail was used without an account. `version` counts the decisions, so that an old page overwrites none.
    """

    __tablename__ = "internship_approvals"
    __table_args__ = (
        Index("ix_internship_approvals_supervision", "supervision_id", "id"),
        Index("ix_internship_approvals_state", "state", "interest_id"),
    )

    id: Mapped[intpk]
    interest_id: Mapped[int] = mapped_column(BigKey, ForeignKey("internship_interests.id"), unique=True)
    supervision_id: Mapped[int | None] = mapped_column(BigKey, ForeignKey("supervisions.id"))
    state: Mapped[ApprovalState] = mapped_column(State(ApprovalState), default=ApprovalState.ASKED)
    version: Mapped[int] = mapped_column(default=1, server_default="1")
    reason: Mapped[str] = mapped_column(Text, default="")
    from_on: Mapped[date | None]
    until_on: Mapped[date | None]
    asked_at: Mapped[datetime]
    decided_at: Mapped[datetime | None]
    decided_by_id: Mapped[int | None] = mapped_column(BigKey, ForeignKey("people.id"))

    @property
    def shown_state(self) -> Shown:
        """For the badge."""
        return Shown(self.state.value, APPROVAL_LABELS[self.state])


class ApprovalLink(Base):
    """The link with which a supervisor decides without an account: one for each student and round, as good until the lists lock.

    The secret stands sealed, as every mail carries it again; it is found by its hash. `told_at`, `reminded_at`: the last mails.
    """

    __tablename__ = "internship_approval_links"
    __table_args__ = (UniqueConstraint("supervision_id", "round_id"),)

    id: Mapped[intpk]
    supervision_id: Mapped[int] = mapped_column(BigKey, ForeignKey("supervisions.id"))
    round_id: Mapped[int] = mapped_column(BigKey, ForeignKey("internship_rounds.id"), index=True)
    token_hash: Mapped[str] = mapped_column(String(64), unique=True)
    secret: Mapped[str] = mapped_column(Sealed)
    created_at: Mapped[datetime]
    told_at: Mapped[datetime | None]
    reminded_at: Mapped[datetime | None]
