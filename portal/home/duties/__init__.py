"""What somebody has to do now, in the order of the days by which it is due; one module a room, each giving its own tasks."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any


@dataclass(frozen=True, slots=True)
class Task:
    """One thing to do with its one button. `due` None: nothing runs out; `first` ones stand on top all the same."""

    title: str
    action: str
    endpoint: str
    values: Mapping[str, Any] = field(default_factory=dict)
    detail: str = ""
    due: date | None = None
    is_first: bool = False

    def days_left(self, today: date) -> int | None:
        """Whole days until it is due, negative when late."""
        return None if self.due is None else (self.due - today).days


def in_order(tasks: Iterable[Task]) -> list[Task]:
    """What is overdue or has come back first, then by due date, then what has none."""
    return sorted(tasks, key=lambda task: (not task.is_first, task.due or date.max))


def joined(*parts: str | None) -> str:
    """What is known of them, with a dot between."""
    return " · ".join(part for part in parts if part)
