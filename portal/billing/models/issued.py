"""What quotes, invoices and receipts share: a number, the parties and totals as they were, and the kept PDF."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal
from typing import Any

from sqlalchemy import ForeignKey, String, Text
from sqlalchemy.orm import Mapped, declared_attr, mapped_column

from portal.core.db import BigKey, JSONDocument, intpk, yen
from portal.domain.tax import Subtotal, TaxCategory


class Issued:
    """Columns of an issued document.

    `issuer` is {"party": …, "bank_accounts": […], "profile_id": n}, `buyer` the fields of a PartySnapshot, `tax_rows`
    [{"category", "rate", "net_yen", "tax_yen", "gross_yen"}, …]: all as they stood on the day of issue.
    """

    id: Mapped[intpk]
    number: Mapped[str] = mapped_column(String(30))
    series_year: Mapped[int]
    series_sequence: Mapped[int]
    issued_on: Mapped[date]
    language: Mapped[str] = mapped_column(String(5))
    subject_ja: Mapped[str] = mapped_column(String(300))
    subject_en: Mapped[str] = mapped_column(String(300))
    period_from: Mapped[date]
    period_to: Mapped[date]
    issuer: Mapped[dict[str, Any]] = mapped_column(JSONDocument)
    buyer: Mapped[dict[str, Any]] = mapped_column(JSONDocument)
    tax_rows: Mapped[list[Any]] = mapped_column(JSONDocument)
    net_yen: Mapped[yen]
    tax_yen: Mapped[yen]
    total_yen: Mapped[yen]
    purchase_order: Mapped[str] = mapped_column(String(60), default="")
    notes: Mapped[str] = mapped_column(Text, default="")
    file_sha256: Mapped[str] = mapped_column(String(64))
    created_at: Mapped[datetime]

    @declared_attr
    def file_id(cls) -> Mapped[int]:  # noqa: N805
        return mapped_column(BigKey, ForeignKey("stored_files.id"))

    @declared_attr
    def issued_by_id(cls) -> Mapped[int | None]:  # noqa: N805
        return mapped_column(BigKey, ForeignKey("people.id"))

    def subject(self, language: str) -> str:
        """What it is for, for a reader of `language`."""
        return self.subject_en if language == "en" else self.subject_ja

    @property
    def subtotals(self) -> tuple[Subtotal, ...]:
        """What `tax_rows` keeps, as values."""
        return tuple(
            Subtotal(
                TaxCategory(row["category"]),
                Decimal(row["rate"]),
                row["net_yen"],
                row["tax_yen"],
                row["gross_yen"],
            )
            for row in self.tax_rows
        )

    @property
    def buyer_name(self) -> str:
        return str(self.buyer["name"])
