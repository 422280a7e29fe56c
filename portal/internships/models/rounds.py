"""Rounds of matching, and how many students a company takes in all."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import CheckConstraint, ForeignKey, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from portal.core import clock
from portal.core.db import Base, BigKey, JSONDocument, intpk
from portal.core.i18n import _l
from portal.core.integrity import explain
from portal.core.sealing import Sealed
from portal.domain.internships.timetable import STEPS, Stage, Timetable
from portal.internships.enums import ABOUT_TO_BE_OUT, STAGE_LABELS
from portal.membership.enums import Shown


class InternshipRound(Base):
    """One round of a fiscal year. `commitment` is the SHA-256 of the lottery's secret (hex), shown from the beginning;
    the secret itself stands sealed until the results are published.

    `needed_agreements`: values of `AgreementKind`, needed of every company before the match. `chosen_at`: the office has
    chosen a result. `withheld_at`: it is not published before the office has decided, as something speaks against it. `told_at`:
    it is out, for everybody and for good; set by the job that looks at it once more at `publishes_at`.
    """

    __tablename__ = "internship_rounds"
    __table_args__ = (
        UniqueConstraint("fiscal_year", "name_ja"),
        CheckConstraint("longest_list BETWEEN 1 AND 50", name="longest_list"),
    )

    id: Mapped[intpk]
    fiscal_year: Mapped[int]
    name_ja: Mapped[str] = mapped_column(String(100))
    name_en: Mapped[str] = mapped_column(String(100))
    once_key: Mapped[str] = mapped_column(String(64), unique=True)
    opens_at: Mapped[datetime]
    interviews_at: Mapped[datetime]
    ranking_at: Mapped[datetime]
    locks_at: Mapped[datetime]
    publishes_at: Mapped[datetime]
    ends_at: Mapped[datetime]
    longest_list: Mapped[int]
    needed_agreements: Mapped[list[Any]] = mapped_column(JSONDocument, default=list, server_default="[]")
    commitment: Mapped[str] = mapped_column(String(64))
    secret: Mapped[str] = mapped_column(Sealed)
    chosen_at: Mapped[datetime | None]
    withheld_at: Mapped[datetime | None]
    told_at: Mapped[datetime | None]
    cancelled_at: Mapped[datetime | None]
    created_at: Mapped[datetime]
    created_by_id: Mapped[int] = mapped_column(BigKey, ForeignKey("people.id"))

    def name(self, language: str) -> str:
        """The name for a reader of `language`."""
        return self.name_en if language == "en" else self.name_ja

    @property
    def timetable(self) -> Timetable:
        """The six moments."""
        return Timetable(**{step: getattr(self, step) for step in STEPS})

    @property
    def stage(self) -> Stage:
        """What the round is for just now."""
        return self.timetable.stage_at(
            clock.now(), is_told=self.told_at is not None, is_cancelled=self.cancelled_at is not None
        )

    @property
    def is_due(self) -> bool:
        """Whether a chosen result's minute has come and nobody has been told yet; also of one that is held back, of which the
        office alone knows."""
        is_chosen = self.chosen_at is not None and self.publishes_at <= clock.now()
        return is_chosen and self.stage is Stage.LOCKED

    @property
    def shown_stage(self) -> Shown:
        """For the badge."""
        return Shown(self.stage.value, ABOUT_TO_BE_OUT if self.is_due else STAGE_LABELS[self.stage])


class InternshipHost(Base):
    """How many students a company takes in a round over all its postings; without a row as many as its postings offer."""

    __tablename__ = "internship_hosts"
    __table_args__ = (
        UniqueConstraint("round_id", "organisation_id"),
        CheckConstraint("places BETWEEN 0 AND 999", name="places"),
    )

    id: Mapped[intpk]
    round_id: Mapped[int] = mapped_column(BigKey, ForeignKey("internship_rounds.id"))
    organisation_id: Mapped[int] = mapped_column(BigKey, ForeignKey("organisations.id"), index=True)
    places: Mapped[int]
    changed_by_id: Mapped[int] = mapped_column(BigKey, ForeignKey("people.id"))
    changed_at: Mapped[datetime]


explain(
    "uq_internship_rounds_fiscal_year_name_ja",
    _l("A round of this name exists in this fiscal year already."),
    field="name_ja",
)
