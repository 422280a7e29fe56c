"""Postings: job descriptions of internships."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, Text, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from portal.accounts.models import Organisation
from portal.core.db import Base, BigKey, JSONDocument, State, intpk
from portal.domain.internships.periods import Stay
from portal.domain.internships.posting_flow import PostingState
from portal.internships.enums import POSTING_LABELS, PayUnit, RemoteWork, WorkingLanguage
from portal.internships.models.rounds import InternshipRound
from portal.membership.enums import Shown

# What a posting says, in the order of its page.
SAID = (
    "title", "title_en", "area", "hub_id", "duties", "knowledge", "skills", "mentor", "prefecture", "workplace", "remote",
    "language", "starts_from", "ends_by", "weeks", "days_a_week", "pay_unit", "pay_yen", "expenses", "places", "least_places",
    "rights", "confidentiality", "data_agreements", "data_used", "has_export_control",
)  # fmt: skip
_WAITING = text("state = 'submitted'")


class InternshipPosting(Base):
    """One job description of one company in one round; a draft may lack anything.

    `places` 0 is a normal answer; fewer than `least_places` students is said to the office and never forced. `version`
    counts what was saved, so that an old page overwrites nothing. `remark` is what the office asked to be corrected.
    """

    __tablename__ = "internship_postings"
    __table_args__ = (
        CheckConstraint("places BETWEEN 0 AND 999 AND least_places BETWEEN 0 AND 999", name="places"),
        Index("ix_internship_postings_company", "organisation_id", "round_id", "id"),
        Index("ix_internship_postings_round", "round_id", "state", "moved_at", "id"),
        Index("ix_internship_postings_moved", "round_id", "moved_at", "id"),
        Index("ix_internship_postings_waiting", "moved_at", "id", sqlite_where=_WAITING, postgresql_where=_WAITING),
    )  # fmt: skip

    id: Mapped[intpk]
    round_id: Mapped[int] = mapped_column(BigKey, ForeignKey("internship_rounds.id"))
    organisation_id: Mapped[int] = mapped_column(BigKey, ForeignKey("organisations.id"))
    state: Mapped[PostingState] = mapped_column(State(PostingState), default=PostingState.DRAFT)
    once_key: Mapped[str] = mapped_column(String(64), unique=True)
    version: Mapped[int] = mapped_column(default=1)
    created_by_id: Mapped[int] = mapped_column(BigKey, ForeignKey("people.id"))
    created_at: Mapped[datetime]
    moved_at: Mapped[datetime]
    published_at: Mapped[datetime | None]
    reviewed_by_id: Mapped[int | None] = mapped_column(BigKey, ForeignKey("people.id"))
    remark: Mapped[str] = mapped_column(Text, default="")

    title: Mapped[str] = mapped_column(String(120), default="")
    title_en: Mapped[str] = mapped_column(String(120), default="")
    duties: Mapped[str] = mapped_column(Text, default="")
    knowledge: Mapped[str] = mapped_column(Text, default="")
    skills: Mapped[str] = mapped_column(Text, default="")
    area: Mapped[str] = mapped_column(String(20), default="")
    hub_id: Mapped[int | None] = mapped_column(BigKey, ForeignKey("hubs.id"))
    mentor: Mapped[str] = mapped_column(String(100), default="")
    prefecture: Mapped[str] = mapped_column(String(2), default="")
    workplace: Mapped[str] = mapped_column(String(200), default="")
    remote: Mapped[RemoteWork | None] = mapped_column(State(RemoteWork))
    language: Mapped[WorkingLanguage | None] = mapped_column(State(WorkingLanguage))
    starts_from: Mapped[date | None]
    ends_by: Mapped[date | None]
    weeks: Mapped[int | None]
    days_a_week: Mapped[int | None]
    pay_unit: Mapped[PayUnit | None] = mapped_column(State(PayUnit))
    pay_yen: Mapped[int | None]
    expenses: Mapped[str] = mapped_column(String(200), default="")
    places: Mapped[int] = mapped_column(default=1)
    least_places: Mapped[int] = mapped_column(default=0)
    rights: Mapped[str] = mapped_column(Text, default="")
    confidentiality: Mapped[str] = mapped_column(Text, default="")
    data_agreements: Mapped[list[Any]] = mapped_column(JSONDocument, default=list)
    data_used: Mapped[str] = mapped_column(Text, default="")
    has_export_control: Mapped[bool] = mapped_column(default=False)

    organisation: Mapped[Organisation] = relationship(lazy="raise")
    round: Mapped[InternshipRound] = relationship(lazy="raise")

    @property
    def stay(self) -> Stay:
        """The stay that it asks for."""
        return Stay(self.starts_from, self.ends_by, self.weeks)

    @property
    def shown_state(self) -> Shown:
        """For the badge."""
        return Shown(self.state.value, POSTING_LABELS[self.state])

    def said(self) -> dict[str, Any]:
        """Everything that the company wrote, by field."""
        return {field: getattr(self, field) for field in SAID}

    def name(self, reader: str) -> str:
        """The title for a reader of `ja` or `en`."""
        return self.title_en if reader == "en" and self.title_en else self.title
