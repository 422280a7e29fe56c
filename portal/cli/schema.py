"""Bring the database to this code's schema, and fill an empty one with the demo consortium."""

from __future__ import annotations

import os

import click
import flask_migrate

from portal.settings import INSTANCE
from portal.wiring import create_app


def keep_private() -> None:
    """Files made from here on (the database, the queue) are their owner's alone."""
    os.umask(0o077)


@click.command()
def migrate() -> None:
    """Apply the migrations that the database lacks."""
    migrate_database()


def migrate_database() -> None:
    """Create or upgrade the schema of DATABASE_URL."""
    keep_private()
    INSTANCE.mkdir(exist_ok=True)
    app = create_app()
    with app.app_context():
        flask_migrate.upgrade()


@click.command("demo")
def load_demo() -> None:
    """Load the invented demo consortium into an empty database."""
    from portal.cli.demo import load

    app = create_app()
    with app.app_context():
        loaded = load()
    click.echo(
        "The demo consortium is loaded." if loaded else "The database is not empty: nothing was loaded."
    )
