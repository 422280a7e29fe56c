"""Tables of the audit trail."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import Index, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from portal.audit.enums import Audience
from portal.core.db import Base, BigKey, JSONDocument, State, intpk
from portal.core.schema import freeze, only_forward


class AuditEntry(Base):
    """One deed. `hash` covers every other column but the id, and `previous_hash` ties it to the row before."""

    __tablename__ = "audit_entries"
    __table_args__ = (
        UniqueConstraint("stream", "sequence"),
        Index("ix_audit_entries_subject", "subject_type", "subject_id", "id"),
        Index("ix_audit_entries_organisation", "organisation_id", "id"),
        Index("ix_audit_entries_verb", "verb", "id"),
    )

    id: Mapped[intpk]
    stream: Mapped[str] = mapped_column(String(60))
    sequence: Mapped[int]
    at: Mapped[datetime]
    actor_id: Mapped[int | None] = mapped_column(BigKey, index=True)
    verb: Mapped[str] = mapped_column(String(80))
    subject_type: Mapped[str] = mapped_column(String(60))
    subject_id: Mapped[int] = mapped_column(BigKey)
    organisation_id: Mapped[int | None] = mapped_column(BigKey)
    changes: Mapped[dict[str, Any]] = mapped_column(JSONDocument)
    note: Mapped[str] = mapped_column(Text, default="")
    audience: Mapped[Audience] = mapped_column(State(Audience))
    request_id: Mapped[str] = mapped_column(String(64), default="")
    previous_hash: Mapped[str] = mapped_column(String(64))
    hash: Mapped[str] = mapped_column(String(64))


freeze(AuditEntry)


class AuditHead(Base):
    """The newest row of each stream; updating it puts writers of one stream in line."""

    __tablename__ = "audit_heads"

    stream: Mapped[str] = mapped_column(String(60), primary_key=True)
    sequence: Mapped[int]
    hash: Mapped[str] = mapped_column(String(64))


only_forward(AuditHead, "sequence")
