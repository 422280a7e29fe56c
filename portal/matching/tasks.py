"""Jobs of matching: ids in, one service call."""

from __future__ import annotations

from datetime import timedelta

from portal.jobs.registry import task
from portal.matching.services import doubts, expiring, publishing, reminding, running, studies


@task("matching.run_attempt", atomic=False)
def run_attempt(attempt_id: int) -> None:
    """A run of the match."""
    running.run_attempt(attempt_id)


@task("matching.publish_results")
def publish_results(round_id: int) -> None:
    """The minute of publication has come."""
    publishing.publish_results(round_id)


@task("matching.look_again")
def look_again(round_id: int) -> None:
    """Shortly before the minute of publication."""
    doubts.look_again(round_id)


@task("matching.look_at_choices", atomic=False, every=timedelta(minutes=5))
def look_at_choices() -> None:
    """Chosen results that can no longer be as they are."""
    doubts.look_at_each()


@task("matching.publish_due", atomic=False, every=timedelta(minutes=5))
def publish_due() -> None:
    """Rounds whose minute came without a job."""
    publishing.publish_due()


@task("matching.tell_results", atomic=False)
def tell_results(round_id: int) -> None:
    """Mails with the results."""
    publishing.tell_results(round_id)


@task("matching.end_expired_offers", atomic=False, every=timedelta(minutes=10))
def end_expired_offers() -> None:
    """Offers that nobody answered in time."""
    expiring.end_expired()


@task("matching.run_study", atomic=False)
def run_study(study_id: int) -> None:
    """Advice on ties, or chances under other lotteries."""
    studies.run_study(study_id)


@task("matching.remind_rankers", atomic=False, every=timedelta(hours=1))
def remind_rankers() -> None:
    """Whoever has saved nothing is reminded before the lists lock."""
    reminding.remind_rankers()
