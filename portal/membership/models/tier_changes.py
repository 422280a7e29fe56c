"""Another tier in the middle of a term, or for the next one; and in what the rest of a term is counted."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from sqlalchemy import ForeignKey, Index, String, Text, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from portal.accounts.models import Organisation
from portal.core.db import Base, BigKey, JSONDocument, State, intpk
from portal.core.i18n import _l
from portal.core.integrity import explain
from portal.core.schema import freeze
from portal.domain.tier_change import Proration
from portal.domain.tier_change_flow import ChangeKind, ChangeState
from portal.membership.changing import shown_change
from portal.membership.enums import Shown
from portal.membership.models.terms import ContractTerm
from portal.membership.models.tiers import Tier

_OPEN = text("state IN ('asked', 'planned')")


class ProrationRule(Base):
    """In what the rest of a term is counted from `valid_from` on; of two from the same day the later row holds."""

    __tablename__ = "proration_rules"
    __table_args__ = (Index("ix_proration_rules_valid_from", "valid_from", "id"),)

    id: Mapped[intpk]
    valid_from: Mapped[date]
    proration: Mapped[Proration] = mapped_column(State(Proration))
    created_at: Mapped[datetime]
    created_by_id: Mapped[int | None] = mapped_column(BigKey, ForeignKey("people.id"))


freeze(ProrationRule)


class TierChange(Base):
    """A wish for another tier and what became of it. Moved only by conditional updates (services.tier_changes.moves).

    `terms` is what the company agreed to: {"to_pay_yen", "asked_yen", "given_back_yen", "first", "proration", …}.
    `before` is what the contract said: {"tier_id", "tier", "price"}. An invoice is replaced by one change at most.
    """

    __tablename__ = "tier_changes"
    __table_args__ = (
        UniqueConstraint("once_key"),
        UniqueConstraint("credited_invoice_id"),
        UniqueConstraint("invoice_id"),
        Index("uq_tier_changes_open", "term_id", unique=True, sqlite_where=_OPEN, postgresql_where=_OPEN),
        Index("ix_tier_changes_organisation", "organisation_id", "id"),
        Index("ix_tier_changes_term", "term_id", "id"),
        Index("ix_tier_changes_state", "state", "answer_by", "id"),
    )

    id: Mapped[intpk]
    organisation_id: Mapped[int] = mapped_column(BigKey, ForeignKey("organisations.id"))
    term_id: Mapped[int] = mapped_column(BigKey, ForeignKey("contract_terms.id"))
    kind: Mapped[ChangeKind] = mapped_column(State(ChangeKind))
    state: Mapped[ChangeState] = mapped_column(State(ChangeState))
    tier_id: Mapped[int] = mapped_column(BigKey, ForeignKey("tiers.id"))
    once_key: Mapped[str] = mapped_column(String(120))
    terms: Mapped[dict[str, Any] | None] = mapped_column(JSONDocument)
    before: Mapped[dict[str, Any]] = mapped_column(JSONDocument)
    evidence: Mapped[dict[str, Any] | None] = mapped_column(JSONDocument)
    answer_by: Mapped[date]
    asked_by_id: Mapped[int | None] = mapped_column(BigKey, ForeignKey("people.id"))
    asked_at: Mapped[datetime]
    decided_by_id: Mapped[int | None] = mapped_column(BigKey, ForeignKey("people.id"))
    decided_at: Mapped[datetime | None]
    reason: Mapped[str] = mapped_column(Text, default="")
    effective_on: Mapped[date | None]
    credited_invoice_id: Mapped[int | None] = mapped_column(BigKey, ForeignKey("invoices.id"))
    credit_note_id: Mapped[int | None] = mapped_column(BigKey, ForeignKey("credit_notes.id"))
    invoice_id: Mapped[int | None] = mapped_column(BigKey, ForeignKey("invoices.id"))

    organisation: Mapped[Organisation] = relationship(lazy="raise")
    term: Mapped[ContractTerm] = relationship(lazy="raise")
    tier: Mapped[Tier] = relationship(lazy="raise")

    @property
    def shown_state(self) -> Shown:
        """For the badge."""
        return shown_change(self.state)

    def tier_before(self, language: str) -> str:
        """The name of the tier that the contract had."""
        return str(self.before["tier"]["name_en" if language == "en" else "name_ja"])


explain("uq_tier_changes_open", _l("A wish for another tier is open already. Please see to that one first."))
explain("uq_tier_changes_credited_invoice_id", _l("The tier has been changed in the meantime."))
