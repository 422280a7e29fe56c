"""Receipts, and why one no longer holds."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from sqlalchemy import ForeignKey, Index, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from portal.billing.enums import PayMethod
from portal.billing.models.issued import Issued
from portal.core.db import Base, BigKey, JSONDocument, State, intpk, yen
from portal.core.i18n import _
from portal.core.schema import freeze

CONTESTED, RENEWED = "@contested", "@renewed:"  # reasons of `ReceiptVoid` that nobody has typed


class Receipt(Issued, Base):
    """A receipt for an invoice paid in full; `payment_id` is the payment that completed it.

    `received_yen` is the money that no other receipt states, `moved_yen` what was taken from advances that other receipts state.
    `parts` says so by payment: [{"payment_id", "received_yen", "from": [{"number", "invoice", "amount_yen"}, …]}, …]; an older
    version wrote none, and received everything.

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
    moved_yen: Mapped[yen] = mapped_column(default=0, server_default="0")
    parts: Mapped[list[Any]] = mapped_column(JSONDocument, default=list, server_default="[]")
    method: Mapped[PayMethod] = mapped_column(State(PayMethod))

    void: Mapped[ReceiptVoid | None] = relationship(lazy="raise", viewonly=True, uselist=False)

    @property
    def from_receipts(self) -> list[dict[str, Any]]:
        """The advances that were used: number of the receipt that states the money, of its invoice, yen."""
        return [row for part in self.parts for row in part["from"]]


class ReceiptVoid(Base):
    """A receipt that no longer holds. `reason` is what somebody wrote, or `CONTESTED`, `RENEWED` and the number that follows."""

    __tablename__ = "receipt_voids"

    id: Mapped[intpk]
    receipt_id: Mapped[int] = mapped_column(BigKey, ForeignKey("receipts.id"), unique=True)
    reason: Mapped[str] = mapped_column(String(300))
    voided_at: Mapped[datetime]

    @property
    def words(self) -> str:
        """Why, in the reader's language where it is a reason of ours."""
        if self.reason == CONTESTED:
            return _(
                "The card payment was contested, and the card company decided for the holder of the card."
            )
        if self.reason.startswith(RENEWED):
            number = self.reason.removeprefix(RENEWED)
            return _("Its words were corrected; receipt %(number)s stands in its place.", number=number)
        return self.reason


freeze(Receipt)
freeze(ReceiptVoid)
