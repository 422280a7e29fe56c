"""An intern at a company."""

from __future__ import annotations

from datetime import date, datetime

from sqlalchemy import ForeignKey, Index, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from portal.accounts.models import Organisation, Person
from portal.core.db import Base, BigKey, State, intpk
from portal.domain.placements.placement_flow import PlacementState, Side
from portal.internships.models import InternshipPosting, InternshipRound
from portal.membership.enums import Shown
from portal.placements.enums import PLACEMENT_LABELS


class Placement(Base):
    """One student in one posting.

    `starts_on` and `ends_on` are what one side proposed; agreed upon when both `…_agreed_at` stand. `started_on` is the day from
    which on it was allowed to run, `last_on` the last day of work where it ended early. `ending_side` asked the office for an early ending. `version` counts every change, so that an
    old page does nothing.
    """

    __tablename__ = "placements"
    __table_args__ = (
        UniqueConstraint("posting_id", "student_id"),
        Index("ix_placements_company", "organisation_id", "id"),
        Index("ix_placements_round", "round_id", "state", "id"),
        Index("ix_placements_state", "state", "id"),
    )

    id: Mapped[intpk]
    round_id: Mapped[int] = mapped_column(BigKey, ForeignKey("internship_rounds.id"))
    organisation_id: Mapped[int] = mapped_column(BigKey, ForeignKey("organisations.id"))
    posting_id: Mapped[int] = mapped_column(BigKey, ForeignKey("internship_postings.id"))
    student_id: Mapped[int] = mapped_column(BigKey, ForeignKey("people.id"), index=True)
    state: Mapped[PlacementState] = mapped_column(State(PlacementState), default=PlacementState.PREPARING)
    starts_on: Mapped[date | None]
    ends_on: Mapped[date | None]
    student_agreed_at: Mapped[datetime | None]
    company_agreed_at: Mapped[datetime | None]
    started_on: Mapped[date | None]
    last_on: Mapped[date | None]
    ending_side: Mapped[Side | None] = mapped_column(State(Side))
    ending_asked_at: Mapped[datetime | None]
    ending_reason: Mapped[str | None] = mapped_column(Text)
    version: Mapped[int] = mapped_column(default=1)
    created_at: Mapped[datetime]
    moved_at: Mapped[datetime]
    reason: Mapped[str] = mapped_column(Text, default="")  # why it was called off

    organisation: Mapped[Organisation] = relationship(lazy="raise")
    posting: Mapped[InternshipPosting] = relationship(lazy="raise")
    round: Mapped[InternshipRound] = relationship(lazy="raise")
    student: Mapped[Person] = relationship(lazy="raise")

    @property
    def shown_state(self) -> Shown:
        """For the badge."""
        return Shown(self.state.value, PLACEMENT_LABELS[self.state])

    @property
    def first_day(self) -> date | None:
        """The first day of work, as far as it is known."""
        return self.started_on or self.starts_on

    @property
    def last_day(self) -> date | None:
        """The last day of work, as far as it is known."""
        return self.last_on or self.ends_on

    @property
    def agreed(self) -> frozenset[Side]:
        """The sides that stand by the two days."""
        said = {Side.STUDENT: self.student_agreed_at, Side.COMPANY: self.company_agreed_at}
        return frozenset(side for side, at in said.items() if at)
