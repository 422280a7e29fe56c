"""Credit notes, what they released of payments that had settled the invoice, and money given back."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from portal.billing.enums import PaymentSource
from portal.billing.models.issued import Issued
from portal.core.db import Base, BigKey, JSONDocument, State, intpk, yen
from portal.core.schema import freeze

REST = "rest:"  # begins the key of a note that gives back what remains of a period from its day on


class CreditNote(Issued, Base):
    """返還請求書 for a part of an invoice, or for all of it; amounts are positive.

    `period_from`, `period_to` are those of the original supply (消費税法 第57条の4 第3項). `lines` is
    [{"invoice_line_id", "product", "description_ja", "description_en", "detail", "quantity", "unit_price_yen",
    "amount_yen", "category"}, …]. `source_key` names what asked for it, once.
    """

    __tablename__ = "credit_notes"
    __table_args__ = (
        UniqueConstraint("number"),
        UniqueConstraint("series_year", "series_sequence"),
        UniqueConstraint("source_key"),
        CheckConstraint("net_yen + tax_yen = total_yen AND total_yen > 0", name="totals"),
        Index("ix_credit_notes_invoice", "invoice_id", "id"),
        Index("ix_credit_notes_organisation", "organisation_id", "id"),
    )

    organisation_id: Mapped[int] = mapped_column(BigKey, ForeignKey("organisations.id"))
    invoice_id: Mapped[int] = mapped_column(BigKey, ForeignKey("invoices.id"))
    source_key: Mapped[str] = mapped_column(String(120))
    returned_on: Mapped[date]
    reason: Mapped[str] = mapped_column(String(300))
    released_yen: Mapped[yen]
    lines: Mapped[list[Any]] = mapped_column(JSONDocument)


class AllocationRelease(Base):
    """A part of a payment that settles an invoice no longer, because less is asked for; it is an advance from here on."""

    __tablename__ = "allocation_releases"
    __table_args__ = (
        CheckConstraint("amount_yen > 0", name="amount"),
        Index("ix_allocation_releases_invoice", "invoice_id", "id"),
        Index("ix_allocation_releases_payment", "payment_id", "id"),
    )

    id: Mapped[intpk]
    payment_id: Mapped[int] = mapped_column(BigKey, ForeignKey("payments.id"))
    invoice_id: Mapped[int] = mapped_column(BigKey, ForeignKey("invoices.id"))
    credit_note_id: Mapped[int] = mapped_column(BigKey, ForeignKey("credit_notes.id"))
    amount_yen: Mapped[yen]
    created_at: Mapped[datetime]


class Refund(Base):
    """Money of the payer that went back to it: out of the advance on an invoice.

    `reference` makes it the same refund when it is told of twice, as with payments.
    """

    __tablename__ = "refunds"
    __table_args__ = (
        UniqueConstraint("provider", "reference"),
        CheckConstraint("amount_yen > 0", name="amount"),
        Index("ix_refunds_invoice", "invoice_id", "id"),
    )

    id: Mapped[intpk]
    provider: Mapped[PaymentSource] = mapped_column(State(PaymentSource))
    reference: Mapped[str] = mapped_column(String(120))
    organisation_id: Mapped[int] = mapped_column(BigKey, ForeignKey("organisations.id"))
    invoice_id: Mapped[int] = mapped_column(BigKey, ForeignKey("invoices.id"))
    amount_yen: Mapped[yen]
    paid_on: Mapped[date]
    note: Mapped[str] = mapped_column(String(300), default="")
    recorded_by_id: Mapped[int | None] = mapped_column(BigKey, ForeignKey("people.id"))
    created_at: Mapped[datetime]


freeze(CreditNote)
freeze(AllocationRelease)
freeze(Refund)
