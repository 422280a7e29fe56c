"""Conditional updates: of two at once, one wins."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeVar

from sqlalchemy import Update
from sqlalchemy.exc import IntegrityError

from portal.core.db import Base, db
from portal.core.errors import OutOfDate

Row = TypeVar("Row", bound=Base)


def add_or_find(row: Row, find: Callable[[], Row | None]) -> tuple[Row, bool]:
    """Add a row with a unique key; where another transaction was faster, the one that `find` gives. True: it is ours."""
    try:
        with db.session.begin_nested():
            db.session.add(row)
    except IntegrityError:
        winner = find()
        if winner is None:
            raise
        return winner, False
    return row, True


def rows_changed(statement: Update) -> int:
    """Run an update with its conditions in the database; how many rows met them."""
    done: Any = db.session.execute(statement, execution_options={"synchronize_session": False})
    return int(done.rowcount)


def change_one(row: Base, statement: Update, message: Any) -> None:
    """Change this one row if the conditions of `statement` still hold, and read it again. Raises OutOfDate(message)."""
    changed = rows_changed(statement)
    loaded = [column.key for column in row.__mapper__.column_attrs]
    db.session.refresh(row, loaded)
    if changed != 1:
        raise OutOfDate(message)
