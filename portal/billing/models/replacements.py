"""Invoices in whose place another was issued, because an amount, a line or its tax was wrong."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import ForeignKey, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from portal.core.db import Base, BigKey, intpk
from portal.core.schema import freeze


class InvoiceReplacement(Base):
    """`invoice_id` was given back by `credit_note_id`, and `replaced_by_id` stands in its place; all three are kept.

    `root_key` is the source key of the first invoice of the chain, `place` counts from 1: what asked for the first invoice
    finds the one that holds by it.
    """

    __tablename__ = "invoice_replacements"
    __table_args__ = (
        UniqueConstraint("invoice_id"),
        UniqueConstraint("replaced_by_id"),
        UniqueConstraint("root_key", "place"),
        UniqueConstraint("source_key"),
    )

    id: Mapped[intpk]
    source_key: Mapped[str] = mapped_column(String(120))
    root_key: Mapped[str] = mapped_column(String(120))
    place: Mapped[int]
    invoice_id: Mapped[int] = mapped_column(BigKey, ForeignKey("invoices.id"))
    replaced_by_id: Mapped[int] = mapped_column(BigKey, ForeignKey("invoices.id"))
    credit_note_id: Mapped[int] = mapped_column(BigKey, ForeignKey("credit_notes.id"))
    reason: Mapped[str] = mapped_column(String(300))
    created_at: Mapped[datetime]
    created_by_id: Mapped[int | None] = mapped_column(BigKey, ForeignKey("people.id"))


freeze(InvoiceReplacement)
