"""Read stored files: what there is, and whether it is still what it was."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator

from sqlalchemy import select

from portal.core.db import db
from portal.files.models import StoredFile


def listed_files() -> Iterator[tuple[int, str, int, str]]:
    """Number, name, bytes and SHA-256 of every stored file."""
    statement = select(StoredFile.id, StoredFile.name, StoredFile.size, StoredFile.sha256).order_by(
        StoredFile.id
    )
    for row in db.session.execute(statement.execution_options(yield_per=1000)):
        yield row.id, row.name, row.size, row.sha256


def damaged_files() -> list[int]:
    """Numbers of the files whose bytes no longer have their SHA-256 or size."""
    statement = select(StoredFile.id, StoredFile.size, StoredFile.sha256, StoredFile.content).order_by(
        StoredFile.id
    )
    return [
        row.id
        for row in db.session.execute(statement.execution_options(yield_per=20))
        if (row.size, row.sha256) != (len(row.content), hashlib.sha256(row.content).hexdigest())
    ]
