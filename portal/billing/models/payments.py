"""Money that arrived, what it settled, and mistakes undone."""

from __future__ import annotations

from datetime import date, datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from portal.billing.enums import PaymentSource, PayMethod
from portal.core.db import Base, BigKey, State, intpk, yen
from portal.core.schema import freeze


class Payment(Base):
    """One movement of money towards us, for one invoice.

    `provider_reference` is what makes it the same movement: for the provider its payment and the amount that had
    arrived until then (`pi_…:500000`), for a recorded transfer the one-time key of the form.
    """

    __tablename__ = "payments"
    __table_args__ = (
        UniqueConstraint("provider", "provider_reference"),
        CheckConstraint("amount_yen > 0", name="amount"),
        Index("ix_payments_invoice", "invoice_id", "id"),
    )

    id: Mapped[intpk]
    provider: Mapped[PaymentSource] = mapped_column(State(PaymentSource))
    provider_reference: Mapped[str] = mapped_column(String(120))
    method: Mapped[PayMethod] = mapped_column(State(PayMethod))
    organisation_id: Mapped[int] = mapped_column(BigKey, ForeignKey("organisations.id"))
    invoice_id: Mapped[int] = mapped_column(BigKey, ForeignKey("invoices.id"))
    attempt_id: Mapped[int | None] = mapped_column(BigKey, ForeignKey("checkout_attempts.id"))
    amount_yen: Mapped[yen]
    received_on: Mapped[date]
    payer_name: Mapped[str] = mapped_column(String(120), default="")
    recorded_by_id: Mapped[int | None] = mapped_column(BigKey, ForeignKey("people.id"))
    created_at: Mapped[datetime]


class Allocation(Base):
    """A part of a payment that settles an invoice."""

    __tablename__ = "allocations"
    __table_args__ = (
        CheckConstraint("amount_yen > 0", name="amount"),
        Index("ix_allocations_invoice", "invoice_id", "id"),
        Index("ix_allocations_payment", "payment_id", "id"),
    )

    id: Mapped[intpk]
    payment_id: Mapped[int] = mapped_column(BigKey, ForeignKey("payments.id"))
    invoice_id: Mapped[int] = mapped_column(BigKey, ForeignKey("invoices.id"))
    amount_yen: Mapped[yen]
    created_at: Mapped[datetime]


class PaymentReversal(Base):
    """A payment recorded by mistake: it stays, and counts for nothing from here on."""

    __tablename__ = "payment_reversals"

    id: Mapped[intpk]
    payment_id: Mapped[int] = mapped_column(BigKey, ForeignKey("payments.id"), unique=True)
    reason: Mapped[str] = mapped_column(String(300))
    reversed_by_id: Mapped[int | None] = mapped_column(BigKey, ForeignKey("people.id"))
    reversed_at: Mapped[datetime]


freeze(Payment)
freeze(Allocation)
freeze(PaymentReversal)
