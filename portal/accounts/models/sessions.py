"""Sign-in sessions: rows that can be listed and ended."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column

from portal.accounts.enums import SignInMethod
from portal.core.db import Base, BigKey, State, intpk


class UserSession(Base):
    """One signed-in browser. The cookie holds the secret, the row only its SHA-256."""

    __tablename__ = "user_sessions"

    id: Mapped[intpk]
    person_id: Mapped[int] = mapped_column(BigKey, ForeignKey("people.id"), index=True)
    token_hash: Mapped[str] = mapped_column(String(64), unique=True)
    method: Mapped[SignInMethod] = mapped_column(State(SignInMethod))
    needs_second_factor: Mapped[bool] = mapped_column(default=False)
    must_enrol: Mapped[bool] = mapped_column(default=False)
    address: Mapped[str] = mapped_column(String(64), default="")
    browser: Mapped[str] = mapped_column(String(200), default="")
    created_at: Mapped[datetime]
    expires_at: Mapped[datetime]
    ended_at: Mapped[datetime | None]
    end_reason: Mapped[str] = mapped_column(String(40), default="")
