"""Rules that the database itself keeps: rows that may be added but never changed or deleted.

One declaration makes the triggers of SQLite and of PostgreSQL; migrations run what it gives.
"""

from __future__ import annotations

from typing import Any

from sqlalchemy import DDL, Table, event


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


def freeze(model: Any, *, only_when: str | None = None) -> None:
    """Declare that rows of `model` are append-only: the triggers come with the table."""
    table: Table = model.__table__
    table.info["frozen"] = only_when or True
    for dialect in ("sqlite", "postgresql"):
        for statement in freeze_statements(dialect, table.name, only_when=only_when):
            ddl: Any = DDL  # its constructor carries no types
            event.listen(table, "after_create", ddl(statement.replace("%", "%%")).execute_if(dialect=dialect))
