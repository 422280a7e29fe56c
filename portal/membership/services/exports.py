"""Lists that leave the house: the trail says who took which, and how many rows."""

from __future__ import annotations

from portal.accounts.models import Person
from portal.audit.services import record
from portal.core.access import Actor
from portal.core.db import db

MOST_ROWS = 10_000


def note_export(*, name: str, kind: str, rows: int, by: Actor) -> None:
    """Write down that somebody saved a list as a file."""
    record(
        verb="list.exported",
        subject=db.session.get_one(Person, by.id),
        by=by,
        changes={"list": name, "format": kind, "rows": rows},
    )
