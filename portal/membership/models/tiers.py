"""Tiers, windows and the versions of what applicants accept: the data that the administrator keeps."""

from __future__ import annotations

from datetime import date, datetime

from sqlalchemy import CheckConstraint, Integer, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from portal.core import clock
from portal.core.db import Base, State, intpk, yen
from portal.core.i18n import _l
from portal.core.integrity import explain
from portal.core.schema import freeze
from portal.domain.eligibility import TierRule
from portal.domain.entitlements import TierSnapshot
from portal.membership.enums import RulesKind, WindowState


class Tier(Base):
    """A membership tier, valid from one fiscal year to another (both included; open end: None). Fees are ex tax.

    The tax category is decided for membership fees as a whole (`billing.queries.issuers.category_on`).

    `training_seats` None: learners are included, no number is named. Terms keep a snapshot, so a change here touches
    none that exists.
    """

    __tablename__ = "tiers"
    __table_args__ = (
        UniqueConstraint("code", "valid_from"),
        CheckConstraint("annual_fee_yen >= 0", name="fee"),
        CheckConstraint("valid_to IS NULL OR valid_to >= valid_from", name="validity"),
    )

    id: Mapped[intpk]
    code: Mapped[str] = mapped_column(String(20))
    valid_from: Mapped[int] = mapped_column(Integer)
    valid_to: Mapped[int | None] = mapped_column(Integer)
    name_ja: Mapped[str] = mapped_column(String(100))
    name_en: Mapped[str] = mapped_column(String(100))
    eligible_ja: Mapped[str] = mapped_column(String(200))
    eligible_en: Mapped[str] = mapped_column(String(200))
    note_ja: Mapped[str] = mapped_column(String(400), default="")
    note_en: Mapped[str] = mapped_column(String(400), default="")
    annual_fee_yen: Mapped[yen]
    training_seats: Mapped[int | None]
    has_liaison_meeting: Mapped[bool] = mapped_column(default=True)
    has_study_groups: Mapped[bool] = mapped_column(default=True)
    requires_venture: Mapped[bool] = mapped_column(default=False)
    employees_below: Mapped[int | None]
    founding_years_max: Mapped[int | None]
    arrangement_from_learners: Mapped[int | None]
    is_monitor: Mapped[bool] = mapped_column(default=False)  # once per corporate number
    sort_order: Mapped[int] = mapped_column(default=0)

    def name(self, language: str) -> str:
        return self.name_en if language == "en" else self.name_ja

    def eligible(self, language: str) -> str:
        return self.eligible_en if language == "en" else self.eligible_ja

    def note(self, language: str) -> str:
        return self.note_en if language == "en" else self.note_ja

    @property
    def takes_learners(self) -> bool:
        """Whether learners may be named at all."""
        return self.training_seats != 0

    def rule(self) -> TierRule:
        """The conditions, for the eligibility engine."""
        return TierRule(
            code=self.code,
            requires_venture=self.requires_venture,
            employees_below=self.employees_below,
            years_since_founding_max=self.founding_years_max,
            training_seats=self.training_seats,
            arrangement_from_learners=self.arrangement_from_learners,
            monitor_once=self.is_monitor,
        )

    def snapshot(self, agreed_seats: int | None = None) -> TierSnapshot:
        """What a term keeps of this tier."""
        return TierSnapshot(
            tier_code=self.code,
            name_ja=self.name_ja,
            name_en=self.name_en,
            annual_fee_yen=self.annual_fee_yen,
            training_seats=self.training_seats,
            liaison_meeting=self.has_liaison_meeting,
            study_groups=self.has_study_groups,
            agreed_seats=agreed_seats,
        )


explain(
    "uq_tiers_code_valid_from",
    _l("This tier already has a version from that fiscal year."),
    field="valid_from",
)


class ApplicationWindow(Base):
    """When applications for a fiscal year are taken, and how many members there is room for.

    Until `priority_until` last year's members go first: their applications carry the priority mark.
    """

    __tablename__ = "application_windows"
    __table_args__ = (
        CheckConstraint("closes_at > opens_at", name="order"),
        CheckConstraint("places > 0", name="places"),
    )

    id: Mapped[intpk]
    fiscal_year: Mapped[int] = mapped_column(Integer, unique=True)
    opens_at: Mapped[datetime]
    closes_at: Mapped[datetime]
    places: Mapped[int]
    priority_until: Mapped[datetime | None]

    @property
    def has_priority_now(self) -> bool:
        """Whether last year's members still go first."""
        return self.priority_until is not None and clock.now() < self.priority_until

    def state_at(self, moment: datetime) -> WindowState:
        """Open from `opens_at` until just before `closes_at`."""
        return state_between(self.opens_at, self.closes_at, moment)


def state_between(opens_at: datetime, closes_at: datetime, moment: datetime) -> WindowState:
    """The state of a window with these ends."""
    if moment < opens_at:
        return WindowState.UPCOMING
    return WindowState.OPEN if moment < closes_at else WindowState.CLOSED


explain(
    "uq_application_windows_fiscal_year", _l("This fiscal year already has its dates."), field="fiscal_year"
)


class RulesVersion(Base):
    """A text that applicants accept, word for word; a new wording is a new row."""

    __tablename__ = "rules_versions"
    __table_args__ = (UniqueConstraint("kind", "version"),)

    id: Mapped[intpk]
    kind: Mapped[RulesKind] = mapped_column(State(RulesKind))
    version: Mapped[str] = mapped_column(String(20))
    text_ja: Mapped[str] = mapped_column(Text)
    text_en: Mapped[str] = mapped_column(Text)
    effective_on: Mapped[date]
    created_at: Mapped[datetime]

    def text(self, language: str) -> str:
        return self.text_en if language == "en" else self.text_ja


freeze(RulesVersion)
explain(
    "uq_rules_versions_kind_version",
    _l("This version exists already; give the new wording another number."),
    field="version",
)
