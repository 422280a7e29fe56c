"""Invitations of colleagues."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import ForeignKey, Index, String, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from portal.accounts.enums import InvitationState
from portal.accounts.models.organisations import Organisation
from portal.core.db import Base, BigKey, JSONDocument, State, intpk

_PENDING = text("state = 'pending'")


class Invitation(Base):
    """An offer to join an organisation with roles; one open offer per address and organisation."""

    __tablename__ = "invitations"
    __table_args__ = (
        Index(
            "uq_invitations_pending", "organisation_id", "email_key",
            unique=True, sqlite_where=_PENDING, postgresql_where=_PENDING,
        ),
    )  # fmt: skip

    id: Mapped[intpk]
    organisation_id: Mapped[int] = mapped_column(BigKey, ForeignKey("organisations.id"), index=True)
    email: Mapped[str] = mapped_column(String(254))
    email_key: Mapped[str] = mapped_column(String(254))
    name: Mapped[str] = mapped_column(String(100), default="")
    roles: Mapped[list[Any]] = mapped_column(JSONDocument)
    token_hash: Mapped[str] = mapped_column(String(64), unique=True)
    state: Mapped[InvitationState] = mapped_column(State(InvitationState), default=InvitationState.PENDING)
    invited_by_id: Mapped[int] = mapped_column(BigKey, ForeignKey("people.id"))
    created_at: Mapped[datetime]
    expires_at: Mapped[datetime]
    answered_at: Mapped[datetime | None]
    person_id: Mapped[int | None] = mapped_column(BigKey, ForeignKey("people.id"))

    organisation: Mapped[Organisation] = relationship(lazy="raise")
