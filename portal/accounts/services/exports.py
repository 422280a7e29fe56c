"""Lists that leave the house: the trail says who took which, filtered how, and how many rows."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from portal.accounts.models import Person
from portal.audit.services import record
from portal.core.access import Actor
from portal.core.db import db


def note_export(
    *, name: str, kind: str, rows: int, by: Actor, wanted: Mapping[str, Any] | None = None
) -> None:
    """Write down that somebody saved a list as a file; `wanted` are its filters by name."""
    changes: dict[str, Any] = {"list": name, "format": kind, "rows": rows}
    if wanted:
        changes["filters"] = dict(wanted)
    record(verb="list.exported", subject=db.session.get_one(Person, by.id), by=by, changes=changes)
