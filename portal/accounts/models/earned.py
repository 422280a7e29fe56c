"""What people have earned."""

from __future__ import annotations

from datetime import date, datetime

from sqlalchemy import ForeignKey, Index, text
from sqlalchemy.orm import Mapped, mapped_column

from portal.accounts.enums import CredentialKind
from portal.core.db import Base, BigKey, State, intpk

_STANDING = text("revoked_at IS NULL")


class Credential(Base):
    """Something a person has earned that other rooms ask for, such as the completed training; taken back, not deleted."""

    __tablename__ = "credentials"
    __table_args__ = (
        Index(
            "uq_credentials_standing", "person_id", "kind",
            unique=True, sqlite_where=_STANDING, postgresql_where=_STANDING,
        ),
    )  # fmt: skip

    id: Mapped[intpk]
    person_id: Mapped[int] = mapped_column(BigKey, ForeignKey("people.id"), index=True)
    kind: Mapped[CredentialKind] = mapped_column(State(CredentialKind))
    earned_on: Mapped[date]
    granted_by_id: Mapped[int] = mapped_column(BigKey, ForeignKey("people.id"))
    granted_at: Mapped[datetime]
    revoked_at: Mapped[datetime | None]
    revoked_by_id: Mapped[int | None] = mapped_column(BigKey, ForeignKey("people.id"))
