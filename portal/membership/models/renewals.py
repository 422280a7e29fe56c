"""Renewals: a campaign for a fiscal year, one row for each member that is due, its reminders, links and acceptances."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from sqlalchemy import CheckConstraint, ForeignKey, Index, Integer, String, Text, UniqueConstraint, false
from sqlalchemy.orm import Mapped, mapped_column, relationship

from portal.accounts.models import Organisation
from portal.core.db import Base, BigKey, JSONDocument, State, intpk
from portal.core.i18n import _l
from portal.core.integrity import explain
from portal.core.schema import freeze
from portal.domain.renewal_flow import RenewalState, Season, Standing
from portal.domain.terms import FiscalYear
from portal.membership.enums import Shown
from portal.membership.models.terms import ContractTerm
from portal.membership.models.tiers import RulesVersion, Tier
from portal.membership.renewing import AnswerWay, DeclineReason, NoticeState, shown_renewal


class RenewalCampaign(Base):
    """The renewals for one fiscal year: `fiscal_year` is the year that is renewed for. `ladder`: days around the deadline."""

    __tablename__ = "renewal_campaigns"
    __table_args__ = (
        CheckConstraint("offers_on < deadline_on", name="order"),
        CheckConstraint("grace_days >= 0 AND suspension_days >= 0", name="days"),
    )

    id: Mapped[intpk]
    fiscal_year: Mapped[int] = mapped_column(Integer, unique=True)
    offers_on: Mapped[date]
    deadline_on: Mapped[date]
    grace_days: Mapped[int]
    suspension_days: Mapped[int]
    ladder: Mapped[list[Any]] = mapped_column(JSONDocument)
    created_by_id: Mapped[int | None] = mapped_column(BigKey, ForeignKey("people.id"))
    created_at: Mapped[datetime]

    @property
    def season(self) -> Season:
        """For the rules of the flow."""
        return Season(
            FiscalYear(self.fiscal_year),
            self.offers_on,
            self.deadline_on,
            self.grace_days,
            self.suspension_days,
        )


explain(
    "uq_renewal_campaigns_fiscal_year",
    _l("This fiscal year has its renewal campaign already."),
    field="fiscal_year",
)


class Renewal(Base):
    """One member's renewal. Moved only by conditional updates (services.renewals.moves); `version` counts them.

    `tier_id` None once offered: the tier of this year is not open to the company next year, so it has to choose.
    `price` is the offered price as in `Application.price`, frozen with the offer. `is_agreed`: there is a contract for
    the year (`term_id`) that stands. `beyond_places`: the office has let it go beyond the places of the year. `next_on` is the day on which the calendar does something, None at an end.
    """

    __tablename__ = "renewals"
    __table_args__ = (
        UniqueConstraint("organisation_id", "fiscal_year"),
        Index("ix_renewals_board", "campaign_id", "state", "id"),
        Index("ix_renewals_next", "next_on", "id"),
        Index("ix_renewals_state", "state", "id"),
        Index("ix_renewals_held", "fiscal_year", "state", "deadline_on"),  # places that are held
    )

    id: Mapped[intpk]
    campaign_id: Mapped[int] = mapped_column(BigKey, ForeignKey("renewal_campaigns.id"))
    fiscal_year: Mapped[int] = mapped_column(Integer)
    organisation_id: Mapped[int] = mapped_column(BigKey, ForeignKey("organisations.id"))
    from_term_id: Mapped[int] = mapped_column(BigKey, ForeignKey("contract_terms.id"))
    state: Mapped[RenewalState] = mapped_column(State(RenewalState), default=RenewalState.DUE)
    version: Mapped[int] = mapped_column(default=0)
    moved_at: Mapped[datetime]
    deadline_on: Mapped[date]
    next_on: Mapped[date | None]
    beyond_places: Mapped[bool] = mapped_column(default=False, server_default=false())

    offered_at: Mapped[datetime | None]
    tier_id: Mapped[int | None] = mapped_column(BigKey, ForeignKey("tiers.id"))
    price: Mapped[dict[str, Any] | None] = mapped_column(JSONDocument)

    is_agreed: Mapped[bool] = mapped_column(default=False)
    term_id: Mapped[int | None] = mapped_column(BigKey, ForeignKey("contract_terms.id"), index=True)
    pay_by: Mapped[date | None]
    evidence: Mapped[dict[str, Any] | None] = mapped_column(JSONDocument)
    facts_told_on: Mapped[date | None]

    answered_at: Mapped[datetime | None]
    answered_by_id: Mapped[int | None] = mapped_column(BigKey, ForeignKey("people.id"))
    answer_way: Mapped[AnswerWay | None] = mapped_column(State(AnswerWay))
    decline_reason: Mapped[DeclineReason | None] = mapped_column(State(DeclineReason))
    decline_note: Mapped[str] = mapped_column(Text, default="")

    organisation: Mapped[Organisation] = relationship(lazy="raise")
    campaign: Mapped[RenewalCampaign] = relationship(lazy="raise")
    tier: Mapped[Tier | None] = relationship(lazy="raise")
    from_term: Mapped[ContractTerm] = relationship(lazy="raise", foreign_keys=[from_term_id])
    term: Mapped[ContractTerm | None] = relationship(lazy="raise", foreign_keys=[term_id])

    @property
    def shown_state(self) -> Shown:
        """For the badge."""
        return shown_renewal(self.state)

    @property
    def standing(self) -> Standing:
        """For the rules of the flow."""
        return Standing(self.state, self.deadline_on, self.is_agreed, self.pay_by)


class RenewalNotice(Base):
    """A step of the reminder ladder for one deadline of one renewal: planned, and what became of it."""

    __tablename__ = "renewal_notices"
    __table_args__ = (
        UniqueConstraint("renewal_id", "deadline_on", "offset_days"),
        Index("ix_renewal_notices_due", "state", "due_on", "renewal_id"),
    )

    id: Mapped[intpk]
    renewal_id: Mapped[int] = mapped_column(BigKey, ForeignKey("renewals.id"))
    deadline_on: Mapped[date]
    offset_days: Mapped[int]
    due_on: Mapped[date]
    state: Mapped[NoticeState] = mapped_column(State(NoticeState), default=NoticeState.PLANNED)
    done_at: Mapped[datetime | None]


class RenewalLink(Base):
    """A link in a mail that answers without signing in: bound to one person, works once; the row holds its hash."""

    __tablename__ = "renewal_links"
    __table_args__ = (Index("ix_renewal_links_renewal", "renewal_id", "person_id"),)

    id: Mapped[intpk]
    renewal_id: Mapped[int] = mapped_column(BigKey, ForeignKey("renewals.id"))
    person_id: Mapped[int] = mapped_column(BigKey, ForeignKey("people.id"))
    token_hash: Mapped[str] = mapped_column(String(64), unique=True)
    created_at: Mapped[datetime]
    expires_at: Mapped[datetime]
    used_at: Mapped[datetime | None]


class RenewalAcceptance(Base):
    """A person accepted a version of the rules with a renewal."""

    __tablename__ = "renewal_acceptances"
    __table_args__ = (UniqueConstraint("renewal_id", "version", "rules_version_id"),)

    id: Mapped[intpk]
    renewal_id: Mapped[int] = mapped_column(BigKey, ForeignKey("renewals.id"))
    version: Mapped[int]  # of the renewal, as it was accepted
    rules_version_id: Mapped[int] = mapped_column(BigKey, ForeignKey("rules_versions.id"))
    person_id: Mapped[int] = mapped_column(BigKey, ForeignKey("people.id"), index=True)
    accepted_at: Mapped[datetime]

    rules_version: Mapped[RulesVersion] = relationship(lazy="raise")


freeze(RenewalAcceptance)
