"""Writing without waiting for the disk, for what can be begun anew from nothing."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from sqlalchemy import event

from portal.core.db import db


@contextmanager
def without_waiting() -> Iterator[None]:
    """SQLite's commits inside do not wait for the disk; the end waits once for all of them. Elsewhere nothing changes.

    Whatever is written inside may be gone after a power cut. Needs an application context, and no transaction.
    """
    engine = db.engine
    if engine.dialect.name != "sqlite" or engine.url.database in (None, "", ":memory:"):
        yield
        return
    event.listen(engine, "checkout", _hurry)
    try:
        yield
    finally:
        event.remove(engine, "checkout", _hurry)
        db.session.remove()
        engine.dispose()  # the next connections wait again
        with engine.connect() as connection:
            raw: Any = connection.connection.dbapi_connection
            connection.rollback()
            raw.execute("PRAGMA wal_checkpoint(TRUNCATE)")


def _hurry(connection: Any, record: Any, proxy: Any) -> None:
    connection.execute("PRAGMA synchronous=0")
