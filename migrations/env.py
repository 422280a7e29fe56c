"""Migrations run inside the application's own engine, with its pragmas and its write intent."""

from __future__ import annotations

from alembic import context
from flask import current_app
from sqlalchemy import Connection

from portal.core.db import db, write_intent


def run(connection: Connection) -> None:
    """Bring the schema to where the caller wants it, in one transaction."""
    context.configure(
        connection=connection,
        target_metadata=db.metadata,
        render_as_batch=connection.dialect.name == "sqlite",
        compare_type=True,
    )
    with context.begin_transaction():
        context.run_migrations()


with current_app.app_context(), write_intent(True), db.engine.connect() as connection:
    run(connection)
    connection.commit()
