"""Jobs of membership: ids in, one service call."""

from __future__ import annotations

from datetime import timedelta

from portal.jobs.registry import task
from portal.membership.services import renewals
from portal.membership.services.seats.calendar import close_proposals
from portal.membership.services.tier_changes import calendar


@task("membership.look_at_the_calendar", atomic=False, every=timedelta(hours=1))
def look_at_the_calendar() -> None:
    """Renewals whose day has come get a job each."""
    renewals.look_in_the_morning()


@task("membership.close_tier_changes", atomic=False, every=timedelta(hours=1))
def close_tier_changes() -> None:
    """Wishes for another tier that came true or whose day has passed are closed."""
    calendar.close_tier_changes()


@task("membership.close_seat_offers", atomic=False, every=timedelta(hours=1))
def close_seat_offers() -> None:
    """Offers of extra seats whose day has passed are closed."""
    close_proposals()


@task("membership.advance_renewal")
def advance_renewal(renewal_id: int) -> None:
    """One step or one reminder of one renewal."""
    renewals.advance_renewal(renewal_id)


@task("membership.follow_campaign", atomic=False)
def follow_campaign(campaign_id: int) -> None:
    """Steps and reminders of a campaign whose days have changed."""
    renewals.follow_campaign(campaign_id)
