"""A broken constraint becomes a message at a field: the constraint's name is the key on both databases."""

from __future__ import annotations

import re
from typing import Any

from sqlalchemy import UniqueConstraint
from sqlalchemy.exc import IntegrityError

from portal.core.db import Base
from portal.core.errors import Refused

_messages: dict[str, tuple[str | None, Any]] = {}
_SQLITE_COLUMNS = re.compile(r"UNIQUE constraint failed: (?!index )(.+)$")
_SQLITE_INDEX = re.compile(r"UNIQUE constraint failed: index '([^']+)'")


def explain(constraint: str, message: Any, *, field: str | None = None) -> None:
    """Say in words what breaking `constraint` means, and at which field."""
    _messages[constraint] = (field, message)


def broken_constraint(error: IntegrityError) -> str | None:
    """The name of the broken constraint, where the database tells."""
    diagnosis = getattr(error.orig, "diag", None)
    if diagnosis is not None:
        return str(diagnosis.constraint_name) if diagnosis.constraint_name else None
    text = str(error.orig)
    if by_index := _SQLITE_INDEX.search(text):
        return by_index[1]
    if by_columns := _SQLITE_COLUMNS.search(text):
        return _unique_name([part.strip().rpartition(".") for part in by_columns[1].split(",")])
    return None


def as_refusal(error: IntegrityError) -> Refused | None:
    """The refusal that a person can read, or None when the breach is our own mistake."""
    name = broken_constraint(error)
    if name is None or name not in _messages:
        return None
    field, message = _messages[name]
    return Refused(message, field=field)


def _unique_name(columns: list[tuple[str, str, str]]) -> str | None:
    table = Base.metadata.tables.get(columns[0][0])
    if table is None:
        return None
    wanted = {column for _, _, column in columns}
    for constraint in table.constraints:
        if isinstance(constraint, UniqueConstraint) and {c.name for c in constraint.columns} == wanted:
            return str(constraint.name)
    for index in table.indexes:
        if index.unique and {c.name for c in index.columns} == wanted:
            return str(index.name)
    return None
