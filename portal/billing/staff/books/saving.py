"""Reports as files: what they are called, and the trail of whoever takes one along."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

from werkzeug.wrappers import Response

from portal.accounts.services.exports import note_export
from portal.billing.book_tables import Table
from portal.core.access import actor
from portal.core.exports import send_table, wanted_format
from portal.core.transaction import outside_transaction


def save_table(report: str, table: Table, *, on: date, wanted: Mapping[str, Any]) -> Response:
    """The table as CSV or XLSX, as the pressed button says; `on` is the day in its name, `wanted` what was asked for."""
    kind = wanted_format()
    note_export(name=report, kind=kind.value, rows=len(table.rows), by=actor(), wanted=wanted)
    with outside_transaction():  # a large sheet takes seconds: nobody waits for us to write meanwhile
        return send_table(
            kind, name=f"{table.title}_{on.isoformat()}", title=table.title, head=table.head, rows=table.rows
        )
