"""What waits for a hand in the office; one module a room, each giving its own matters."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Matter:
    """A kind of work that waits: how much of it, how long the oldest has waited, where it is done."""

    title: str
    days: int | None
    action: str
    url: str
    is_ours: bool = True  # False: somebody outside has the next step
