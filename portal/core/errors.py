"""What goes wrong in ways that a person can mend."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from portal.core.i18n import _l


class Refused(Exception):
    """A rule says no. `message` is shown to the person, at `field` when the rule knows its field."""

    status = 422

    def __init__(self, message: Any, *, field: str | None = None) -> None:
        super().__init__(message)
        self.message = message
        self.field = field

    def __str__(self) -> str:
        return str(self.message)


class Incomplete(Refused):
    """Several fields at once need another look; `messages` by field, in the order of the page."""

    def __init__(self, messages: Mapping[str, Any]) -> None:
        super().__init__(_l("Some fields need another look."))
        self.messages = messages


class OutOfDate(Refused):
    """Somebody else was faster: the thing has changed since it was shown."""

    status = 409


class NotFound(Exception):
    """Nothing here that this person may see."""
