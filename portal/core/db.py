"""The database: model base, column types, and how connections behave on SQLite and PostgreSQL.

Transactions are read-only unless somebody said that they write (a POST request, `transaction()`): then SQLite takes its
lock at once (BEGIN IMMEDIATE), so that two writers queue instead of failing at their first UPDATE.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import UTC, date, datetime
from enum import StrEnum
from typing import Annotated, Any

import pysqlite3.dbapi2 as sqlite
from flask_sqlalchemy import SQLAlchemy
from sqlalchemy import (
    JSON,
    BigInteger,
    ColumnElement,
    Date,
    DateTime,
    Engine,
    Integer,
    MetaData,
    String,
    TypeDecorator,
    bindparam,
    event,
    literal_column,
)
from sqlalchemy.dialects import postgresql
from sqlalchemy.dialects import sqlite as sqlite_dialect
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.engine import Connection, Dialect
from sqlalchemy.exc import OperationalError
from sqlalchemy.orm import DeclarativeBase, mapped_column, registry

from portal.core.line import wait_in_line

# Before this version a checkpoint racing a writer can lose committed pages in WAL mode.
SAFE_SQLITE = (3, 51, 3)
STATEMENTS_KEPT = 2000
PATIENCE = 15.0  # seconds a writer waits for its turn, on both databases; a page later than that helps nobody
PRAGMAS: dict[str, Any] = {
    "journal_mode": "wal",
    "synchronous": 2,
    "foreign_keys": 1,
    "busy_timeout": 5000,  # milliseconds; for the write lock they stand in line first
    "recursive_triggers": 1,  # else REPLACE deletes frozen rows unasked
}

NAMES = {
    "ix": "ix_%(table_name)s_%(column_0_N_name)s",
    "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    "ck": "ck_%(table_name)s_%(constraint_name)s",
    "fk": "fk_%(table_name)s_%(column_0_N_name)s",
    "pk": "pk_%(table_name)s",
}

_writing: ContextVar[bool] = ContextVar("renkei_writing", default=False)


class Moment(TypeDecorator[datetime]):
    """An aware moment in UTC; refuses naive ones."""

    impl = DateTime(timezone=True)
    cache_ok = True

    @property
    def python_type(self) -> type[datetime]:
        """What a cursor of a long list reads its words back as."""
        return datetime

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError("a moment without a time zone")
        return value.astimezone(UTC)

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        if value is None:
            return None
        if value.tzinfo is None:  # SQLite
            return datetime.combine(value, value.time(), UTC)  # a sixth of what `replace` costs
        return value.astimezone(UTC)


class State(TypeDecorator[StrEnum]):
    """A StrEnum kept as its value; an unknown value in the database is an error, not a silent string."""

    impl = String(40)
    cache_ok = True

    def __init__(self, kind: type[StrEnum]) -> None:
        super().__init__()
        self.kind = kind

    @property
    def python_type(self) -> type[StrEnum]:
        """As for moments."""
        return self.kind

    def process_bind_param(self, value: StrEnum | str | None, dialect: Dialect) -> str | None:
        return None if value is None else self.kind(value).value

    def process_result_value(self, value: str | None, dialect: Dialect) -> StrEnum | None:
        return None if value is None else self.kind(value)


JSONDocument = JSON(none_as_null=True).with_variant(JSONB(none_as_null=True), "postgresql")
BigKey = BigInteger().with_variant(Integer, "sqlite")

intpk = Annotated[int, mapped_column(BigKey, primary_key=True)]
moment = Annotated[datetime, mapped_column(Moment)]
yen = Annotated[int, mapped_column(BigInteger)]


class Base(DeclarativeBase):
    """Base of all tables. Foreign keys to floors above or beside are written by table name."""

    registry = registry(
        metadata=MetaData(naming_convention=NAMES),
        type_annotation_map={
            datetime: Moment,
            date: Date,
            dict[str, Any]: JSONDocument,
            list[Any]: JSONDocument,
        },
    )


db = SQLAlchemy(model_class=Base, session_options={"autoflush": True, "expire_on_commit": False})


def is_writing() -> bool:
    """Whether transactions begun now may write."""
    return _writing.get()


@contextmanager
def write_intent(writes: bool) -> Iterator[None]:
    """Transactions begun inside may write, or may not."""
    token = _writing.set(writes)
    try:
        yield
    finally:
        _writing.reset(token)


def engine_options(url: str) -> dict[str, Any]:
    """Options for create_engine; raises RuntimeError on a SQLite library with the WAL-reset defect.

    Errors keep to themselves what was written: a log must not repeat the words of a mail, with its link.
    """
    if not url.startswith("sqlite"):
        pool = {"pool_pre_ping": True, "pool_size": 8, "max_overflow": 8, "pool_timeout": 10}
        # A server that is away, or a lock that is never given, ends in a refusal instead of a hanging page.
        patience = {"connect_timeout": 5, "options": f"-c lock_timeout={PATIENCE * 1000:.0f}"}
        return {**pool, "hide_parameters": True, "connect_args": patience}
    if sqlite.sqlite_version_info < SAFE_SQLITE:
        raise RuntimeError(
            f"SQLite {sqlite.sqlite_version} can corrupt a WAL database; 3.51.3 or later is needed"
        )
    return {
        "module": sqlite,
        "hide_parameters": True,
        "pool_size": 8,
        "max_overflow": 16,
        # Kept are the most used statements: a full store would prepare each new one again and again.
        "connect_args": {"check_same_thread": False, "cached_statements": STATEMENTS_KEPT},
    }


def written(*constants: StrEnum) -> list[ColumnElement[str]]:
    """Values of our own code as they stand in a statement: a partial index is seen to fit, and nothing is bound."""
    return [literal_column(f"'{constant.value}'") for constant in constants]


def ask(statement: Any, **values: Any) -> Sequence[Any]:
    """The rows of a statement on table columns that was made ready once, with what it is asked for this time."""
    return db.session.connection().execute(statement, values).all()


def any_of(name: str) -> Any:
    """The place for a list of values in such a statement: `column.in_(any_of("ids"))`."""
    return bindparam(name, expanding=True)


def insert_or_ignore(table: type[Base], **values: Any) -> None:
    """Add a row unless one with the same key is there already (both databases)."""
    dialect: Any = sqlite_dialect if db.engine.dialect.name == "sqlite" else postgresql
    db.session.execute(dialect.insert(table).values(**values).on_conflict_do_nothing())


def prepare_engine(engine: Engine) -> None:
    """Hang our connection rules on an engine."""
    if engine.dialect.name == "sqlite":
        event.listen(engine, "connect", _open_sqlite)
        event.listen(engine, "begin", _begin_sqlite)
    else:
        event.listen(engine, "begin", _begin_postgresql)


def _open_sqlite(connection: Any, record: Any) -> None:
    connection.isolation_level = None  # we say BEGIN ourselves
    for name, value in PRAGMAS.items():
        connection.execute(f"PRAGMA {name}={value}")


def _begin_sqlite(connection: Connection) -> None:
    raw: Any = connection.connection.dbapi_connection
    writes = is_writing()
    if connection.info.get("writes") is not writes:
        raw.execute(f"PRAGMA query_only={'OFF' if writes else 'ON'}")
        connection.info["writes"] = writes
    try:
        _take_lock(raw, _line_of(connection)) if writes else raw.execute("BEGIN")
    except sqlite.OperationalError as error:  # what a listener raises is not wrapped for us
        raise OperationalError("BEGIN", {}, error) from error


def _line_of(connection: Connection) -> str:
    """The file in which writers stand in line; a database in memory has none."""
    database = connection.engine.url.database or ""
    return "" if database in ("", ":memory:") or database.startswith("file:") else f"{database}-line"


def _take_lock(raw: Any, line: str) -> None:
    """Take SQLite's one write lock when it is one's turn; raises OperationalError, "locked", after `PATIENCE`."""
    refused: list[sqlite.OperationalError] = []

    def enter() -> bool:
        try:
            raw.execute("BEGIN IMMEDIATE")
        except sqlite.OperationalError as error:
            if error.sqlite_errorcode & 0xFF != sqlite.SQLITE_BUSY:
                raise
            refused[:] = [error]
            return False
        return True

    raw.execute("PRAGMA busy_timeout=0")
    try:
        if not wait_in_line(line, enter, patience=PATIENCE):
            raise refused[0]
    finally:
        raw.execute(f"PRAGMA busy_timeout={PRAGMAS['busy_timeout']}")


def _begin_postgresql(connection: Connection) -> None:
    raw: Any = connection.connection.dbapi_connection
    read_only = not is_writing()
    if raw.read_only is not read_only:
        raw.read_only = read_only
