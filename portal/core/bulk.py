"""Many rows at once: one prepared statement, rows as plain tuples, past what an ORM does for each of them.

A hundred thousand rows are written in about a second this way. Values are given as the database keeps them: words of states,
days as ISO text, numbers, None.
"""

from __future__ import annotations

import gc
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import Any

import psycopg
from psycopg.sql import SQL, Identifier
from sqlalchemy import bindparam, insert, update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.sql.dml import Insert, Update

from portal.core.db import Base, db

Rows = Sequence[tuple[Any, ...]]
MOST_AT_ONCE = 20_000
CACHE_KIB = 65_536


def insert_rows(table: type[Base], columns: Sequence[str], rows: Rows) -> None:
    """Add rows; each gives `columns` in their order. Columns left out get what the database itself gives."""
    if db.session.connection().dialect.name == "postgresql":
        _copy(table, columns, rows)
        return
    target: Any = table.__table__
    _run(insert(target).values({name: bindparam(name) for name in columns}), columns, rows)


def _copy(table: type[Base], columns: Sequence[str], rows: Rows) -> None:
    """PostgreSQL takes rows as a stream, at half the cost of statements."""
    raw: Any = db.session.connection().connection.dbapi_connection
    names = SQL(", ").join(Identifier(name) for name in columns)
    statement = SQL("COPY {} ({}) FROM STDIN").format(Identifier(table.__tablename__), names)
    try:
        with raw.cursor() as cursor, cursor.copy(statement) as stream:
            for row in rows:
                stream.write_row(row)
    except psycopg.IntegrityError as error:
        raise IntegrityError("COPY", None, error) from error


def update_rows(table: type[Base], keys: Sequence[str], columns: Sequence[str], rows: Rows) -> None:
    """Change `columns` of the rows in which `keys` are what each tuple begins with."""
    target: Any = table.__table__
    statement = update(target).where(*(target.c[name] == bindparam(f"is_{name}") for name in keys))
    statement = statement.values({name: bindparam(f"new_{name}") for name in columns})
    _run(statement, [*(f"is_{name}" for name in keys), *(f"new_{name}" for name in columns)], rows)


@contextmanager
def undisturbed() -> Iterator[None]:
    """No collection of cyclic garbage inside: with a hundred thousand live tuples it costs more than the work.

    SQLite keeps the pages of its indexes at hand meanwhile; with its usual 2 MB it writes them out and reads them again.
    """
    was_on = gc.isenabled()
    gc.disable()
    try:
        before = _keep_pages(CACHE_KIB)
        yield
        _keep_pages(before)  # not after an error: the connection is about to be rolled back
    finally:
        if was_on:
            gc.enable()


def _keep_pages(kib: int) -> int:
    """How much SQLite keeps in memory from here on, in KiB; gives what it was."""
    connection = db.session.connection()
    if connection.dialect.name != "sqlite":
        return 0
    before = int(connection.exec_driver_sql("PRAGMA cache_size").scalar_one())
    connection.exec_driver_sql(f"PRAGMA cache_size={-kib}")
    return -before


def _run(statement: Insert | Update, names: Sequence[str], rows: Rows) -> None:
    if not rows:
        return
    connection = db.session.connection()
    compiled = statement.compile(dialect=connection.dialect)
    text = str(compiled)
    if compiled.positional and compiled.positiontup is not None:
        order = [list(names).index(name) for name in compiled.positiontup]
        given: Sequence[Any] = (
            rows if order == list(range(len(names))) else [tuple(r[i] for i in order) for r in rows]
        )
    else:
        given = [dict(zip(names, row, strict=True)) for row in rows]
    for start in range(0, len(given), MOST_AT_ONCE):
        connection.exec_driver_sql(text, list(given[start : start + MOST_AT_ONCE]))
