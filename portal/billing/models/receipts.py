"""Receipts, and why one no longer holds."""

from __future__ import annotations

from datetime import date, datetime

from sqlalchemy import ForeignKey, Index, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from portal.billing.enums import PayMethod
from portal.billing.models.issued import Issued
from portal.core.db import Base, BigKey, State, intpk, yen
from portal.core.schema import freeze


class Receipt(Issued, Base):
    """A receipt for an invoice paid in full; `payment_id` is the payment that completed it.

    `issue` 0 is the first, 1 and up are copies issued again on request: the same number, marked 再発行.
    """

    __tablename__ = "receipts"
    __table_args__ = (
        UniqueConstraint("number", "issue"),
        UniqueConstraint("series_year", "series_sequence", "issue"),
        Index("ix_receipts_payment", "payment_id"),
        Index("ix_receipts_invoice", "invoice_id", "id"),
        Index("ix_receipts_organisation", "organisation_id", "id"),
    )

    organisation_id: Mapped[int] = mapped_column(BigKey, ForeignKey("organisations.id"))
    invoice_id: Mapped[int] = mapped_column(BigKey, ForeignKey("invoices.id"))
    payment_id: Mapped[int] = mapped_column(BigKey, ForeignKey("payments.id"))
    issue: Mapped[int] = mapped_column(default=0)
    received_on: Mapped[date]
    received_yen: Mapped[yen]
    method: Mapped[PayMethod] = mapped_column(State(PayMethod))

    void: Mapped[ReceiptVoid | None] = relationship(lazy="raise", viewonly=True, uselist=False)


class ReceiptVoid(Base):
    """A receipt that no longer holds, because the money behind it was taken back."""

    __tablename__ = "receipt_voids"

    id: Mapped[intpk]
    receipt_id: Mapped[int] = mapped_column(BigKey, ForeignKey("receipts.id"), unique=True)
    reason: Mapped[str] = mapped_column(String(300))
    voided_at: Mapped[datetime]


freeze(Receipt)
freeze(ReceiptVoid)
