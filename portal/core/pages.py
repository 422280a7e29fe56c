"""Answers as pages, and long lists cut by key instead of offset."""

from __future__ import annotations

import base64
import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from functools import cache
from typing import Any, Generic, TypeVar

from flask import make_response, render_template, request, url_for
from sqlalchemy import Integer, Select, and_, bindparam, or_
from werkzeug.exceptions import NotFound as NoSuchPage
from werkzeug.routing import IntegerConverter
from werkzeug.wrappers import Response

from portal.core.db import db
from portal.core.errors import Refused
from portal.core.i18n import _l

Row = TypeVar("Row")
PAGE_SIZE = 50
LARGEST_EXPORT = 20_000  # rows of a file that is made while somebody waits
LARGEST_ID = 2**63 - 1
LONGEST_CURSOR = 2000


class IdConverter(IntegerConverter):
    """A row's number in a URL; what no database can hold is simply not found."""

    regex = "[1-9][0-9]{0,18}"  # one address a row: no other digits, no leading nought

    def __init__(self, url_map: Any) -> None:
        super().__init__(url_map, min=1, max=LARGEST_ID)


@dataclass(frozen=True, slots=True)
class Slice(Generic[Row]):
    """A part of a long list and where the next part begins (None at its end)."""

    items: Sequence[Row]
    next_cursor: str | None = None


def whole(found: Slice[Row]) -> Sequence[Row]:
    """The rows of a list that was asked for up to `LARGEST_EXPORT`, to save as a file. Raises Refused when there are more."""
    if found.next_cursor is not None:
        message = _l(
            "This list has more than %(most)s rows. Please narrow it first.", most=f"{LARGEST_EXPORT:,}"
        )
        raise Refused(message)
    return found.items


def page(template: str, status: int | None = None, **context: Any) -> Response:
    """Render a page; 422 when its `form` carries errors."""
    form = context.get("form")
    if status is None:
        status = 422 if form is not None and (form.errors or form.form_errors) else 200
    return make_response(render_template(template, **context), status)


def keyset(
    statement: Select[Any],
    *keys: tuple[Any, bool],
    cursor: str | None,
    size: int = PAGE_SIZE,
    scalars: bool = False,
) -> Slice[Any]:
    """The slice of `statement` after `cursor`, ordered by `keys`: pairs of (column, descending).

    The last key must be unique, no key may be null. The key columns are added at the end of each row; `scalars` gives
    the first element alone. A cursor that was not made here raises 404.
    """
    ordered = _ordered(statement, keys)
    if cursor:
        ordered = ordered.where(_after(keys, _read_cursor(cursor, [column for column, _ in keys])))
    found = db.session.execute(ordered.limit(size + 1)).all()
    rows = found[:size]
    following = _write_cursor(rows[-1][-len(keys) :]) if len(found) > size else None
    return Slice([row[0] for row in rows] if scalars else rows, following)


class Listing:
    """A long list made ready once, for every reader and cursor: best of table columns (`Model.__table__.c`); `keys` as for
    `keyset`.

    Make it a constant, or in a function under `functools.cache` whose arguments are the filters. What readers type stands in the
    statement as `bindparam` and is given to `slice`, which passes by the mapper and gives tuples without the keys.
    """

    def __init__(self, statement: Select[Any], *keys: tuple[Any, bool]) -> None:
        self._columns = [column for column, _ in keys]
        starts = [bindparam(f"after_{n}", type_=column.type) for n, column in enumerate(self._columns)]
        self._first = _ordered(statement, keys).limit(bindparam("most", type_=Integer))
        self._further = self._first.where(_after(keys, starts))

    def slice(self, cursor: str | None, size: int = PAGE_SIZE, **typed: Any) -> Slice[Any]:
        """The rows after `cursor`; a cursor that was not made here raises 404."""
        found, following = self._cut(db.session.connection(), cursor, size, typed)
        width = len(self._columns)
        return Slice([row[:-width] for row in found], following)

    def objects(self, cursor: str | None, size: int = PAGE_SIZE, **typed: Any) -> Slice[Any]:
        """As `slice`, where the statement selects a model: its objects."""
        found, following = self._cut(db.session, cursor, size, typed)
        return Slice([row[0] for row in found], following)

    def _cut(
        self, place: Any, cursor: str | None, size: int, typed: dict[str, Any]
    ) -> tuple[Sequence[Any], str | None]:
        statement, typed["most"] = self._first, size + 1
        if cursor:
            statement = self._further
            typed |= {f"after_{n}": v for n, v in enumerate(_read_cursor(cursor, self._columns))}
        found = place.execute(statement, typed).all()
        width = len(self._columns)
        following = _write_cursor(found[size - 1][-width:]) if len(found) > size else None
        return found[:size], following


def _ordered(statement: Select[Any], keys: Sequence[tuple[Any, bool]]) -> Select[Any]:
    columns = [column for column, _ in keys]
    return statement.add_columns(*columns).order_by(*(c.desc() if down else c.asc() for c, down in keys))


def _after(keys: Sequence[tuple[Any, bool]], values: Sequence[Any]) -> Any:
    steps = []
    for i, (column, down) in enumerate(keys):
        same = [c == v for (c, _), v in zip(keys[:i], values[:i], strict=True)]
        beyond = column < values[i] if down else column > values[i]
        steps.append(and_(*same, beyond))
    first, down = keys[0]
    start = first <= values[0] if down else first >= values[0]  # where an index begins to read
    return and_(start, or_(*steps))


def _write_cursor(values: Sequence[Any]) -> str:
    plain = [v.isoformat() if isinstance(v, date) else v for v in values]
    return base64.urlsafe_b64encode(json.dumps(plain, ensure_ascii=False).encode()).decode().rstrip("=")


def _read_cursor(cursor: str, columns: Sequence[Any]) -> list[Any]:
    try:
        if len(cursor) > LONGEST_CURSOR:
            raise ValueError
        values = json.loads(base64.urlsafe_b64decode(cursor + "=" * (-len(cursor) % 4)))
        if len(values) != len(columns):
            raise ValueError
        return [_typed(v, c) for v, c in zip(values, columns, strict=True)]
    except (ValueError, TypeError, OverflowError, RecursionError):
        raise NoSuchPage from None


def _typed(value: Any, column: Any) -> Any:
    kind = column.type.python_type
    if kind is datetime:
        moment = datetime.fromisoformat(value)
        if moment.tzinfo is None:
            raise ValueError
        return moment.astimezone(UTC)
    if kind is date:
        return date.fromisoformat(value)
    if not isinstance(value, (int, str)):
        raise ValueError
    if isinstance(value, str):
        value.encode()  # a lone surrogate is no text: UnicodeEncodeError is a ValueError
        if "\x00" in value:
            raise ValueError
    read = kind(value)
    if isinstance(read, int) and abs(read) > LARGEST_ID:
        raise ValueError
    return read


@cache
def _stem(endpoint: str, argument: str, script_root: str) -> str:
    values: dict[str, Any] = {argument: 1}
    address = url_for(endpoint, **values)
    head, one, tail = address.rpartition("1")
    if not one or tail:
        raise ValueError(f"{endpoint} does not end in its {argument}")
    return head


def url_stem(endpoint: str, argument: str) -> str:
    """The address of `endpoint` up to its last part, the number: a list asks once instead of once a row.

    In a template `<a href="{{ stem }}{{ id }}">`. Raises ValueError where the number is not the last part.
    """
    return _stem(endpoint, argument, request.script_root)


def json_body() -> dict[str, Any] | None:
    """The JSON object that was sent; None for anything else, however deeply it is nested."""
    try:
        sent = request.get_json(silent=True)
    except RecursionError:
        return None
    return sent if isinstance(sent, dict) else None


def cursor_argument() -> str | None:
    """Where the reader wants the list to go on."""
    return request.args.get("after") or None
