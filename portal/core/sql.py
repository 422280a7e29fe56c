"""SQL functions that SQLite and PostgreSQL spell differently."""

from __future__ import annotations

from datetime import date
from typing import Any

from sqlalchemy import Date, Integer
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.sql.functions import FunctionElement


class place_in(FunctionElement[int]):  # noqa: N801 - reads like a function
    """Where the second text begins in the first, counted from 1; 0 when it is not there. Half of what LIKE costs."""

    type = Integer()
    inherit_cache = True


@compiles(place_in, "sqlite")
def _instr(element: Any, compiler: Any, **given: Any) -> str:
    return f"instr({compiler.process(element.clauses, **given)})"


@compiles(place_in, "postgresql")
def _strpos(element: Any, compiler: Any, **given: Any) -> str:
    return f"strpos({compiler.process(element.clauses, **given)})"


class days_between(FunctionElement[int]):  # noqa: N801 - reads like a function
    """How many days lie from the first date to the second, negative where it is the earlier one."""

    type = Integer()
    inherit_cache = True


@compiles(days_between, "sqlite")
def _julian(element: Any, compiler: Any, **given: Any) -> str:
    first, last = (compiler.process(clause, **given) for clause in element.clauses)
    return f"CAST(julianday({last}) - julianday({first}) AS INTEGER)"


@compiles(days_between, "postgresql")
def _difference(element: Any, compiler: Any, **given: Any) -> str:
    first, last = (compiler.process(clause, **given) for clause in element.clauses)
    return f"({last} - {first})"


class as_day(FunctionElement[date]):  # noqa: N801 - reads like a function
    """A date that stands as text in a document (`2026-04-01`), or nothing."""

    type = Date()
    inherit_cache = True


@compiles(as_day, "sqlite")
def _as_it_is(element: Any, compiler: Any, **given: Any) -> str:
    return str(compiler.process(element.clauses, **given))


@compiles(as_day, "postgresql")
def _cast_to_date(element: Any, compiler: Any, **given: Any) -> str:
    return f"CAST({compiler.process(element.clauses, **given)} AS DATE)"
