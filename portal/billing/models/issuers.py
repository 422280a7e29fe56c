"""Who issues the documents, and how fees are taxed: rows valid from a day, never changed."""

from __future__ import annotations

from datetime import date, datetime

from sqlalchemy import ForeignKey, Index, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from portal.billing.enums import FeeProduct
from portal.core.db import Base, BigKey, State, intpk
from portal.core.schema import freeze
from portal.domain.due_dates import DueRule
from portal.domain.tax import RoundingMode, TaxCategory


class IssuerProfile(Base):
    """The issuer from `valid_from` on; of two from the same day the later row holds.

    An empty `registration_number` means: not registered, so documents make no claim to be qualified invoices.
    """

    __tablename__ = "issuer_profiles"
    __table_args__ = (Index("ix_issuer_profiles_valid_from", "valid_from", "id"),)

    id: Mapped[intpk]
    valid_from: Mapped[date]
    name_ja: Mapped[str] = mapped_column(String(200))
    name_en: Mapped[str] = mapped_column(String(200))
    registration_number: Mapped[str] = mapped_column(String(14), default="")
    postal_code: Mapped[str] = mapped_column(String(10), default="")
    address_ja: Mapped[str] = mapped_column(String(300))
    address_en: Mapped[str] = mapped_column(String(300))
    department: Mapped[str] = mapped_column(String(100), default="")
    department_en: Mapped[str] = mapped_column(String(100), default="", server_default="")
    telephone: Mapped[str] = mapped_column(String(30), default="")
    email: Mapped[str] = mapped_column(String(254), default="")
    bank_name: Mapped[str] = mapped_column(String(60), default="")
    bank_name_en: Mapped[str] = mapped_column(String(60), default="", server_default="")
    bank_code: Mapped[str] = mapped_column(String(4), default="")
    branch_name: Mapped[str] = mapped_column(String(60), default="")
    branch_name_en: Mapped[str] = mapped_column(String(60), default="", server_default="")
    branch_code: Mapped[str] = mapped_column(String(3), default="")
    account_kind: Mapped[str] = mapped_column(String(10), default="ordinary")
    account_number: Mapped[str] = mapped_column(String(10), default="")
    account_holder: Mapped[str] = mapped_column(String(100), default="")
    account_holder_en: Mapped[str] = mapped_column(String(100), default="", server_default="")
    rounding: Mapped[RoundingMode] = mapped_column(State(RoundingMode), default=RoundingMode.FLOOR)
    due_rule: Mapped[str] = mapped_column(String(30), default="end_of_next_month")
    shifts_due_day: Mapped[bool] = mapped_column(default=True)
    quote_valid_days: Mapped[int] = mapped_column(default=30)
    created_at: Mapped[datetime]
    created_by_id: Mapped[int | None] = mapped_column(BigKey, ForeignKey("people.id"))

    @property
    def rule(self) -> DueRule:
        """When invoices are due."""
        return DueRule.parse(self.due_rule)

    @property
    def has_bank_account(self) -> bool:
        return bool(self.bank_name and self.account_number)


class TaxTreatment(Base):
    """How a product is taxed from `valid_from` on, with the notice that members get (消費税法基本通達 5-5-3)."""

    __tablename__ = "tax_treatments"
    __table_args__ = (Index("ix_tax_treatments_product", "product", "valid_from", "id"),)

    id: Mapped[intpk]
    product: Mapped[FeeProduct] = mapped_column(State(FeeProduct))
    valid_from: Mapped[date]
    category: Mapped[TaxCategory] = mapped_column(State(TaxCategory))
    notice_ja: Mapped[str] = mapped_column(Text, default="")
    notice_en: Mapped[str] = mapped_column(Text, default="")
    created_at: Mapped[datetime]
    created_by_id: Mapped[int | None] = mapped_column(BigKey, ForeignKey("people.id"))


freeze(IssuerProfile)
freeze(TaxTreatment)
