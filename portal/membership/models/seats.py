"""Extra training seats that the office and a company arrange for a term, at a price of their own."""

from __future__ import annotations

from datetime import date, datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, Text, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from portal.accounts.models import Organisation
from portal.core.db import Base, BigKey, State, intpk, yen
from portal.core.i18n import _l
from portal.core.integrity import explain
from portal.domain.seats import SeatState
from portal.domain.tax import TaxCategory
from portal.membership.enums import Shown
from portal.membership.models.terms import ContractTerm
from portal.membership.seating import shown_seats

_OPEN = text("state = 'proposed'")


class SeatArrangement(Base):
    """`seats` beyond the tier's own, at `price_yen` a seat and year (ex tax). `goes_on`: renewals carry it along.

    Moved only by conditional updates (services.seats). The term's snapshot counts the seats while it is agreed.
    """

    __tablename__ = "seat_arrangements"
    __table_args__ = (
        UniqueConstraint("once_key"),
        CheckConstraint("seats > 0 AND price_yen >= 0", name="amounts"),
        Index(
            "uq_seat_arrangements_open", "term_id", unique=True, sqlite_where=_OPEN, postgresql_where=_OPEN
        ),
        Index("ix_seat_arrangements_organisation", "organisation_id", "id"),
        Index("ix_seat_arrangements_term", "term_id", "id"),
    )

    id: Mapped[intpk]
    organisation_id: Mapped[int] = mapped_column(BigKey, ForeignKey("organisations.id"))
    term_id: Mapped[int] = mapped_column(BigKey, ForeignKey("contract_terms.id"))
    state: Mapped[SeatState] = mapped_column(State(SeatState))
    seats: Mapped[int]
    price_yen: Mapped[yen]
    category: Mapped[TaxCategory] = mapped_column(State(TaxCategory))
    goes_on: Mapped[bool] = mapped_column(default=False)
    once_key: Mapped[str] = mapped_column(String(120))
    answer_by: Mapped[date]
    note: Mapped[str] = mapped_column(Text, default="")
    proposed_by_id: Mapped[int | None] = mapped_column(BigKey, ForeignKey("people.id"))
    proposed_at: Mapped[datetime]
    decided_by_id: Mapped[int | None] = mapped_column(BigKey, ForeignKey("people.id"))
    decided_at: Mapped[datetime | None]
    effective_on: Mapped[date | None]
    ended_on: Mapped[date | None]
    invoice_id: Mapped[int | None] = mapped_column(BigKey, ForeignKey("invoices.id"))
    credit_note_id: Mapped[int | None] = mapped_column(BigKey, ForeignKey("credit_notes.id"))

    organisation: Mapped[Organisation] = relationship(lazy="raise")
    term: Mapped[ContractTerm] = relationship(lazy="raise")

    @property
    def shown_state(self) -> Shown:
        """For the badge."""
        return shown_seats(self.state)


explain(
    "uq_seat_arrangements_open", _l("Seats are proposed to this company already. Please see to those first.")
)
