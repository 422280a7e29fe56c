"""Where a quote of the office stands, and the order that answered it."""

from __future__ import annotations

from datetime import date, datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from portal.billing.models.issued import Issued
from portal.core.db import Base, BigKey, JSONDocument, State
from portal.core.schema import freeze
from portal.domain.quote_flow import QuoteState


class OrderWay(StrEnum):
    """How an order came."""

    ONLINE = "online"
    PAPER = "paper"


class QuoteStanding(Base):
    """Where a quote of the office stands: the part that changes, by conditional update alone.

    `due_rule` is that of its invoice (empty: the issuer's); `invoices_itself`: an order is invoiced at once.
    """

    __tablename__ = "quote_standings"
    __table_args__ = (
        Index("ix_quote_standings_state", "state", "valid_until", "quote_id"),
        Index("ix_quote_standings_organisation", "organisation_id", "quote_id"),
    )

    quote_id: Mapped[int] = mapped_column(
        BigKey, ForeignKey("quotes.id"), primary_key=True, autoincrement=False
    )
    organisation_id: Mapped[int] = mapped_column(BigKey, ForeignKey("organisations.id"))
    state: Mapped[QuoteState] = mapped_column(State(QuoteState))
    valid_until: Mapped[date]
    due_rule: Mapped[str] = mapped_column(String(30), default="")
    invoices_itself: Mapped[bool] = mapped_column(default=False)
    moved_at: Mapped[datetime]


class Order(Issued, Base):
    """注文請書: a company has ordered what a quote offered, and we confirm it. One quote, one order.

    `lines` are those of the quote. `received_file_id` is the order as it came on paper.
    """

    __tablename__ = "orders"
    __table_args__ = (
        UniqueConstraint("number"),
        UniqueConstraint("series_year", "series_sequence"),
        UniqueConstraint("quote_id"),
        CheckConstraint("net_yen + tax_yen = total_yen AND total_yen > 0", name="totals"),
        Index("ix_orders_organisation", "organisation_id", "id"),
    )

    organisation_id: Mapped[int] = mapped_column(BigKey, ForeignKey("organisations.id"))
    quote_id: Mapped[int] = mapped_column(BigKey, ForeignKey("quotes.id"))
    way: Mapped[OrderWay] = mapped_column(State(OrderWay))
    ordered_on: Mapped[date]
    ordered_by_id: Mapped[int | None] = mapped_column(BigKey, ForeignKey("people.id"))
    received_file_id: Mapped[int | None] = mapped_column(BigKey, ForeignKey("stored_files.id"))
    lines: Mapped[list[Any]] = mapped_column(JSONDocument)


freeze(Order)
