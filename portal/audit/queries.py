"""Read the trail."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from sqlalchemy import select

from portal.audit.enums import Audience
from portal.audit.models import AuditEntry
from portal.core.db import db


def timeline(subject: Any, *, for_staff: bool, most: int = 200) -> Sequence[AuditEntry]:
    """What happened to `subject`, oldest first; the party sees only what is meant for it."""
    statement = select(AuditEntry).where(
        AuditEntry.subject_type == subject.__tablename__, AuditEntry.subject_id == subject.id
    )
    if not for_staff:
        statement = statement.where(AuditEntry.audience == Audience.PARTY)
    return db.session.scalars(statement.order_by(AuditEntry.id).limit(most)).all()
