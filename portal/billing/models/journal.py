"""The journal export: how it is laid out, each run with its file, and which entries went out with which run."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from portal.core.db import Base, BigKey, JSONDocument, intpk, yen
from portal.core.schema import freeze


class JournalMapping(Base):
    """How entries become rows of the accounting program (`portal.domain.journal.Layout`); the latest row holds."""

    __tablename__ = "journal_mappings"

    id: Mapped[intpk]
    layout: Mapped[dict[str, Any]] = mapped_column(JSONDocument)
    created_at: Mapped[datetime]
    created_by_id: Mapped[int | None] = mapped_column(BigKey, ForeignKey("people.id"))


class JournalRun(Base):
    """One export: the days that were asked, what it holds, and the file as it went out.

    `repeats` True: entries that had gone out before were taken along.
    """

    __tablename__ = "journal_runs"
    __table_args__ = (CheckConstraint("debit_yen = credit_yen", name="balance"),)

    id: Mapped[intpk]
    mapping_id: Mapped[int] = mapped_column(BigKey, ForeignKey("journal_mappings.id"))
    since: Mapped[date]
    until: Mapped[date]
    repeats: Mapped[bool]
    entries: Mapped[int]
    rows: Mapped[int]
    debit_yen: Mapped[yen]
    credit_yen: Mapped[yen]
    file_id: Mapped[int] = mapped_column(BigKey, ForeignKey("stored_files.id"))
    file_sha256: Mapped[str] = mapped_column(String(64))
    created_at: Mapped[datetime]
    created_by_id: Mapped[int | None] = mapped_column(BigKey, ForeignKey("people.id"))


class JournalRunEntry(Base):
    """An entry that went out with a run; `first_entry_id` names it again when it had not gone out before, which is once."""

    __tablename__ = "journal_run_entries"
    __table_args__ = (
        UniqueConstraint("run_id", "entry_id"),
        UniqueConstraint("first_entry_id"),
        Index("ix_journal_run_entries_entry", "entry_id", "run_id"),
    )

    id: Mapped[intpk]
    run_id: Mapped[int] = mapped_column(BigKey, ForeignKey("journal_runs.id"))
    entry_id: Mapped[int] = mapped_column(BigKey, ForeignKey("journal_entries.id"))
    first_entry_id: Mapped[int | None] = mapped_column(BigKey, ForeignKey("journal_entries.id"))


freeze(JournalMapping)
freeze(JournalRun)
freeze(JournalRunEntry)
