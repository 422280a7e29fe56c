"""A portal that is there already: commands that look at it or work in it never make one."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager

import click
from flask import Flask
from sqlalchemy import inspect

from portal.accounts.models import Person
from portal.core.db import db
from portal.gateways.snapshots import SqliteSnapshots
from portal.settings import Settings
from portal.wiring import create_app

NOTHING = "{} holds no portal yet. Check DATABASE_URL, or run `renkei migrate` first."


@contextmanager
def standing_portal(settings: Settings | None = None) -> Iterator[Flask]:
    """Its application context, every connection closed afterwards (the last one empties SQLite's journal).

    Raises ClickException where DATABASE_URL names no database with a schema; a mistyped path makes no file.
    """
    settings = settings or Settings.from_environment(os.environ)
    if settings.is_sqlite and not SqliteSnapshots(settings.database_url).path.exists():
        raise click.ClickException(NOTHING.format(SqliteSnapshots(settings.database_url).path.name))
    app = create_app(settings)
    with app.app_context():
        try:
            if not inspect(db.engine).has_table(Person.__tablename__):
                raise click.ClickException(NOTHING.format("This database"))
            yield app
        finally:
            db.session.remove()
            db.engine.dispose()
