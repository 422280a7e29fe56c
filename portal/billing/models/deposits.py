"""Deposits on the bank's statement, what became of each, and how that was undone."""

from __future__ import annotations

from datetime import date, datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from portal.billing.deposits import DepositState
from portal.core.db import Base, BigKey, State, intpk, yen
from portal.core.schema import freeze
from portal.domain.reconciliation import Grade
from portal.domain.tax import TaxCategory

UNDONE = ":undone"


class BankDeposit(Base):
    """Money that came in, as the bank says it; never changed.

    `identity` is a hash of account, day, reference, the record itself and its occurrence among equal ones of a file: equal
    deposits of a day are kept apart, and the same deposit in another file is the same.
    """

    __tablename__ = "bank_deposits"
    __table_args__ = (
        UniqueConstraint("identity"),
        CheckConstraint("amount_yen > 0", name="amount"),
        Index("ix_bank_deposits_file", "bank_file_id", "id"),
        Index("ix_bank_deposits_day", "bank_account_id", "booked_on", "id"),
    )

    id: Mapped[intpk]
    bank_file_id: Mapped[int] = mapped_column(BigKey, ForeignKey("bank_files.id"))
    bank_account_id: Mapped[int] = mapped_column(BigKey, ForeignKey("bank_accounts.id"))
    identity: Mapped[str] = mapped_column(String(64))
    line: Mapped[int]
    booked_on: Mapped[date]
    value_on: Mapped[date | None]
    amount_yen: Mapped[yen]
    payer_name: Mapped[str] = mapped_column(String(200), default="")
    payer_code: Mapped[str] = mapped_column(String(40), default="")
    reference: Mapped[str] = mapped_column(String(60), default="")
    bank: Mapped[str] = mapped_column(String(40), default="")
    branch: Mapped[str] = mapped_column(String(40), default="")
    edi: Mapped[str] = mapped_column(String(200), default="")
    remarks: Mapped[str] = mapped_column(String(200), default="")
    is_cancellation: Mapped[bool] = mapped_column(default=False)

    @property
    def text(self) -> str:
        """What the payer wrote besides the name."""
        return f"{self.edi} {self.remarks}".strip()


class DepositStanding(Base):
    """Where a deposit stands: the part that changes, by conditional update alone. `round` counts decisions.

    `grade`, `invoice_id`, `invoices` and `reasons` say what was proposed when deposits were last compared with invoices.
    """

    __tablename__ = "deposit_standings"
    __table_args__ = (
        Index("ix_deposit_standings_list", "state", "booked_on", "deposit_id"),
        Index("ix_deposit_standings_grade", "state", "grade", "deposit_id"),
    )

    deposit_id: Mapped[int] = mapped_column(
        BigKey, ForeignKey("bank_deposits.id"), primary_key=True, autoincrement=False
    )
    booked_on: Mapped[date]
    state: Mapped[DepositState] = mapped_column(State(DepositState))
    round: Mapped[int] = mapped_column(default=0)
    grade: Mapped[Grade] = mapped_column(State(Grade))
    invoice_id: Mapped[int | None] = mapped_column(BigKey, ForeignKey("invoices.id"))
    invoices: Mapped[int] = mapped_column(default=0)
    reasons: Mapped[str] = mapped_column(String(200), default="")


class DepositDecision(Base):
    """What was decided about a deposit in one round; its money stands in `DepositPart` when it was applied."""

    __tablename__ = "deposit_decisions"
    __table_args__ = (UniqueConstraint("deposit_id", "round"),)

    id: Mapped[intpk]
    deposit_id: Mapped[int] = mapped_column(BigKey, ForeignKey("bank_deposits.id"))
    round: Mapped[int]
    state: Mapped[DepositState] = mapped_column(State(DepositState))
    is_automatic: Mapped[bool] = mapped_column(default=False)
    reasons: Mapped[str] = mapped_column(String(200), default="")
    note: Mapped[str] = mapped_column(String(300), default="")
    decided_at: Mapped[datetime]
    decided_by_id: Mapped[int | None] = mapped_column(BigKey, ForeignKey("people.id"))


class DecisionReversal(Base):
    """A decision that was undone: it stays, and counts for nothing from here on."""

    __tablename__ = "decision_reversals"

    id: Mapped[intpk]
    decision_id: Mapped[int] = mapped_column(BigKey, ForeignKey("deposit_decisions.id"), unique=True)
    reason: Mapped[str] = mapped_column(String(300))
    reversed_at: Mapped[datetime]
    reversed_by_id: Mapped[int | None] = mapped_column(BigKey, ForeignKey("people.id"))


class DepositPart(Base):
    """A part of a deposit that paid an invoice: through which payment."""

    __tablename__ = "deposit_parts"
    __table_args__ = (
        UniqueConstraint("decision_id", "invoice_id"),
        UniqueConstraint("payment_id"),
        CheckConstraint("amount_yen > 0", name="amount"),
        Index("ix_deposit_parts_invoice", "invoice_id", "id"),
    )

    id: Mapped[intpk]
    decision_id: Mapped[int] = mapped_column(BigKey, ForeignKey("deposit_decisions.id"))
    invoice_id: Mapped[int] = mapped_column(BigKey, ForeignKey("invoices.id"))
    payment_id: Mapped[int] = mapped_column(BigKey, ForeignKey("payments.id"))
    amount_yen: Mapped[yen]


class FeeReturn(Base):
    """A transfer fee that the payer kept back: 売上に係る対価の返還 at the rate of the sale, under 10,000 yen without a document.

    It holds until its decision is undone (消費税法 第57条の4 第3項, 消費税法施行令 第70条の9 第3項 第2号).
    """

    __tablename__ = "fee_returns"
    __table_args__ = (
        UniqueConstraint("decision_id", "invoice_id"),
        CheckConstraint(
            "net_yen + tax_yen = total_yen AND total_yen > 0 AND total_yen <= 1000", name="totals"
        ),
        Index("ix_fee_returns_invoice", "invoice_id", "id"),
    )

    id: Mapped[intpk]
    decision_id: Mapped[int] = mapped_column(BigKey, ForeignKey("deposit_decisions.id"))
    invoice_id: Mapped[int] = mapped_column(BigKey, ForeignKey("invoices.id"))
    category: Mapped[TaxCategory] = mapped_column(State(TaxCategory))
    rate: Mapped[str] = mapped_column(String(10))
    net_yen: Mapped[yen]
    tax_yen: Mapped[yen]
    total_yen: Mapped[yen]
    returned_on: Mapped[date]

    @property
    def entry_source(self) -> str:
        """How the books name its entry; with `UNDONE` after it the opposite."""
        return f"fee:{self.decision_id}:{self.invoice_id}"


for _frozen in (BankDeposit, DepositDecision, DecisionReversal, DepositPart, FeeReturn):
    freeze(_frozen)
