"""How the office writes the columns of a layout: one a line, `title = field`, or `title = "fixed text"`."""

from __future__ import annotations

import unicodedata
from collections.abc import Mapping
from enum import StrEnum

from portal.domain.journal.layouts import LONGEST_TITLE, MOST_COLUMNS, Column, Field, Shape


class LayoutProblem(StrEnum):
    """Why columns were not taken."""

    EMPTY = "empty"
    TOO_MANY = "too_many"
    NO_SIGN = "no_sign"
    NO_TITLE = "no_title"
    UNKNOWN_FIELD = "unknown_field"
    OTHER_SHAPE = "other_shape"
    NO_DAY = "no_day"
    NO_AMOUNT = "no_amount"
    NO_ACCOUNT = "no_account"


class BadLayout(ValueError):
    """Columns that make no journal; `.problem`, `.line` (from 1, 0 for the whole) and `.word` say what and where."""

    def __init__(self, problem: LayoutProblem, line: int = 0, word: str = "") -> None:
        super().__init__(problem.value)
        self.problem, self.line, self.word = problem, line, word


def columns_from_text(text: str, shape: Shape, words: Mapping[str, Field]) -> tuple[Column, ...]:
    """Read the columns as typed; `words` are further names of fields, in the reader's language. Raises BadLayout."""
    known = {_plain(word): each for word, each in words.items()} | {each.value: each for each in Field}
    lines = [(place, line) for place, line in enumerate(text.splitlines(), start=1) if line.strip()]
    columns = tuple(_column(line, place, shape, known) for place, line in lines)
    if len(columns) > MOST_COLUMNS:
        raise BadLayout(LayoutProblem.TOO_MANY)
    _require_whole({column.field for column in columns}, shape, bool(columns))
    return columns


def _column(line: str, place: int, shape: Shape, known: Mapping[str, Field]) -> Column:
    title, sign, said = line.replace("＝", "=").partition("=")
    title, said = title.strip(), said.strip()
    if not sign:
        raise BadLayout(LayoutProblem.NO_SIGN, place, line.strip())
    if not title or len(title) > LONGEST_TITLE:
        raise BadLayout(LayoutProblem.NO_TITLE, place, title[:LONGEST_TITLE])
    if len(said) > 1 and said[0] == said[-1] == '"' or not said:
        return Column(title, None, said[1:-1])
    found = known.get(_plain(said))
    if found is None:
        raise BadLayout(LayoutProblem.UNKNOWN_FIELD, place, said)
    if found.shape not in (None, shape):
        raise BadLayout(LayoutProblem.OTHER_SHAPE, place, said)
    return Column(title, found)


def _require_whole(fields: set[Field | None], shape: Shape, any_column: bool) -> None:
    if not any_column:
        raise BadLayout(LayoutProblem.EMPTY)
    if Field.DAY not in fields:
        raise BadLayout(LayoutProblem.NO_DAY)
    amounts = {Field.DEBIT_AMOUNT, Field.CREDIT_AMOUNT}
    if not amounts <= fields:
        raise BadLayout(LayoutProblem.NO_AMOUNT)
    sides = ("debit", "credit") if shape is Shape.PAIR else ("account",)
    for side in sides:
        if not {Field(f"{side}_code"), Field(f"{side}_name")} & fields:
            raise BadLayout(LayoutProblem.NO_ACCOUNT)


def columns_to_text(columns: tuple[Column, ...], words: Mapping[Field, str]) -> str:
    """The columns as the office reads and changes them."""
    return "\n".join(
        f"{c.title} = {words.get(c.field, c.field.value) if c.field else _quoted(c.fixed)}" for c in columns
    )


def _quoted(text: str) -> str:
    return f'"{text}"'


def _plain(word: str) -> str:
    return "".join(unicodedata.normalize("NFKC", word).casefold().split())
