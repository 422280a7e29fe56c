"""What stands in the database, table by table, so that two moments can be compared."""

from __future__ import annotations

import hashlib
from typing import Any

from sqlalchemy import Table, or_, select

from portal.core.db import Base, db
from portal.core.transaction import rollback

# Counted on a connection of its own, so that a refused try counts: no content of anybody's.
COUNTERS = {"limit_counters"}
# Drawn by lot, or holding something drawn by lot: never the same twice, though the same is done twice.
DRAWN = frozenset(
    {
        "arguments", "body", "changes", "code_hash", "commitment", "content", "data", "file_sha256", "hash", "html", "intent_id", "key", "marks",
        "once_key", "previous_hash", "request_id", "secret", "session_id", "sha256", "source_key", "text", "token_hash", "url",
    }
)  # fmt: skip


def contents(*, but: frozenset[str] = frozenset()) -> dict[str, str]:
    """A hash of every table by its name, without the columns in `but`. Needs an application context; ends the transaction."""
    rollback()
    tables = {name: table for name, table in Base.metadata.tables.items() if name not in COUNTERS}
    found = {name: _hash(table, but=but) for name, table in tables.items()}
    rollback()
    return found


def changed(before: dict[str, str]) -> list[str]:
    """Tables whose content is another than `before`."""
    after = contents()
    return sorted(name for name in before if before[name] != after[name])


def rows_of(organisation_id: int, person_ids: list[int]) -> dict[str, str]:
    """A hash, by table, of the rows that belong to an organisation or to its people."""
    rollback()
    found = {}
    for name, table in Base.metadata.tables.items():
        mine = [c.in_([organisation_id]) for c in table.columns if c.name == "organisation_id"]
        mine += [c.in_(person_ids) for c in table.columns if c.name == "person_id"]
        if name == "organisations":
            mine.append(table.c.id == organisation_id)
        if name == "people":
            mine.append(table.c.id.in_(person_ids))
        if mine and name not in COUNTERS:
            found[name] = _hash(table, or_(*mine))
    rollback()
    return found


def holds(word: str) -> list[str]:
    """Tables in which some text has this word."""
    rollback()
    found = [
        name
        for name, table in Base.metadata.tables.items()
        if word in repr(db.session.execute(select(table)).all())
    ]
    rollback()
    return found


def _hash(table: Table, *which: Any, but: frozenset[str] = frozenset()) -> str:
    shown = [column for column in table.columns if column.name not in but]
    rows = db.session.execute(select(*shown).where(*which).order_by(*table.primary_key.columns)).all()
    return hashlib.sha256(repr(rows).encode("utf-8", "replace")).hexdigest()
