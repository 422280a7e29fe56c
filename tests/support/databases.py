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
from psycopg.sql import SQL, Identifier
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
    """A database of the server in TEST_DATABASE_URL, copied from a template before each test."""

    def __init__(self, server_url: str) -> None:
        self.server = make_url(server_url)
        worker = f"{os.environ.get('PYTEST_XDIST_WORKER', 'main')}_{next(_numbers)}"
        self.name, self.template = f"renkei_{worker}_{os.getpid()}", f"renkei_kept_{worker}_{os.getpid()}"
        self.url = self.server.set(database=self.name).render_as_string(hide_password=False)
        self._run("CREATE DATABASE {name}")

    def _run(self, statement: str) -> None:
        plain = self.server.set(drivername="postgresql", database="postgres")
        with psycopg.connect(plain.render_as_string(hide_password=False), autocommit=True) as connection:
            connection.execute(
                SQL(statement).format(name=Identifier(self.name), template=Identifier(self.template))  # type: ignore[arg-type]
            )

    def keep(self, app: Flask) -> None:
        with app.app_context():
            db.engine.dispose()
        self._run("CREATE DATABASE {template} TEMPLATE {name}")

    def restore(self, app: Flask) -> None:
        with app.app_context():
            db.engine.dispose()
        self._run("DROP DATABASE {name} WITH (FORCE)")
        self._run("CREATE DATABASE {name} TEMPLATE {template}")

    def drop(self) -> None:
        self._run("DROP DATABASE IF EXISTS {name} WITH (FORCE)")
        self._run("DROP DATABASE IF EXISTS {template} WITH (FORCE)")


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
