"""Quotes: a price that holds until a day."""

from __future__ import annotations

from datetime import date
from typing import Any

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from portal.billing.models.issued import Issued
from portal.core.db import Base, BigKey, JSONDocument
from portal.core.schema import freeze


class Quote(Issued, Base):
    """A quote as issued; before an application there may be no organisation yet, only the person who asked."""

    __tablename__ = "quotes"
    __table_args__ = (
        UniqueConstraint("number"),
        UniqueConstraint("series_year", "series_sequence"),
        UniqueConstraint("source_key"),
        CheckConstraint("net_yen + tax_yen = total_yen AND total_yen > 0", name="totals"),
        Index("ix_quotes_organisation", "organisation_id", "id"),
        Index("ix_quotes_issued_by", "issued_by_id", "id"),
    )

    organisation_id: Mapped[int | None] = mapped_column(BigKey, ForeignKey("organisations.id"))
    source_key: Mapped[str] = mapped_column(String(120))
    fiscal_year: Mapped[int]
    valid_until: Mapped[date]
    lines: Mapped[list[Any]] = mapped_column(JSONDocument)

    @property
    def begins_on_approval(self) -> bool:
        """Whether its period had begun when it was made: what is left of it counts from the day of approval."""
        return self.period_from < self.issued_on


freeze(Quote)
