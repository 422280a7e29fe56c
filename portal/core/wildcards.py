"""What people type into a search, for LIKE with a backslash as its escape."""

from __future__ import annotations


def literal(text: str) -> str:
    """`text` without wildcards of its own."""
    return text.replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_")


def containing(text: str) -> str:
    """Anything in which `text` stands."""
    return f"%{literal(text)}%"
