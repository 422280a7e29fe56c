"""Contract terms: what membership derives from."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from sqlalchemy import CheckConstraint, ForeignKey, Index, Integer, String, false, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from portal.accounts.models import Organisation
from portal.core import clock
from portal.core.db import Base, BigKey, JSONDocument, intpk
from portal.core.i18n import _l
from portal.core.integrity import explain
from portal.domain.entitlements import TierSnapshot
from portal.domain.terms import FiscalYear, Term, TermState, last_day_of
from portal.membership.enums import TERM_LABELS, Shown

_OPEN = text("cancelled_on IS NULL")
_PAID = text("activated_on IS NOT NULL AND cancelled_on IS NULL")


class ContractTerm(Base):
    """One organisation's contract for one fiscal year, with the tier and the price as they were agreed.

    Its state is derived from the days it knows (`state`); `activated_on` is the day of payment, `cancelled_on` the first
    day without membership. `beyond_places`: made, or standing again, where the others had every place or held it.
    """

    __tablename__ = "contract_terms"
    __table_args__ = (
        Index(
            "uq_contract_terms_open", "organisation_id", "fiscal_year", unique=True,
            sqlite_where=_OPEN, postgresql_where=_OPEN,
        ),
        Index("ix_contract_terms_year", "fiscal_year", "tier_code", "id"),
        Index("ix_contract_terms_organisation", "organisation_id", "fiscal_year", "id"),
        Index("ix_contract_terms_paid", "fiscal_year", "tier_code", sqlite_where=_PAID, postgresql_where=_PAID),
        Index("ix_contract_terms_standing", "fiscal_year", sqlite_where=_OPEN, postgresql_where=_OPEN),
        CheckConstraint("ends_on >= starts_on", name="order"),
    )  # fmt: skip

    id: Mapped[intpk]
    organisation_id: Mapped[int] = mapped_column(BigKey, ForeignKey("organisations.id"))
    fiscal_year: Mapped[int] = mapped_column(Integer)
    application_id: Mapped[int | None] = mapped_column(BigKey, ForeignKey("applications.id"), unique=True)
    tier_id: Mapped[int] = mapped_column(BigKey, ForeignKey("tiers.id"))
    tier_code: Mapped[str] = mapped_column(String(20))
    tier_snapshot: Mapped[dict[str, Any]] = mapped_column(JSONDocument)  # domain.entitlements.TierSnapshot
    price: Mapped[dict[str, Any]] = mapped_column(JSONDocument)  # as Application.price
    starts_on: Mapped[date]
    ends_on: Mapped[date]
    activated_on: Mapped[date | None]
    cancelled_on: Mapped[date | None]
    beyond_places: Mapped[bool] = mapped_column(default=False, server_default=false())
    created_at: Mapped[datetime]

    organisation: Mapped[Organisation] = relationship(lazy="raise")

    def as_term(self) -> Term:
        """For the rules of standing."""
        return Term(
            FiscalYear(self.fiscal_year), self.tier_code, self.starts_on, self.ends_on,
            self.activated_on, self.cancelled_on, reference=self.id,
        )  # fmt: skip

    @property
    def last_day(self) -> date:
        """The last day of membership."""
        return last_day_of(self.as_term())

    @property
    def state(self) -> TermState:
        """The state today."""
        return self.as_term().state_on(clock.today())

    @property
    def shown_state(self) -> Shown:
        """For the badge."""
        return Shown(self.state.value, TERM_LABELS[self.state])

    @property
    def snapshot(self) -> TierSnapshot:
        """The tier as it was agreed."""
        return TierSnapshot.from_document(self.tier_snapshot)

    def tier_name(self, language: str) -> str:
        return str(self.tier_snapshot["name_en" if language == "en" else "name_ja"])


explain(
    "uq_contract_terms_open",
    _l("This company already has a contract for this fiscal year."),
    field="corporate_number",
)
explain("uq_contract_terms_application_id", _l("This application has its contract already."))


class MonitorUse(Base):
    """The monitor price was given to this corporate number; the unique key makes it once."""

    __tablename__ = "monitor_uses"

    id: Mapped[intpk]
    corporate_number: Mapped[str] = mapped_column(String(13), unique=True)
    term_id: Mapped[int] = mapped_column(BigKey, ForeignKey("contract_terms.id"))
    created_at: Mapped[datetime]


explain(
    "uq_monitor_uses_corporate_number",
    _l("The monitor price was given to this company before; it is given once."),
    field="tier",
)
