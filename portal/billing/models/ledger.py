"""The books: entries and the transfers between accounts that make them up."""

from __future__ import annotations

from datetime import date, datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from portal.core.db import Base, BigKey, State, intpk, yen
from portal.core.schema import freeze
from portal.domain.ledger import Account, EntryKind, Transfer


class JournalEntry(Base):
    """One business event in the books; `source` names the event, so that it posts once (`payment:17`)."""

    __tablename__ = "journal_entries"
    __table_args__ = (
        UniqueConstraint("source"),
        Index("ix_journal_entries_booked_on", "booked_on", "id"),
        Index("ix_journal_entries_invoice", "invoice_id", "id"),
    )

    id: Mapped[intpk]
    at: Mapped[datetime]
    booked_on: Mapped[date]
    kind: Mapped[EntryKind] = mapped_column(State(EntryKind))
    source: Mapped[str] = mapped_column(String(120))
    memo: Mapped[str] = mapped_column(String(300), default="")
    invoice_id: Mapped[int | None] = mapped_column(BigKey, ForeignKey("invoices.id"))


class LedgerTransfer(Base):
    """An amount from one account (credit) to another (debit): balanced by construction."""

    __tablename__ = "ledger_transfers"
    __table_args__ = (
        CheckConstraint("amount_yen > 0", name="amount"),
        CheckConstraint("debit <> credit", name="accounts"),
        Index("ix_ledger_transfers_entry", "entry_id"),
    )

    id: Mapped[intpk]
    entry_id: Mapped[int] = mapped_column(BigKey, ForeignKey("journal_entries.id"))
    debit: Mapped[Account] = mapped_column(State(Account))
    credit: Mapped[Account] = mapped_column(State(Account))
    amount_yen: Mapped[yen]

    @property
    def as_transfer(self) -> Transfer:
        """The value that the rules know."""
        return Transfer(self.debit, self.credit, self.amount_yen)


freeze(JournalEntry)
freeze(LedgerTransfer)
