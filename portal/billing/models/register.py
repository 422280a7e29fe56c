"""The register of papers, and archives made from it."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from sqlalchemy import ForeignKey, Index, LargeBinary, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from portal.billing.register import ArchiveState, PaperKind
from portal.core.db import Base, BigKey, JSONDocument, State, intpk, yen
from portal.core.schema import freeze


class KeptPaper(Base):
    """One file that was issued or received, as the law wants it found: day, amount, counterparty (電子帳簿保存法).

    `source_type` and `source_id` name the row that it stands for. `party_key` is what spellings of the counterparty share
    (`portal.domain.search_keys`), `belongs_to` the number of the paper that this one corrects, credits or acknowledges.
    """

    __tablename__ = "kept_papers"
    __table_args__ = (
        UniqueConstraint("source_type", "source_id"),
        # Everything that is asked stands in the index: rows are fetched for hits alone.
        Index(
            "ix_kept_papers_search",
            "transacted_on",
            "id",
            "amount_yen",
            "kind",
            "organisation_id",
            "party_key",
            "number",
        ),
        Index("ix_kept_papers_organisation", "organisation_id", "transacted_on", "id"),
        Index("ix_kept_papers_number", "number", "id"),
    )

    id: Mapped[intpk]
    source_type: Mapped[str] = mapped_column(String(40))
    source_id: Mapped[int] = mapped_column(BigKey)
    kind: Mapped[PaperKind] = mapped_column(State(PaperKind))
    number: Mapped[str] = mapped_column(String(60))
    belongs_to: Mapped[str] = mapped_column(String(60), default="")
    transacted_on: Mapped[date]
    amount_yen: Mapped[yen | None]
    party_name: Mapped[str] = mapped_column(String(300))
    party_key: Mapped[str] = mapped_column(String(500))
    organisation_id: Mapped[int | None] = mapped_column(BigKey, ForeignKey("organisations.id"))
    file_id: Mapped[int] = mapped_column(BigKey, ForeignKey("stored_files.id"))
    file_sha256: Mapped[str] = mapped_column(String(64))
    created_at: Mapped[datetime]
    created_by_id: Mapped[int | None] = mapped_column(BigKey, ForeignKey("people.id"))


class PaperArchive(Base):
    """A ZIP of everything that a search found; its bytes stand in `ArchiveChunk` and are deleted after some days."""

    __tablename__ = "paper_archives"
    __table_args__ = (Index("ix_paper_archives_state", "state", "id"),)

    id: Mapped[intpk]
    wanted: Mapped[dict[str, Any]] = mapped_column(JSONDocument)
    with_pint: Mapped[bool] = mapped_column(default=False)
    state: Mapped[ArchiveState] = mapped_column(State(ArchiveState), default=ArchiveState.WAITING)
    attempt: Mapped[int] = mapped_column(default=0)
    papers: Mapped[int]
    bytes: Mapped[int] = mapped_column(BigKey, default=0)
    sha256: Mapped[str] = mapped_column(String(64), default="")
    problem: Mapped[str] = mapped_column(Text, default="")
    asked_at: Mapped[datetime]
    asked_by_id: Mapped[int | None] = mapped_column(BigKey, ForeignKey("people.id"))
    ready_at: Mapped[datetime | None]
    gone_at: Mapped[datetime | None]


class ArchiveChunk(Base):
    """A piece of an archive; `attempt` keeps two workers apart that make the same one."""

    __tablename__ = "archive_chunks"
    __table_args__ = (UniqueConstraint("archive_id", "attempt", "position"),)

    id: Mapped[intpk]
    archive_id: Mapped[int] = mapped_column(BigKey, ForeignKey("paper_archives.id"))
    attempt: Mapped[int]
    position: Mapped[int]
    content: Mapped[bytes] = mapped_column(LargeBinary)


freeze(KeptPaper)
