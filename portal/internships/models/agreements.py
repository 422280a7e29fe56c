"""Agreements with host companies."""

from __future__ import annotations

from datetime import date, datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, Text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from portal.accounts.models import Organisation
from portal.core import clock
from portal.core.db import Base, BigKey, State, intpk
from portal.domain.internships.agreements import AgreementKind, Holding
from portal.files.models import StoredFile
from portal.internships.enums import AGREEMENT_STATE_LABELS
from portal.membership.enums import Shown


class InternshipAgreement(Base):
    """One signed agreement with a company, and its document. What is renewed is a further row; nothing is changed but its end.

    All days are included; `until_on` empty: no end. `ended_on`: the first day on which it no longer holds, before its time;
    the same as `from_on` where it was entered by mistake. `note` is the office's own.
    """

    __tablename__ = "internship_agreements"
    __table_args__ = (
        CheckConstraint("until_on IS NULL OR until_on >= from_on", name="days"),
        CheckConstraint("ended_on IS NULL OR ended_on >= from_on", name="ended"),
        Index("ix_internship_agreements_company", "organisation_id", "id"),
    )

    id: Mapped[intpk]
    organisation_id: Mapped[int] = mapped_column(BigKey, ForeignKey("organisations.id"))
    kind: Mapped[AgreementKind] = mapped_column(State(AgreementKind))
    signed_on: Mapped[date]
    from_on: Mapped[date]
    until_on: Mapped[date | None]
    file_id: Mapped[int] = mapped_column(BigKey, ForeignKey("stored_files.id"))
    note: Mapped[str] = mapped_column(Text, default="")
    once_key: Mapped[str] = mapped_column(String(64), unique=True)
    created_at: Mapped[datetime]
    created_by_id: Mapped[int] = mapped_column(BigKey, ForeignKey("people.id"))
    ended_on: Mapped[date | None]
    end_reason: Mapped[str] = mapped_column(Text, default="")
    ended_at: Mapped[datetime | None]
    ended_by_id: Mapped[int | None] = mapped_column(BigKey, ForeignKey("people.id"))

    organisation: Mapped[Organisation] = relationship(lazy="raise")
    file: Mapped[StoredFile] = relationship(lazy="raise")

    @property
    def holding(self) -> Holding:
        """Its days."""
        return Holding(self.kind, self.from_on, self.until_on, self.ended_on)

    @property
    def shown_state(self) -> Shown:
        """For the badge: where it stands today."""
        state = self.holding.state_on(clock.today())
        return Shown(state.value, AGREEMENT_STATE_LABELS[state])
