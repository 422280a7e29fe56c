"""How many statements a piece of work asks the database."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import event

from portal.core.db import db


@dataclass
class Statements:
    """What was asked, in order; its length is the number of statements. BEGIN, COMMIT and PRAGMA do not count."""

    asked: list[str] = field(default_factory=list)

    def __len__(self) -> int:
        return len(self.asked)

    def __str__(self) -> str:
        return "\n".join(f"{n}. {' '.join(text.split())}" for n, text in enumerate(self.asked, 1))


@contextmanager
def count_sql() -> Iterator[Statements]:
    """Counts while the block runs, in every thread; needs an application context.

    `with count_sql() as sql: client.get(…)`, then `assert len(sql) <= 8, str(sql)`.
    """
    found, engine = Statements(), db.engine

    def note(connection: Any, cursor: Any, statement: str, *rest: Any) -> None:
        found.asked.append(statement)

    event.listen(engine, "before_cursor_execute", note)
    try:
        yield found
    finally:
        event.remove(engine, "before_cursor_execute", note)
