"""Jobs of matching: ids in, one service call."""

from __future__ import annotations

from portal.jobs.registry import task
from portal.matching.services import running


@task("matching.run_attempt", atomic=False)
def run_attempt(attempt_id: int) -> None:
    """A run of the match."""
    running.run_attempt(attempt_id)
