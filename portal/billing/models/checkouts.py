"""Attempts to pay through the provider's page."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, text
from sqlalchemy.orm import Mapped, mapped_column

from portal.billing.enums import AttemptState, PayMethod
from portal.core.db import Base, BigKey, JSONDocument, State, intpk, yen

_LIVE = text("state IN ('started', 'checkout_open', 'awaiting_transfer', 'partially_paid')")


class CheckoutAttempt(Base):
    """One page at the provider for one amount. `key` is our name for it there and makes asking twice harmless.

    `received_yen` is how much of the provider's money for it is in our books; moved by conditional update alone.
    """

    __tablename__ = "checkout_attempts"
    __table_args__ = (
        Index(
            "uq_checkout_attempts_live", "invoice_id", "method",
            unique=True, sqlite_where=_LIVE, postgresql_where=_LIVE,
        ),
        CheckConstraint("received_yen >= 0 AND amount_yen > 0", name="amounts"),
        Index("ix_checkout_attempts_state", "state", "id"),
    )  # fmt: skip

    id: Mapped[intpk]
    key: Mapped[str] = mapped_column(String(32), unique=True)
    invoice_id: Mapped[int] = mapped_column(BigKey, ForeignKey("invoices.id"), index=True)
    organisation_id: Mapped[int] = mapped_column(BigKey, ForeignKey("organisations.id"))
    method: Mapped[PayMethod] = mapped_column(State(PayMethod))
    amount_yen: Mapped[yen]
    received_yen: Mapped[yen] = mapped_column(default=0)
    refunded_yen: Mapped[yen] = mapped_column(default=0)
    state: Mapped[AttemptState] = mapped_column(State(AttemptState), default=AttemptState.STARTED)
    language: Mapped[str] = mapped_column(String(5))
    session_id: Mapped[str | None] = mapped_column(String(120), unique=True)
    intent_id: Mapped[str | None] = mapped_column(String(120), unique=True)
    url: Mapped[str | None] = mapped_column(String(2000))
    transfer: Mapped[dict[str, Any] | None] = mapped_column(JSONDocument)  # where the payer sends the money
    failure: Mapped[str | None] = mapped_column(String(300))
    expires_at: Mapped[datetime]
    created_at: Mapped[datetime]
    created_by_id: Mapped[int | None] = mapped_column(BigKey, ForeignKey("people.id"))
