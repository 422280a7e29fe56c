"""The demo consortium, loaded once a run and kept; the clock stands at the day on which it was loaded."""

from __future__ import annotations

import copy
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path

from flask import Flask
from sqlalchemy import select

from portal.accounts.models import Organisation, Person
from portal.cli.demo import load
from portal.cli.demo.firms import Firm
from portal.core import clock
from portal.core.db import db
from portal.core.transaction import rollback
from tests.support.databases import Database, PostgresqlDatabase

NOW = datetime(2026, 11, 21, 6, 0, tzinfo=UTC)  # a Saturday afternoon in Tokyo


class KeptDemo:
    """The loaded database, and the way back to it."""

    def __init__(self, app: Flask, database: Database, folder: Path) -> None:
        self.app, self.database = app, copy.copy(database)
        if isinstance(self.database, PostgresqlDatabase):
            self.database.template += "_demo"
        else:
            self.database.copy = folder / "demo.db"  # type: ignore[attr-defined]
        database.restore(app)
        with app.app_context(), clock.frozen(NOW):
            assert load()
            rollback()
            db.session.remove()
        self.database.keep(app)

    @contextmanager
    def opened(self) -> Iterator[Flask]:
        """The demo untouched, at its moment, inside an application context."""
        self.database.restore(self.app)
        with clock.frozen(NOW), self.app.app_context():
            yield self.app
            rollback()
            db.session.remove()


def human(address: str) -> Person:
    """Somebody of the demo."""
    found = db.session.scalars(select(Person).where(Person.email == address)).one()
    rollback()
    return found


def body_of(firm: Firm) -> Organisation:
    """A company of the demo."""
    number = Organisation.corporate_number == firm.corporate_number
    found = db.session.scalars(select(Organisation).where(number)).one()
    rollback()
    return found
