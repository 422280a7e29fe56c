"""Contested payments, and what payers have with the provider."""

from __future__ import annotations

from datetime import date, datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from portal.billing.returns import DisputeState
from portal.core.db import Base, BigKey, State, intpk, yen

_HELD = text("balance_yen > 0")


class Dispute(Base):
    """A payment that the card's holder contests.

    `held_yen` is what the provider has taken and nobody has won yet, `fee_yen` what it keeps for it; both are in our books
    and moved by conditional update alone.
    """

    __tablename__ = "disputes"
    __table_args__ = (
        UniqueConstraint("provider_id"),
        CheckConstraint("amount_yen > 0 AND held_yen >= 0 AND fee_yen >= 0", name="amounts"),
        Index("ix_disputes_state", "state", "id"),
        Index("ix_disputes_invoice", "invoice_id", "id"),
    )

    id: Mapped[intpk]
    provider_id: Mapped[str] = mapped_column(String(120))
    organisation_id: Mapped[int] = mapped_column(BigKey, ForeignKey("organisations.id"))
    invoice_id: Mapped[int] = mapped_column(BigKey, ForeignKey("invoices.id"))
    attempt_id: Mapped[int] = mapped_column(BigKey, ForeignKey("checkout_attempts.id"))
    amount_yen: Mapped[yen]
    held_yen: Mapped[yen] = mapped_column(default=0)
    fee_yen: Mapped[yen] = mapped_column(default=0)
    reason: Mapped[str] = mapped_column(String(60), default="")
    state: Mapped[DisputeState] = mapped_column(State(DisputeState))
    opened_at: Mapped[datetime]
    evidence_due_at: Mapped[datetime | None]
    closed_on: Mapped[date | None]

    @property
    def is_open(self) -> bool:
        """Nobody has won yet."""
        return self.state.is_open


class PayerBalance(Base):
    """What a payer has with the provider and pays nothing: not ours, and not in our books. `seen_at`: as of when."""

    __tablename__ = "payer_balances"
    __table_args__ = (
        UniqueConstraint("customer"),
        CheckConstraint("balance_yen >= 0", name="balance"),
        Index("ix_payer_balances_organisation", "organisation_id", "id"),
        Index("ix_payer_balances_held", "id", sqlite_where=_HELD, postgresql_where=_HELD),
    )

    id: Mapped[intpk]
    customer: Mapped[str] = mapped_column(String(120))
    organisation_id: Mapped[int] = mapped_column(BigKey, ForeignKey("organisations.id"))
    balance_yen: Mapped[yen] = mapped_column(default=0)
    seen_at: Mapped[datetime]
