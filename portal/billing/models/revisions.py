"""Corrected invoices: the same claim on a new paper that names the one before."""

from __future__ import annotations

from datetime import date
from typing import Any

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from portal.billing.models.issued import Issued
from portal.core.db import Base, BigKey, JSONDocument, yen
from portal.core.schema import freeze


class InvoiceRevision(Issued, Base):
    """修正請求書: words are corrected, amounts are not (those are given back by a credit note).

    `number` is the invoice's with a branch number (`INV-2026-000123-1`), and the series of the invoice goes on unmoved.
    `lines` are those of the invoice as data, `position` among them. Both papers are kept (消費税法 第57条の4 第4項).
    """

    __tablename__ = "invoice_revisions"
    __table_args__ = (
        UniqueConstraint("number"),
        UniqueConstraint("invoice_id", "revision"),
        UniqueConstraint("source_key"),
        CheckConstraint("net_yen + tax_yen = total_yen AND total_yen > 0", name="totals"),
        Index("ix_invoice_revisions_organisation", "organisation_id", "id"),
    )

    organisation_id: Mapped[int] = mapped_column(BigKey, ForeignKey("organisations.id"))
    invoice_id: Mapped[int] = mapped_column(BigKey, ForeignKey("invoices.id"))
    revision: Mapped[int]
    source_key: Mapped[str] = mapped_column(String(120))
    reason: Mapped[str] = mapped_column(String(300))
    replaces_number: Mapped[str] = mapped_column(String(30))
    replaces_issued_on: Mapped[date]
    due_on: Mapped[date]
    prepaid_yen: Mapped[yen] = mapped_column(default=0, server_default="0")  # as on the invoice
    lines: Mapped[list[Any]] = mapped_column(JSONDocument)


freeze(InvoiceRevision)
