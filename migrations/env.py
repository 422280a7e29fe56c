"""Migrations run inside the application's own engine, with its pragmas and its write intent."""

from __future__ import annotations

from typing import Any

from alembic import context
from flask import current_app
from sqlalchemy import JSON, BigInteger, Connection

from portal.core.db import Moment, State, db, write_intent


def render_item(kind: str, item: Any, autogenerate: Any) -> str | bool:
    """Our column types in plain words, so that an old migration does not depend on today's code."""
    if kind != "type":
        return False
    if isinstance(item, Moment):
        return "sa.DateTime(timezone=True)"
    if isinstance(item, State):
        return "sa.String(40)"
    if isinstance(item, JSON):
        return "DOCUMENT"
    if isinstance(item, BigInteger) and getattr(item, "_variant_mapping", None):
        return "KEY"
    return False


def run(connection: Connection) -> None:
    """Bring the schema to where the caller wants it, in one transaction."""
    context.configure(
        connection=connection,
        target_metadata=db.metadata,
        render_as_batch=connection.dialect.name == "sqlite",
        render_item=render_item,
        compare_type=True,
    )
    with context.begin_transaction():
        context.run_migrations()


with current_app.app_context(), write_intent(True), db.engine.connect() as connection:
    run(connection)
    connection.commit()
