"""Money that was too much on one invoice and settles another of the same company."""

from __future__ import annotations

from datetime import date, datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from portal.core.db import Base, BigKey, intpk, yen
from portal.core.schema import freeze


class AdvanceMove(Base):
    """An advance on one invoice, used for another of the same company; `undoes_id` names the one that it takes back."""

    __tablename__ = "advance_moves"
    __table_args__ = (
        UniqueConstraint("source_key"),
        UniqueConstraint("undoes_id"),
        CheckConstraint("amount_yen > 0", name="amount"),
        CheckConstraint("from_invoice_id <> to_invoice_id", name="invoices"),
        Index("ix_advance_moves_from", "from_invoice_id", "id"),
        Index("ix_advance_moves_to", "to_invoice_id", "id"),
    )

    id: Mapped[intpk]
    source_key: Mapped[str] = mapped_column(String(120))
    undoes_id: Mapped[int | None] = mapped_column(BigKey, ForeignKey("advance_moves.id"))
    organisation_id: Mapped[int] = mapped_column(BigKey, ForeignKey("organisations.id"))
    from_invoice_id: Mapped[int] = mapped_column(BigKey, ForeignKey("invoices.id"))
    to_invoice_id: Mapped[int] = mapped_column(BigKey, ForeignKey("invoices.id"))
    amount_yen: Mapped[yen]
    reason: Mapped[str] = mapped_column(String(300))
    moved_on: Mapped[date]
    moved_by_id: Mapped[int | None] = mapped_column(BigKey, ForeignKey("people.id"))
    created_at: Mapped[datetime]


class AdvancePart(Base):
    """Of which payment the money is; `released_yen` of it had settled the invoice that it leaves (when a move is undone)."""

    __tablename__ = "advance_parts"
    __table_args__ = (
        UniqueConstraint("move_id", "payment_id"),
        CheckConstraint(
            "amount_yen > 0 AND released_yen >= 0 AND released_yen <= amount_yen", name="amounts"
        ),
        Index("ix_advance_parts_payment", "payment_id", "id"),
    )

    id: Mapped[intpk]
    move_id: Mapped[int] = mapped_column(BigKey, ForeignKey("advance_moves.id"))
    payment_id: Mapped[int] = mapped_column(BigKey, ForeignKey("payments.id"))
    amount_yen: Mapped[yen]
    released_yen: Mapped[yen] = mapped_column(default=0)


freeze(AdvanceMove)
freeze(AdvancePart)
