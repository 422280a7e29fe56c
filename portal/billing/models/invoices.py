"""Invoices, their lines, what is owed on them, and the counters that number documents."""

from __future__ import annotations

from datetime import date

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from portal.accounts.models import Organisation
from portal.billing.enums import ReceivableState
from portal.billing.models.issued import Issued
from portal.core.db import Base, BigKey, State, intpk, yen
from portal.core.schema import freeze
from portal.domain.numbering import DocumentKind
from portal.domain.settlement import Debt
from portal.domain.tax import TaxCategory


class NumberSeries(Base):
    """The last number given per kind and fiscal year; moved inside the issuing transaction, so there are no gaps."""

    __tablename__ = "number_series"

    kind: Mapped[DocumentKind] = mapped_column(State(DocumentKind), primary_key=True)
    fiscal_year: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    last: Mapped[int]


class Invoice(Issued, Base):
    """A qualified invoice as issued. `source_key` names what asked for it, once: the same key gives the same invoice.

    `fiscal_year` is the year that the fee is for; the number counts in the year of issue. `prepaid_yen` of the total had been paid
    on another invoice when this one was issued.
    """

    __tablename__ = "invoices"
    __table_args__ = (
        UniqueConstraint("number"),
        UniqueConstraint("series_year", "series_sequence"),
        UniqueConstraint("source_key"),
        CheckConstraint("net_yen + tax_yen = total_yen AND total_yen > 0", name="totals"),
        Index("ix_invoices_organisation", "organisation_id", "id"),
        Index("ix_invoices_year", "fiscal_year", "id"),
    )

    organisation_id: Mapped[int] = mapped_column(BigKey, ForeignKey("organisations.id"))
    source_key: Mapped[str] = mapped_column(String(120))
    fiscal_year: Mapped[int]
    due_on: Mapped[date]
    rounding: Mapped[str] = mapped_column(String(20))
    prepaid_yen: Mapped[yen] = mapped_column(default=0, server_default="0")

    lines: Mapped[list[InvoiceLine]] = relationship(
        lazy="raise", order_by="InvoiceLine.position", viewonly=True
    )
    receivable: Mapped[Receivable] = relationship(lazy="raise", viewonly=True, uselist=False)
    organisation: Mapped[Organisation] = relationship(lazy="raise", viewonly=True)


class InvoiceLine(Base):
    """One line, ex tax; tax is rounded once per rate on the invoice, never here."""

    __tablename__ = "invoice_lines"
    __table_args__ = (
        UniqueConstraint("invoice_id", "position"),
        CheckConstraint("amount_yen = quantity * unit_price_yen", name="amount"),
    )

    id: Mapped[intpk]
    invoice_id: Mapped[int] = mapped_column(BigKey, ForeignKey("invoices.id"))
    position: Mapped[int]
    product: Mapped[str] = mapped_column(String(40))
    description_ja: Mapped[str] = mapped_column(String(300))
    description_en: Mapped[str] = mapped_column(String(300))
    detail: Mapped[str] = mapped_column(String(500), default="")
    quantity: Mapped[int]
    unit_price_yen: Mapped[yen]
    amount_yen: Mapped[yen]
    category: Mapped[TaxCategory] = mapped_column(State(TaxCategory))

    def description(self, language: str) -> str:
        """The words for a reader of `language`."""
        return self.description_en if language == "en" else self.description_ja


_OWED = text("outstanding_yen > 0")


class Receivable(Base):
    """What is owed on an invoice: the part that changes. Moved only by conditional updates (services.settlement)."""

    __tablename__ = "receivables"
    __table_args__ = (
        CheckConstraint(
            "outstanding_yen >= 0 AND outstanding_yen <= total_yen AND excess_yen >= 0", name="amounts"
        ),
        Index("ix_receivables_due", "state", "due_on", "invoice_id"),
        Index(
            "ix_receivables_owed",
            "due_on",
            "invoice_id",
            "outstanding_yen",
            sqlite_where=_OWED,
            postgresql_where=_OWED,
        ),
        Index("ix_receivables_organisation", "organisation_id", "state"),
    )

    invoice_id: Mapped[int] = mapped_column(
        BigKey, ForeignKey("invoices.id"), primary_key=True, autoincrement=False
    )
    organisation_id: Mapped[int] = mapped_column(BigKey, ForeignKey("organisations.id"))
    due_on: Mapped[date]
    total_yen: Mapped[yen]
    outstanding_yen: Mapped[yen]
    excess_yen: Mapped[yen] = mapped_column(default=0)
    credited_yen: Mapped[yen] = mapped_column(default=0, server_default="0")
    written_off_yen: Mapped[yen] = mapped_column(default=0, server_default="0")  # a part of `credited_yen`
    state: Mapped[ReceivableState] = mapped_column(State(ReceivableState))
    settled_on: Mapped[date | None]

    @property
    def debt(self) -> Debt:
        """The amounts, for the rules in `portal.domain.settlement`."""
        return Debt(
            self.total_yen, self.outstanding_yen, self.excess_yen, self.credited_yen, self.written_off_yen
        )

    @property
    def paid_yen(self) -> int:
        """What money has settled so far."""
        return self.debt.settled_yen

    @property
    def given_back_yen(self) -> int:
        """What credit notes (and fees of transfers that we took over) have given back."""
        return self.debt.given_back_yen

    @property
    def claimed_yen(self) -> int:
        """What the company has not paid: a write-off is ours alone and gives it nothing."""
        return self.outstanding_yen + self.written_off_yen

    @property
    def claimed_state(self) -> ReceivableState:
        """The state for the company, which reads nothing of a write-off."""
        if not self.written_off_yen:
            return self.state
        return ReceivableState.PARTLY_PAID if self.paid_yen else ReceivableState.UNPAID

    @property
    def office_state(self) -> ReceivableState:
        """The state for the office: what nobody will pay is neither paid nor cancelled."""
        return ReceivableState.WRITTEN_OFF if self.written_off_yen else self.state

    def is_overdue(self, on: date) -> bool:
        """Owed although the day has passed."""
        return self.state.is_owed and self.due_on < on

    def is_claim_overdue(self, on: date) -> bool:
        """Not paid although the day has passed, for the company's eyes."""
        return self.claimed_yen > 0 and self.due_on < on


freeze(Invoice)
freeze(InvoiceLine)
