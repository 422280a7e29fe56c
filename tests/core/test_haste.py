"""Without waiting for the disk only as long as it is said; from then on as always, with everything kept."""

from __future__ import annotations

from typing import Any

import pytest
from flask import Flask

from portal.core.db import PRAGMAS, db
from portal.core.haste import without_waiting
from tests.support.databases import Database

pytestmark = pytest.mark.sqlite


def waiting() -> int:
    raw: Any = db.session.connection().connection.dbapi_connection
    found: int = raw.execute("PRAGMA synchronous").fetchone()[0]
    db.session.remove()
    return found


def test_connections_wait_again_at_the_end(app: Flask, database: Database) -> None:
    assert waiting() == PRAGMAS["synchronous"]
    with without_waiting():
        assert waiting() == 0
    assert waiting() == PRAGMAS["synchronous"]


def test_they_do_so_after_a_fault_too(app: Flask) -> None:
    with pytest.raises(ZeroDivisionError), without_waiting():
        _ = 1 / 0
    assert waiting() == PRAGMAS["synchronous"]
