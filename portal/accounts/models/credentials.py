"""One-time links, second factors, recovery codes."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import BigInteger, ForeignKey, LargeBinary, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from portal.accounts.enums import TokenPurpose
from portal.core.db import Base, BigKey, JSONDocument, State, intpk
from portal.core.sealing import Sealed


class OneTimeToken(Base):
    """A link that works once; the row holds the SHA-256 of its secret."""

    __tablename__ = "one_time_tokens"

    id: Mapped[intpk]
    purpose: Mapped[TokenPurpose] = mapped_column(State(TokenPurpose))
    token_hash: Mapped[str] = mapped_column(String(64), unique=True)
    person_id: Mapped[int | None] = mapped_column(BigKey, ForeignKey("people.id"), index=True)
    data: Mapped[dict[str, Any]] = mapped_column(JSONDocument, default=dict)
    created_at: Mapped[datetime]
    expires_at: Mapped[datetime]
    used_at: Mapped[datetime | None]


class TotpSecret(Base):
    """A code generator (RFC 6238), its secret sealed; `last_step` is the newest time step used, so that a code works once."""

    __tablename__ = "totp_secrets"

    person_id: Mapped[int] = mapped_column(BigKey, ForeignKey("people.id"), primary_key=True)
    secret: Mapped[str] = mapped_column(Sealed)
    last_step: Mapped[int] = mapped_column(BigInteger, default=0)
    confirmed_at: Mapped[datetime | None]


class Passkey(Base):
    """A WebAuthn credential."""

    __tablename__ = "passkeys"

    id: Mapped[intpk]
    person_id: Mapped[int] = mapped_column(BigKey, ForeignKey("people.id"), index=True)
    credential_id: Mapped[bytes] = mapped_column(LargeBinary, unique=True)
    public_key: Mapped[bytes] = mapped_column(LargeBinary)
    sign_count: Mapped[int] = mapped_column(BigInteger, default=0)
    name: Mapped[str] = mapped_column(String(100))
    created_at: Mapped[datetime]
    last_used_at: Mapped[datetime | None]


class RecoveryCode(Base):
    """A spare second factor, to be used once."""

    __tablename__ = "recovery_codes"
    __table_args__ = (UniqueConstraint("person_id", "code_hash"),)

    id: Mapped[intpk]
    person_id: Mapped[int] = mapped_column(BigKey, ForeignKey("people.id"))
    code_hash: Mapped[str] = mapped_column(String(64))
    used_at: Mapped[datetime | None]
