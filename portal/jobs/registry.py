"""Which function does which job, and what recurs."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

Work = Callable[..., Any]


@dataclass(frozen=True, slots=True)
class Task:
    """A named function. `atomic`: it runs inside one transaction together with its done mark.

    A task that talks to the outside is not atomic: it holds no lock while it talks, and makes its own transactions.
    """

    name: str
    work: Work
    atomic: bool
    every: timedelta | None = None


TASKS: dict[str, Task] = {}


def task(name: str, *, atomic: bool = True, every: timedelta | None = None) -> Callable[[Work], Work]:
    """Register a function as the task `name`; with `every` it recurs once per such span of time."""

    def register(work: Work) -> Work:
        if name in TASKS and TASKS[name].work.__qualname__ != work.__qualname__:
            raise RuntimeError(f"two tasks are called {name}")
        TASKS[name] = Task(name, work, atomic, every)
        return work

    return register
