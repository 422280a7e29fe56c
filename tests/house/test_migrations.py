"""The migrations make exactly the schema of the models, triggers and all, on both databases, and take it away again."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import flask_migrate
import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from flask import Flask
from sqlalchemy import Connection, inspect, text

from portal.core.db import Base, db, write_intent
from portal.core.schema import missing_guards
from portal.settings import ROOT
from portal.wiring import create_app
from portal.wiring.health import newest_migration
from tests.support.databases import Database, another
from tests.support.settings import settings_for

pytestmark = pytest.mark.database
VERSION = "alembic_version"
BY_HAND = {  # what an inspector does not tell, by what it stands on
    "sqlite": "SELECT name, sql FROM sqlite_master WHERE type IN ('index', 'trigger') AND sql IS NOT NULL",
    "postgresql": """
        SELECT indexname, indexdef FROM pg_indexes WHERE schemaname = 'public'
        UNION ALL SELECT conrelid::regclass || '.' || conname, pg_get_constraintdef(oid) FROM pg_constraint
            WHERE connamespace = 'public'::regnamespace
        UNION ALL SELECT tgrelid::regclass || '.' || tgname, pg_get_triggerdef(oid) FROM pg_trigger WHERE NOT tgisinternal
        UNION ALL SELECT proname, prosrc FROM pg_proc WHERE pronamespace = 'public'::regnamespace
    """,
}


@pytest.fixture
def empty(database: Database, tmp_path: Path) -> Iterator[Flask]:
    """An application on a database of the same kind that has nothing in it."""
    with another(database, tmp_path, "migrated") as url:
        yield from _open(url)


def _open(url: str) -> Iterator[Flask]:
    app = create_app(settings_for(url))
    with app.app_context():
        yield app
        db.session.remove()
        db.engine.dispose()


def upgrade() -> None:
    flask_migrate.upgrade(directory=str(ROOT / "migrations"))


def schema(connection: Connection) -> dict[str, Any]:
    """Everything that the database knows of its tables, in a form that can be compared."""
    look = inspect(connection)
    found: dict[str, Any] = {}
    for table in sorted(set(look.get_table_names()) - {VERSION}):
        for column in look.get_columns(table):
            kind = re.sub(r"\s+", "", str(column["type"]))
            found[f"{table}.{column['name']}"] = (kind, column["nullable"], column.get("default"))
        for foreign in look.get_foreign_keys(table):
            found[f"{table} → {foreign['constrained_columns']}"] = (
                foreign["name"],
                foreign["referred_table"],
                foreign["referred_columns"],
            )
        for unique in look.get_unique_constraints(table):
            found[f"{table} unique {unique['name']}"] = tuple(unique["column_names"])
        for check in look.get_check_constraints(table):
            found[f"{table} check {check['name']}"] = _plain(check["sqltext"])
        found[f"{table} key"] = tuple(look.get_pk_constraint(table)["constrained_columns"])
    rows = connection.execute(text(BY_HAND[connection.dialect.name]))
    return found | {name: _plain(sql) for name, sql in rows if VERSION not in f"{name}{sql}"}


def _plain(sql: str) -> str:
    """Without what means nothing: quotes, blanks, brackets around the whole."""
    return re.sub(r"[\s\"()]+", " ", sql).strip()


def schema_of(app: Flask) -> dict[str, Any]:
    with app.app_context(), db.engine.connect() as connection:
        return schema(connection)


def test_migrations_make_what_the_models_say(app: Flask, empty: Flask) -> None:
    upgrade()
    made, said = schema_of(empty), schema_of(app)
    assert {
        name: (made.get(name), said.get(name))
        for name in made.keys() | said
        if made.get(name) != said.get(name)
    } == {}
    assert len(said) > 300


def test_alembic_finds_nothing_to_add(empty: Flask) -> None:
    upgrade()
    with db.engine.connect() as connection:
        context = MigrationContext.configure(connection, opts={"compare_type": True})
        found = [step for step in compare_metadata(context, Base.metadata) if VERSION not in repr(step)]
        assert found == []
        assert context.get_current_revision() == newest_migration()


def test_every_guard_that_the_models_declare_is_made_by_the_migrations_too(empty: Flask) -> None:
    upgrade()
    frozen = [name for name, table in Base.metadata.tables.items() if table.info.get("frozen")]
    with db.engine.connect() as connection:
        assert missing_guards(connection) == []
        dialect = connection.dialect.name
    assert all(Base.metadata.tables[name].info[dialect] for name in frozen)
    assert len(frozen) > 15


def test_every_step_back_is_a_step_back(empty: Flask) -> None:
    upgrade()
    flask_migrate.downgrade(directory=str(ROOT / "migrations"), revision="base")
    left = schema_of(empty)
    assert left == {}


def test_up_down_and_up_again_ends_where_once_up_does(empty: Flask) -> None:
    upgrade()
    once = schema_of(empty)
    flask_migrate.downgrade(directory=str(ROOT / "migrations"), revision="base")
    upgrade()
    assert schema_of(empty) == once


def test_migrations_are_one_line_and_named_after_their_number() -> None:
    files = sorted(p.stem for p in (ROOT / "migrations" / "versions").glob("*.py"))
    numbers = [re.fullmatch(r"(\d{4})_[a-z0-9_]+", name) for name in files]
    assert [int(n[1]) for n in numbers if n] == list(range(1, len(files) + 1))


def test_a_table_that_no_migration_makes_is_found(empty: Flask) -> None:
    upgrade()
    with write_intent(True), db.engine.begin() as connection:
        connection.execute(text("DROP TABLE provider_looks"))
    with db.engine.connect() as connection:
        context = MigrationContext.configure(connection, opts={"compare_type": True})
        assert [
            step[0] for step in compare_metadata(context, Base.metadata) if VERSION not in repr(step)
        ] == ["add_table"]
