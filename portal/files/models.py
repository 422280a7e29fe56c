"""The table of stored files."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import ForeignKey, LargeBinary, String
from sqlalchemy.orm import Mapped, deferred, mapped_column

from portal.core.db import Base, BigKey, State, intpk
from portal.core.schema import freeze
from portal.files.enums import Confidentiality


class StoredFile(Base):
    """One file, byte for byte; `name` is what people see, never a path."""

    __tablename__ = "stored_files"

    id: Mapped[intpk]
    name: Mapped[str] = mapped_column(String(255))
    media_type: Mapped[str] = mapped_column(String(120))
    size: Mapped[int]
    sha256: Mapped[str] = mapped_column(String(64), index=True)
    confidentiality: Mapped[Confidentiality] = mapped_column(State(Confidentiality))
    organisation_id: Mapped[int | None] = mapped_column(BigKey, ForeignKey("organisations.id"), index=True)
    uploaded_by_id: Mapped[int | None] = mapped_column(BigKey, ForeignKey("people.id"))
    created_at: Mapped[datetime]
    is_kept: Mapped[bool] = mapped_column(default=False)
    content: Mapped[bytes] = deferred(mapped_column(LargeBinary))


freeze(StoredFile, only_when="is_kept")
