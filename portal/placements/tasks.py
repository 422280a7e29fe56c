"""Jobs of placements: ids in, one service call."""

from __future__ import annotations

from datetime import timedelta

from portal.jobs.registry import task
from portal.placements.services import calendar, making


@task("placements.tell_made")
def tell_made(placement_id: int) -> None:
    """Student and company hear of their placement."""
    making.tell_made(placement_id)


@task("placements.keep_calendar", atomic=False, every=timedelta(hours=1))
def keep_calendar() -> None:
    """Internships begin and end with their days."""
    calendar.keep_calendar()


@task("placements.remind", atomic=False, every=timedelta(hours=12))
def remind() -> None:
    """Reminders of what waits."""
    calendar.remind()
