"""Rules that the database itself keeps: rows that may be added but never changed or deleted.

One declaration makes the triggers of SQLite and of PostgreSQL; migrations run what it gives. What a migration has run
once is history: another rule is another function here, and another migration.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from sqlalchemy import DDL, Connection, Table, UniqueConstraint, event, text

from portal.core.db import Base

# Each trigger with what it says: on PostgreSQL the text of its function, and whether it has a condition.
_TRIGGERS = {
    "sqlite": "SELECT name, sql FROM sqlite_master WHERE type = 'trigger'",
    "postgresql": """
        SELECT tgname, (tgqual IS NOT NULL)::text || ' ' || tgtype::text || ' ' || prosrc
        FROM pg_trigger JOIN pg_proc ON pg_proc.oid = tgfoid WHERE NOT tgisinternal AND tgenabled <> 'D'
    """,
}
# Bits of tgtype: of a row 1, before 2, insert 4, delete 8, update 16, truncate 32.
_KINDS = {"BEFORE UPDATE OR DELETE": 27, "BEFORE UPDATE": 19, "BEFORE DELETE": 11, "BEFORE TRUNCATE": 34}


def freeze_statements(dialect: str, table: str, *, only_when: str | None = None) -> list[str]:
    """SQL that makes `table` append-only on `dialect` (`sqlite` or `postgresql`).

    `only_when` names a boolean column: then only rows in which it is true are frozen.
    """
    message = f"rows of {table} are never changed or deleted"
    if dialect == "sqlite":
        when = f" WHEN OLD.{only_when}" if only_when else ""
        return [
            f"CREATE TRIGGER {table}_no_{verb.lower()} BEFORE {verb} ON {table}{when} "
            f"BEGIN SELECT RAISE(ABORT, '{message}'); END"
            for verb in ("UPDATE", "DELETE")
        ]
    when = f" WHEN (OLD.{only_when})" if only_when else ""
    return [
        f"CREATE FUNCTION {table}_frozen() RETURNS trigger LANGUAGE plpgsql AS "
        f"$$ BEGIN RAISE EXCEPTION '{message}' USING ERRCODE = 'integrity_constraint_violation'; END $$",
        f"CREATE TRIGGER {table}_frozen BEFORE UPDATE OR DELETE ON {table} "
        f"FOR EACH ROW{when} EXECUTE FUNCTION {table}_frozen()",
        f"CREATE TRIGGER {table}_no_truncate BEFORE TRUNCATE ON {table} "
        f"FOR EACH STATEMENT EXECUTE FUNCTION {table}_frozen()",
    ]


def thaw_statements(dialect: str, table: str) -> list[str]:
    """SQL that takes the triggers off again (a migration's downgrade)."""
    if dialect == "sqlite":
        return [f"DROP TRIGGER {table}_no_{verb}" for verb in ("update", "delete")]
    return [
        f"DROP TRIGGER {table}_frozen ON {table}",
        f"DROP TRIGGER {table}_no_truncate ON {table}",
        f"DROP FUNCTION {table}_frozen()",
    ]


def keep_statements(dialect: str, table: str, *, only_when: str | None = None) -> list[str]:
    """SQL against SQLite's INSERT OR REPLACE, which deletes the old row without asking the triggers on DELETE.

    Our connections ask them (`recursive_triggers`); this holds for whoever else opens the file.
    """
    if dialect != "sqlite":
        return []
    also = f" AND {only_when}" if only_when else ""
    taken = f"SELECT 1 FROM {table} WHERE id = NEW.id{also}"  # noqa: S608 - our own names; NEW.id is -1 where none is given
    return [
        f"CREATE TRIGGER {table}_no_replace BEFORE INSERT ON {table} WHEN EXISTS ({taken}) "
        f"BEGIN SELECT RAISE(ABORT, 'rows of {table} are never replaced'); END"
    ]


def twin_statements(dialect: str, table: str, key: Sequence[str]) -> list[str]:
    """SQL against INSERT OR REPLACE with another id and the same `key` (columns of a unique constraint of a frozen table).

    It refuses in the words that the constraint itself would use.
    """
    if dialect != "sqlite":
        return []
    same = " AND ".join(f"{column} = NEW.{column}" for column in key)
    taken = f"SELECT 1 FROM {table} WHERE {same}"  # noqa: S608 - our own names
    words = ", ".join(f"{table}.{column}" for column in key)
    return [
        f"CREATE TRIGGER {table}_no_twin_{'_'.join(key)} BEFORE INSERT ON {table} WHEN EXISTS ({taken}) "
        f"BEGIN SELECT RAISE(ABORT, 'UNIQUE constraint failed: {words}'); END"
    ]


def forward_statements(dialect: str, table: str, column: str) -> list[str]:
    """SQL that lets rows of `table` change only with a greater `column`, and never be deleted."""
    message = f"{table} only goes forward"
    if dialect == "sqlite":
        return [
            f"CREATE TRIGGER {table}_only_forward BEFORE UPDATE ON {table} WHEN NEW.{column} <= OLD.{column} "
            f"BEGIN SELECT RAISE(ABORT, '{message}'); END",
            f"CREATE TRIGGER {table}_no_delete BEFORE DELETE ON {table} BEGIN SELECT RAISE(ABORT, '{message}'); END",
        ]
    return [
        f"CREATE FUNCTION {table}_forward() RETURNS trigger LANGUAGE plpgsql AS "
        f"$$ BEGIN RAISE EXCEPTION '{message}' USING ERRCODE = 'integrity_constraint_violation'; END $$",
        f"CREATE TRIGGER {table}_only_forward BEFORE UPDATE ON {table} "
        f"FOR EACH ROW WHEN (NEW.{column} <= OLD.{column}) EXECUTE FUNCTION {table}_forward()",
        f"CREATE TRIGGER {table}_no_delete BEFORE DELETE ON {table} "
        f"FOR EACH ROW EXECUTE FUNCTION {table}_forward()",
        f"CREATE TRIGGER {table}_no_truncate BEFORE TRUNCATE ON {table} "
        f"FOR EACH STATEMENT EXECUTE FUNCTION {table}_forward()",
    ]


def freeze(model: Any, *, only_when: str | None = None) -> None:
    """Declare that rows of `model` are append-only: the triggers come with the table."""
    table: Table = model.__table__
    table.info["frozen"] = only_when or True
    for dialect in _TRIGGERS:
        frozen = freeze_statements(dialect, table.name, only_when=only_when)
        kept = keep_statements(dialect, table.name, only_when=only_when)
        twins = [each for key in unique_keys(table) for each in twin_statements(dialect, table.name, key)]
        _guard(table, dialect, [*frozen, *kept, *twins])


def only_forward(model: Any, column: str) -> None:
    """Declare that a row of `model` changes only with a greater `column` and is never deleted."""
    table: Table = model.__table__
    key = [each.name for each in table.primary_key.columns]
    for dialect in _TRIGGERS:
        forward = forward_statements(dialect, table.name, column)
        _guard(table, dialect, [*forward, *twin_statements(dialect, table.name, key)])


def unique_keys(table: Table) -> list[tuple[str, ...]]:
    """The columns of each unique constraint."""
    unique = [each for each in table.constraints if isinstance(each, UniqueConstraint)]
    return sorted(tuple(column.name for column in each.columns) for each in unique)


def missing_guards(connection: Connection) -> list[str]:
    """The triggers that the tables declare and this database does not have, has switched off, or has with other words."""
    dialect = connection.dialect.name
    present = {name: _plain(said) for name, said in connection.execute(text(_TRIGGERS[dialect]))}
    wanted: dict[str, str] = {}
    for table in Base.metadata.tables.values():
        wanted |= table.info.get(dialect, {})
    return sorted(name for name, said in wanted.items() if present.get(name) != said)


def _guard(table: Table, dialect: str, statements: Sequence[str]) -> None:
    """Have `statements` run after the table is made, and remember what each trigger says."""
    body = next((s.split("$$")[1] for s in statements if s.startswith("CREATE FUNCTION")), "")
    guards = table.info.setdefault(dialect, {})
    for statement in statements:
        if statement.startswith("CREATE TRIGGER"):
            said = statement if dialect == "sqlite" else f"{_shape(statement)} {body}"
            guards[statement.split()[2]] = _plain(said)
        ddl: Any = DDL  # its constructor carries no types
        event.listen(table, "after_create", ddl(statement.replace("%", "%%")).execute_if(dialect=dialect))


def _shape(statement: str) -> str:
    kind = next(bits for words, bits in _KINDS.items() if f" {words} ON " in statement)
    return f"{'true' if ' WHEN (' in statement else 'false'} {kind}"


def _plain(said: str) -> str:
    return " ".join(said.split())
