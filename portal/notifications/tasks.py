"""Jobs of the outbox."""

from __future__ import annotations

from portal.jobs.registry import task
from portal.notifications import services


@task("notifications.deliver", atomic=False)
def deliver(message_id: int) -> None:
    """Send one message."""
    services.deliver(message_id)
