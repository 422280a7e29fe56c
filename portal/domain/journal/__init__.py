"""Entries of the books as rows of an accounting program: a layout says which columns, whose codes, which letters.

A layout is data that the office sets; presets fill it in. Every entry is balanced row by row or side by side, an account
without a code or name of the other program is named, and a character that the file cannot hold is never lost in silence.
"""

from portal.domain.journal.columns import BadLayout, LayoutProblem, columns_from_text, columns_to_text
from portal.domain.journal.layouts import (
    AccountCode,
    Column,
    DayFormat,
    Field,
    Layout,
    Letters,
    Shape,
    Strangers,
)
from portal.domain.journal.letters import GETA, StrangeLetters, encode, fitted, strangers_in
from portal.domain.journal.presets import PRESETS, Preset, preset_layout
from portal.domain.journal.rows import Cell, Entry, Leg, rows_of, unmapped
from portal.domain.journal.shares import Share, categorised

__all__ = [
    "GETA",
    "PRESETS",
    "AccountCode",
    "BadLayout",
    "Cell",
    "Column",
    "DayFormat",
    "Entry",
    "Field",
    "Layout",
    "LayoutProblem",
    "Leg",
    "Letters",
    "Preset",
    "Shape",
    "Share",
    "StrangeLetters",
    "Strangers",
    "categorised",
    "columns_from_text",
    "columns_to_text",
    "encode",
    "preset_layout",
    "rows_of",
    "fitted",
    "strangers_in",
    "unmapped",
]
