"""Evaluation sheets and certificates as issued."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from sqlalchemy import ForeignKey, Index, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from portal.core.db import Base, BigKey, JSONDocument, State, intpk
from portal.core.schema import freeze
from portal.domain.numbering import DocumentKind
from portal.files.models import StoredFile


class PlacementCertificate(Base):
    """A sheet or a certificate, kept in both languages. `facts` is what it says; `check_code` opens the holder's name to others.

    `replaces_id` names the one that was declared void and in whose place it was issued.
    """

    __tablename__ = "placement_certificates"
    __table_args__ = (
        UniqueConstraint("number"),
        UniqueConstraint("kind", "series_year", "series_sequence"),
        UniqueConstraint("replaces_id"),
        Index("ix_placement_certificates_placement", "placement_id", "id"),
    )

    id: Mapped[intpk]
    placement_id: Mapped[int] = mapped_column(BigKey, ForeignKey("placements.id"))
    evaluation_id: Mapped[int] = mapped_column(BigKey, ForeignKey("placement_evaluations.id"))
    kind: Mapped[DocumentKind] = mapped_column(State(DocumentKind))
    number: Mapped[str] = mapped_column(String(30))
    series_year: Mapped[int]
    series_sequence: Mapped[int]
    check_code: Mapped[str] = mapped_column(String(20))
    issued_on: Mapped[date]
    issued_by_id: Mapped[int] = mapped_column(BigKey, ForeignKey("people.id"))
    created_at: Mapped[datetime]
    replaces_id: Mapped[int | None] = mapped_column(BigKey, ForeignKey("placement_certificates.id"))
    facts: Mapped[dict[str, Any]] = mapped_column(JSONDocument)
    file_ja_id: Mapped[int] = mapped_column(BigKey, ForeignKey("stored_files.id"))
    file_en_id: Mapped[int] = mapped_column(BigKey, ForeignKey("stored_files.id"))
    sha256_ja: Mapped[str] = mapped_column(String(64))
    sha256_en: Mapped[str] = mapped_column(String(64))

    file_ja: Mapped[StoredFile] = relationship(lazy="raise", foreign_keys=[file_ja_id])
    file_en: Mapped[StoredFile] = relationship(lazy="raise", foreign_keys=[file_en_id])


class CertificateVoid(Base):
    """A certificate that no longer holds, and why."""

    __tablename__ = "certificate_voids"
    __table_args__ = (UniqueConstraint("certificate_id"),)

    id: Mapped[intpk]
    certificate_id: Mapped[int] = mapped_column(BigKey, ForeignKey("placement_certificates.id"))
    reason: Mapped[str] = mapped_column(Text)
    voided_at: Mapped[datetime]
    voided_by_id: Mapped[int] = mapped_column(BigKey, ForeignKey("people.id"))


freeze(PlacementCertificate)
freeze(CertificateVoid)
