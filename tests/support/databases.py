"""A database per worker, put back to its empty schema before each test."""

from __future__ import annotations

import copy
import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from itertools import count
from pathlib import Path
from typing import Protocol

import psycopg
from flask import Flask
from psycopg.sql import SQL, Identifier, Literal
from sqlalchemy.engine import make_url

from portal.core.db import db

_numbers = count()  # a process may hold more than one


class Database(Protocol):
    """Knows its address, keeps the schema, puts it back."""

    url: str

    def keep(self, app: Flask) -> None: ...

    def restore(self, app: Flask) -> None: ...


class SqliteFile:
    """A file, and a copy of it taken when the schema was made."""

    def __init__(self, folder: Path) -> None:
        self.path, self.copy = folder / "portal.db", folder / "kept.db"
        self.url = f"sqlite:///{self.path}"

    def keep(self, app: Flask) -> None:
        with app.app_context():
            db.engine.dispose()
        shutil.copyfile(self.path, self.copy)

    def restore(self, app: Flask) -> None:
        with app.app_context():
            db.engine.dispose()
        for leftover in ("-wal", "-shm"):
            Path(f"{self.path}{leftover}").unlink(missing_ok=True)
        shutil.copyfile(self.copy, self.path)


class PostgresqlDatabase:
    """A database of the server in TEST_DATABASE_URL, put back before each test.

    A copy of the template takes most of a second; emptying the few tables that a test wrote to takes milliseconds. So it
    is copied only where the template holds rows, where the schema was touched, and now and then for the dead rows.
    """

    COPIED_EVERY = 60  # restores

    def __init__(self, server_url: str) -> None:
        self.server = make_url(server_url)
        worker = f"{os.environ.get('PYTEST_XDIST_WORKER', 'main')}_{next(_numbers)}"
        self.name, self.template = f"renkei_{worker}_{os.getpid()}", f"renkei_kept_{worker}_{os.getpid()}"
        self.url = self.server.set(database=self.name).render_as_string(hide_password=False)
        self.schema, self.is_empty, self.emptied = "", False, 0
        self._run("CREATE DATABASE {name}")

    def _connect(self, name: str) -> psycopg.Connection:
        plain = self.server.set(drivername="postgresql", database=name)
        return psycopg.connect(plain.render_as_string(hide_password=False), autocommit=True)

    def _run(self, statement: str) -> None:
        with self._connect("postgres") as connection:
            connection.execute(
                SQL(statement).format(name=Identifier(self.name), template=Identifier(self.template))  # type: ignore[arg-type]
            )

    def keep(self, app: Flask) -> None:
        with app.app_context():
            db.engine.dispose()
        with self._connect(self.name) as connection:
            self.schema, self.is_empty = _schema(connection), not _written(connection)
        self._run("CREATE DATABASE {template} TEMPLATE {name}")

    def restore(self, app: Flask) -> None:
        with app.app_context():
            db.engine.dispose()
        self.emptied += 1
        if self.is_empty and self.emptied % self.COPIED_EVERY and self._is_emptied():
            return
        self._run("DROP DATABASE {name} WITH (FORCE)")
        self._run("CREATE DATABASE {name} TEMPLATE {template}")

    def _is_emptied(self) -> bool:
        """Whether the schema is the kept one; then no row is left and every number begins at 1 again."""
        with self._connect(self.name) as connection:
            connection.execute(LEFT_OVER, [self.name])
            if _schema(connection) != self.schema:
                return False
            connection.execute("SET session_replication_role = replica")  # frozen rows go, and in any order
            for table in _written(connection):
                connection.execute(SQL("DELETE FROM {}").format(Identifier(table)))
            connection.execute(NUMBERS_AGAIN)
        return True

    def drop(self) -> None:
        self._run("DROP DATABASE IF EXISTS {name} WITH (FORCE)")
        self._run("DROP DATABASE IF EXISTS {template} WITH (FORCE)")


LEFT_OVER = (
    "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = %s AND pid <> pg_backend_pid()"
)
NUMBERS_AGAIN = """
    SELECT setval(quote_ident(schemaname) || '.' || quote_ident(sequencename), start_value, false)
    FROM pg_sequences WHERE last_value IS NOT NULL
"""
SCHEMA = """
    SELECT md5(string_agg(line, ',' ORDER BY line)) FROM (
        SELECT 't' || oid || tgenabled::text || xmin::text AS line FROM pg_trigger WHERE NOT tgisinternal
        UNION ALL SELECT 'p' || oid || xmin::text FROM pg_proc WHERE pronamespace = 'public'::regnamespace
        UNION ALL SELECT 'c' || oid || xmin::text FROM pg_constraint WHERE connamespace = 'public'::regnamespace
        UNION ALL SELECT 'r' || oid || relnatts FROM pg_class WHERE relnamespace = 'public'::regnamespace
    ) AS everything
"""


def _schema(connection: psycopg.Connection) -> str:
    """A word that is another once a table, an index, a constraint, a trigger or a function is."""
    (found,) = connection.execute(SCHEMA).fetchone() or ("",)
    return str(found)


def _written(connection: psycopg.Connection) -> list[str]:
    """Tables with rows."""
    tables = [
        row[0] for row in connection.execute("SELECT tablename FROM pg_tables WHERE schemaname = 'public'")
    ]
    asked = (
        SQL("SELECT {} WHERE EXISTS (SELECT FROM {})").format(Literal(table), Identifier(table))
        for table in tables
    )
    return [row[0] for row in connection.execute(SQL(" UNION ALL ").join(asked))] if tables else []


@contextmanager
def open_database(folder: Path, server_url: str) -> Iterator[Database]:
    """SQLite in `folder`, or a database of its own on the PostgreSQL server."""
    if not server_url:
        yield SqliteFile(folder)
        return
    database = PostgresqlDatabase(server_url)
    try:
        yield database
    finally:
        database.drop()


@contextmanager
def another(like: Database, folder: Path, name: str) -> Iterator[str]:
    """Address of one more database of the same kind, with nothing in it."""
    if not isinstance(like, PostgresqlDatabase):
        yield f"sqlite:///{folder / name}.db"
        return
    other = copy.copy(like)
    other.name = f"{like.name}_{name}"
    other.url = other.server.set(database=other.name).render_as_string(hide_password=False)
    other._run("CREATE DATABASE {name}")
    try:
        yield other.url
    finally:
        other._run("DROP DATABASE {name} WITH (FORCE)")
