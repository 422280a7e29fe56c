"""Read the trail."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Integer, Select, bindparam, select

from portal.audit.enums import Audience
from portal.audit.models import AuditEntry
from portal.core.db import db
from portal.core.pages import Slice, keyset


def timeline(subject: Any, *, for_staff: bool, most: int = 200) -> Sequence[AuditEntry]:
    """What happened to `subject`, the latest first; the party sees only what is meant for it."""
    of_it = {"kind": subject.__tablename__, "id": subject.id, "most": most}
    return db.session.scalars(_WHOLE_STORY if for_staff else _ITS_STORY, of_it).all()


_WHOLE_STORY = (
    select(AuditEntry)
    .where(AuditEntry.subject_type == bindparam("kind"), AuditEntry.subject_id == bindparam("id"))
    .order_by(AuditEntry.id.desc())
    .limit(bindparam("most", type_=Integer))
)
_ITS_STORY = _WHOLE_STORY.where(AuditEntry.audience == Audience.PARTY)


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted:
    """What is looked for in the trail; None narrows nothing, an empty tuple finds nothing. `until` is left out."""

    actors: tuple[int, ...] | None = None
    organisations: tuple[int, ...] | None = None
    verb: str | None = None
    since: datetime | None = None
    until: datetime | None = None


def search_trail(wanted: Wanted, *, cursor: str | None = None) -> Slice[AuditEntry]:
    """Entries of all streams that fit, newest first."""
    return keyset(_fitting(wanted), (AuditEntry.id, True), cursor=cursor, scalars=True)


def whole_trail(wanted: Wanted, *, most: int) -> Sequence[AuditEntry]:
    """The newest `most` entries that fit, for an export."""
    return db.session.scalars(_fitting(wanted).order_by(AuditEntry.id.desc()).limit(most)).all()


def _fitting(wanted: Wanted) -> Select[Any]:
    statement = select(AuditEntry)
    if wanted.actors is not None:
        statement = statement.where(AuditEntry.actor_id.in_(wanted.actors))
    if wanted.organisations is not None:
        statement = statement.where(AuditEntry.organisation_id.in_(wanted.organisations))
    if wanted.verb:
        statement = statement.where(AuditEntry.verb == wanted.verb)
    if wanted.since:
        statement = statement.where(AuditEntry.at >= wanted.since)
    if wanted.until:
        statement = statement.where(AuditEntry.at < wanted.until)
    return statement
