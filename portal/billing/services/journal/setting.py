"""Say how entries become rows of the accounting program, from now on."""

from __future__ import annotations

from portal.audit.services import record
from portal.billing.models import JournalMapping
from portal.core import clock
from portal.core.access import Actor
from portal.core.db import db
from portal.domain.journal import Layout


def set_layout(*, layout: Layout, by: Actor | None) -> JournalMapping:
    """Keep a layout; runs name the one that they were made with."""
    mapping = JournalMapping(
        layout=layout.as_data(), created_at=clock.now(), created_by_id=by.id if by else None
    )
    db.session.add(mapping)
    db.session.flush()
    changes = {"columns": len(layout.columns), "letters": layout.letters.value, "shape": layout.shape.value}
    record(verb="journal.mapped", subject=mapping, by=by, changes=changes)
    return mapping
