"""Our bank accounts, the files that the bank gave, what the office decided about them, and who is known by which name."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from portal.billing.deposits import AliasKind, BankFileKind
from portal.core.db import Base, BigKey, JSONDocument, State, intpk, yen
from portal.core.schema import freeze


class BankAccount(Base):
    """An account of ours; `key` is bank, branch, kind of deposit and number: `9990-001-1-0001234`."""

    __tablename__ = "bank_accounts"
    __table_args__ = (UniqueConstraint("key"),)

    id: Mapped[intpk]
    key: Mapped[str] = mapped_column(String(40))
    name: Mapped[str] = mapped_column(String(100), default="")
    created_at: Mapped[datetime]


class BankRule(Base):
    """What the office decided about deposits; the latest row holds. `fee_yen` 0: no fee is taken over."""

    __tablename__ = "bank_rules"
    __table_args__ = (CheckConstraint("fee_yen >= 0 AND fee_yen <= 1000", name="fee"),)

    id: Mapped[intpk]
    fee_yen: Mapped[yen]
    applies_itself: Mapped[bool]
    created_at: Mapped[datetime]
    created_by_id: Mapped[int | None] = mapped_column(BigKey, ForeignKey("people.id"))


class BankMapping(Base):
    """How an account's CSV is read (`portal.domain.bank_csv.Columns`); the latest row of an account holds."""

    __tablename__ = "bank_mappings"
    __table_args__ = (Index("ix_bank_mappings_account", "bank_account_id", "id"),)

    id: Mapped[intpk]
    bank_account_id: Mapped[int] = mapped_column(BigKey, ForeignKey("bank_accounts.id"))
    columns: Mapped[dict[str, Any]] = mapped_column(JSONDocument)
    created_at: Mapped[datetime]
    created_by_id: Mapped[int | None] = mapped_column(BigKey, ForeignKey("people.id"))


class BankFile(Base):
    """A file as it was imported. `account_key` is the account that was named for a CSV; other files name theirs."""

    __tablename__ = "bank_files"
    __table_args__ = (
        UniqueConstraint("sha256", "account_key"),
        Index("ix_bank_files_imported", "imported_at", "id"),
    )

    id: Mapped[intpk]
    sha256: Mapped[str] = mapped_column(String(64))
    account_key: Mapped[str] = mapped_column(String(40), default="")
    file_id: Mapped[int] = mapped_column(BigKey, ForeignKey("stored_files.id"))
    name: Mapped[str] = mapped_column(String(255))
    kind: Mapped[BankFileKind] = mapped_column(State(BankFileKind))
    deposits: Mapped[int]
    known: Mapped[int]
    left_out: Mapped[int]
    total_yen: Mapped[yen]
    imported_at: Mapped[datetime]
    imported_by_id: Mapped[int | None] = mapped_column(BigKey, ForeignKey("people.id"))


class PayerAlias(Base):
    """A name or code that somebody confirmed for a company; `key` is what two spellings share. Forgotten, not deleted."""

    __tablename__ = "payer_aliases"
    __table_args__ = (
        UniqueConstraint("kind", "key", "organisation_id"),
        Index("ix_payer_aliases_organisation", "organisation_id", "id"),
    )

    id: Mapped[intpk]
    kind: Mapped[AliasKind] = mapped_column(State(AliasKind))
    key: Mapped[str] = mapped_column(String(120))
    name: Mapped[str] = mapped_column(String(120))
    organisation_id: Mapped[int] = mapped_column(BigKey, ForeignKey("organisations.id"))
    learned_at: Mapped[datetime]
    learned_by_id: Mapped[int | None] = mapped_column(BigKey, ForeignKey("people.id"))
    forgotten_at: Mapped[datetime | None]


freeze(BankRule)
freeze(BankMapping)
freeze(BankFile)
