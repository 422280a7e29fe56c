"""What goes wrong in ways that a person can mend."""

from __future__ import annotations

from typing import Any


class Refused(Exception):
    """A rule says no. `message` is shown to the person, at `field` when the rule knows its field."""

    status = 422

    def __init__(self, message: Any, *, field: str | None = None) -> None:
        super().__init__(message)
        self.message = message
        self.field = field

    def __str__(self) -> str:
        return str(self.message)


class OutOfDate(Refused):
    """Somebody else was faster: the thing has changed since it was shown."""

    status = 409


class NotFound(Exception):
    """Nothing here that this person may see."""
