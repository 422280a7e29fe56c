"""A step rests on what was on the page: whoever decides on something else is told so first."""

from __future__ import annotations

from portal.core.errors import OutOfDate
from portal.membership.models import Application
from portal.membership.services.drafts import lock_application
from portal.membership.services.moves import CHANGED


def mark_of(application: Application) -> str:
    """What a page keeps of the state that it showed."""
    return f"{application.revision}:{application.changed_at.isoformat()}"


def require_seen(*, application: Application, seen: str) -> None:
    """Queue behind everybody who moves the application; raises OutOfDate unless it still stands where the page showed it."""
    if mark_of(lock_application(application)) != seen:
        raise OutOfDate(CHANGED)
