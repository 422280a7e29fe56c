"""Record deeds and verify the chain."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from enum import Enum
from typing import Any

from sqlalchemy import select

from portal.audit.enums import Audience
from portal.audit.models import AuditEntry, AuditHead
from portal.core import clock
from portal.core.access import Actor
from portal.core.db import db, insert_or_ignore
from portal.core.logs import current_request_id
from portal.core.transaction import before_commit

HOUSE = "house"
ORIGIN = "0" * 64
_PENDING = "renkei.audit"


@dataclass(frozen=True, slots=True)
class _Deed:
    at: datetime
    actor_id: int | None
    verb: str
    subject: Any
    organisation_id: int | None
    changes: dict[str, Any]
    note: str
    audience: Audience


def record(
    *,
    verb: str,
    subject: Any,
    by: Actor | int | None,
    organisation_id: int | None = None,
    changes: Mapping[str, Any] | None = None,
    note: str = "",
    audience: Audience = Audience.STAFF,
) -> None:
    """Write a deed about `subject` (a row with an id) into this transaction; `by` None is the house itself.

    `changes` maps a field to `[old, new]`, or to a plain value; never secrets.
    """
    who = by.id if isinstance(by, Actor) else by
    pending = db.session.info.setdefault(_PENDING, [])
    if not pending:
        before_commit(_write_pending)
    plain = json.loads(json.dumps(dict(changes or {}), default=_plain, ensure_ascii=False))
    pending.append(_Deed(clock.now(), who, verb, subject, organisation_id, plain, note, audience))


def _write_pending() -> None:
    deeds: list[_Deed] = db.session.info.pop(_PENDING, [])
    db.session.flush()
    by_stream: dict[str, list[_Deed]] = {}
    for deed in deeds:
        stream = HOUSE if deed.organisation_id is None else f"organisation:{deed.organisation_id}"
        by_stream.setdefault(stream, []).append(deed)
    for stream in sorted(by_stream):  # one order for all writers: no deadlock
        _append(stream, by_stream[stream])
    db.session.flush()


def _append(stream: str, deeds: list[_Deed]) -> None:
    head = _lock_head(stream)
    for deed in deeds:
        entry = AuditEntry(
            stream=stream,
            sequence=head.sequence + 1,
            at=deed.at,
            actor_id=deed.actor_id,
            verb=deed.verb,
            subject_type=deed.subject.__tablename__,
            subject_id=deed.subject.id,
            organisation_id=deed.organisation_id,
            changes=deed.changes,
            note=deed.note,
            audience=deed.audience,
            request_id=current_request_id(),
            previous_hash=head.hash,
        )
        entry.hash = entry_hash(entry)
        head.sequence, head.hash = entry.sequence, entry.hash
        db.session.add(entry)


def _lock_head(stream: str) -> AuditHead:
    locked = select(AuditHead).where(AuditHead.stream == stream).with_for_update()
    head = db.session.scalars(locked, execution_options={"populate_existing": True}).one_or_none()
    if head is None:  # two first deeds at once: one row, and both wait for it
        insert_or_ignore(AuditHead, stream=stream, sequence=0, hash=ORIGIN)
        head = db.session.scalars(locked, execution_options={"populate_existing": True}).one()
    return head


def entry_hash(entry: AuditEntry) -> str:
    """SHA-256 over the row before and everything that this row says."""
    said = [
        entry.previous_hash, entry.stream, entry.sequence, entry.at.isoformat(timespec="microseconds"), entry.actor_id,
        entry.verb, entry.subject_type, entry.subject_id, entry.organisation_id, entry.changes, entry.note,
        str(entry.audience), entry.request_id,
    ]  # fmt: skip
    return hashlib.sha256(json.dumps(said, ensure_ascii=False, sort_keys=True).encode()).hexdigest()


def broken_links() -> list[str]:
    """Every place where the chain does not hold, as `stream#sequence`; empty when all is well."""
    broken = []
    heads = {head.stream: head for head in db.session.scalars(select(AuditHead))}
    last: dict[str, AuditEntry] = {}
    ordered = (
        select(AuditEntry).order_by(AuditEntry.stream, AuditEntry.sequence).execution_options(yield_per=1000)
    )
    for entry in db.session.scalars(ordered):
        before = last.get(entry.stream)
        expected = (before.sequence + 1, before.hash) if before else (1, ORIGIN)
        if (entry.sequence, entry.previous_hash) != expected or entry.hash != entry_hash(entry):
            broken.append(f"{entry.stream}#{entry.sequence}")
        last[entry.stream] = entry
    for stream in sorted(heads.keys() | last.keys()):
        head, newest = heads.get(stream), last.get(stream)
        if head is None or newest is None or (newest.sequence, newest.hash) != (head.sequence, head.hash):
            broken.append(f"{stream}#head")
    return broken


def _plain(value: Any) -> Any:
    if isinstance(value, (date, datetime)):
        return value.isoformat()
    if isinstance(value, Enum):
        return value.value
    return str(value)
