"""What the payment provider told us, what we found when we looked, and where the books differ."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import ForeignKey, Index, String, Text, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from portal.billing.enums import DifferenceKind, EventOrigin, EventState, Outcome
from portal.core.db import Base, BigKey, JSONDocument, State, intpk

_WAITING = text("state = 'received'")
_UNRESOLVED = text("resolved_at IS NULL")


class WebhookEvent(Base):
    """One piece of news, written down before anything is done about it. `event_id` is the provider's, once."""

    __tablename__ = "webhook_events"
    __table_args__ = (
        UniqueConstraint("event_id"),
        Index("ix_webhook_events_waiting", "id", sqlite_where=_WAITING, postgresql_where=_WAITING),
    )

    id: Mapped[intpk]
    event_id: Mapped[str] = mapped_column(String(120))
    type: Mapped[str] = mapped_column(String(120))
    object_id: Mapped[str] = mapped_column(String(120))
    object_type: Mapped[str] = mapped_column(String(60))
    created_at: Mapped[datetime]  # at the provider
    received_at: Mapped[datetime]
    origin: Mapped[EventOrigin] = mapped_column(State(EventOrigin))
    body: Mapped[str] = mapped_column(Text, default="")
    state: Mapped[EventState] = mapped_column(State(EventState), default=EventState.RECEIVED)
    done_at: Mapped[datetime | None]
    outcome: Mapped[Outcome] = mapped_column(State(Outcome), default=Outcome.NONE)


class ProviderLook(Base):
    """One comparison of our books with the provider's; the next one begins where this one ended."""

    __tablename__ = "provider_looks"

    id: Mapped[intpk]
    since: Mapped[datetime]
    until: Mapped[datetime]
    events_found: Mapped[int]
    events_missed: Mapped[int]
    payments_compared: Mapped[int]
    differences_found: Mapped[int]


class ProviderDifference(Base):
    """Where our books and the provider's differ, found once, until somebody has resolved it."""

    __tablename__ = "provider_differences"
    __table_args__ = (
        UniqueConstraint("kind", "reference"),
        Index("ix_provider_differences_open", "id", sqlite_where=_UNRESOLVED, postgresql_where=_UNRESOLVED),
    )

    id: Mapped[intpk]
    kind: Mapped[DifferenceKind] = mapped_column(State(DifferenceKind))
    reference: Mapped[str] = mapped_column(String(160))
    invoice_id: Mapped[int | None] = mapped_column(BigKey, ForeignKey("invoices.id"))
    details: Mapped[dict[str, Any]] = mapped_column(JSONDocument)
    found_at: Mapped[datetime]
    resolved_at: Mapped[datetime | None]
    resolved_by_id: Mapped[int | None] = mapped_column(BigKey, ForeignKey("people.id"))
    note: Mapped[str] = mapped_column(String(500), default="")
