"""The outbox."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import ForeignKey, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from portal.core.db import Base, BigKey, JSONDocument, State, intpk
from portal.notifications.enums import MessageState


class Message(Base):
    """One mail to one address. A secret one (it holds a one-time link) loses its body once it is sent."""

    __tablename__ = "messages"

    id: Mapped[intpk]
    event: Mapped[str] = mapped_column(String(80))
    key: Mapped[str | None] = mapped_column(String(200), unique=True)
    address: Mapped[str] = mapped_column(String(254))
    person_id: Mapped[int | None] = mapped_column(BigKey, ForeignKey("people.id"), index=True)
    language: Mapped[str] = mapped_column(String(5), default="")
    subject: Mapped[str] = mapped_column(String(300))
    text: Mapped[str] = mapped_column(Text)
    html: Mapped[str] = mapped_column(Text)
    attachments: Mapped[list[Any]] = mapped_column(JSONDocument, default=list)  # ids of stored files
    is_secret: Mapped[bool] = mapped_column(default=False)
    state: Mapped[MessageState] = mapped_column(State(MessageState), default=MessageState.QUEUED)
    created_at: Mapped[datetime]
    sent_at: Mapped[datetime | None]
