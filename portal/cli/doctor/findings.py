"""What the doctor says of one item."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Finding:
    """One item: fine, or what to do. An advice does not fail the whole."""

    item: str
    is_fine: bool
    words: str
    is_advice: bool = False

    @property
    def is_missing(self) -> bool:
        return not self.is_fine and not self.is_advice

    @property
    def mark(self) -> str:
        return "ok" if self.is_fine else "advice" if self.is_advice else "MISSING"


def answer(item: str, ask: Callable[[], tuple[bool, str]]) -> Finding:
    """The finding of a question that may fail in any way, as questions to the outside do."""
    try:
        return Finding(item, *ask())
    except Exception as error:
        said = str(error).splitlines() or [""]
        return Finding(item, False, f"{type(error).__name__}: {said[0][:120]}")
