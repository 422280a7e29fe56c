"""A campaign: the days of the renewals for one fiscal year. Changing them moves every renewal that has no days of its own."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any

from sqlalchemy import select, update

from portal.audit.services import record
from portal.core import clock
from portal.core.access import Actor
from portal.core.db import db
from portal.core.errors import Refused
from portal.core.i18n import _l
from portal.core.transaction import transaction
from portal.domain.renewal_flow import RenewalState, next_step
from portal.domain.terms import FiscalYear
from portal.jobs.services import enqueue
from portal.membership.models import Renewal, RenewalCampaign
from portal.membership.queries import tiers_for
from portal.membership.queries.renewals import is_quiet
from portal.membership.services.renewals.calendar import AT_A_TIME, enrol
from portal.membership.services.renewals.contracts import give_term_time
from portal.membership.services.renewals.links import prolong_answer_links
from portal.membership.services.renewals.news import FOLLOWS
from portal.membership.services.renewals.notices import plan_notices

MOVED_WITH = (RenewalState.DUE, RenewalState.OFFERED)


def create_campaign(
    *,
    fiscal_year: int,
    offers_on: date,
    deadline_on: date,
    grace_days: int,
    suspension_days: int,
    ladder: Sequence[int],
    by: Actor | None,
) -> RenewalCampaign:
    """Begin the renewals for a fiscal year: everybody who is due is enrolled, and offered when the day has come.

    Raises Refused at `fiscal_year`, `offers_on`, `deadline_on`; a second campaign for a year is refused by its key.
    """
    if not tiers_for(fiscal_year):
        raise Refused(
            _l("There are no tiers for this fiscal year yet. Please add them first."), field="fiscal_year"
        )
    _refuse_unfit(fiscal_year, offers_on, deadline_on)
    if deadline_on <= clock.today():
        raise Refused(_l("Please choose a day after today."), field="deadline_on")
    campaign = RenewalCampaign(
        fiscal_year=fiscal_year, offers_on=offers_on, deadline_on=deadline_on, grace_days=grace_days,
        suspension_days=suspension_days, ladder=list(ladder), created_by_id=by.id if by else None,
        created_at=clock.now(),
    )  # fmt: skip
    db.session.add(campaign)
    db.session.flush()
    members = enrol(campaign)
    record(
        verb="renewal_campaign.created",
        subject=campaign,
        by=by,
        changes=_said(campaign) | {"members": len(members)},
    )
    if offers_on <= clock.today():
        enqueue("membership.look_at_the_calendar", key=f"renewal_campaign:{campaign.id}")
    return campaign


def change_campaign(
    *,
    campaign: RenewalCampaign,
    offers_on: date,
    deadline_on: date,
    grace_days: int,
    suspension_days: int,
    ladder: Sequence[int],
    by: Actor,
) -> int:
    """Other days, or another ladder; returns how many deadlines move with them. No mail goes out for it.

    Deadlines move at once; a job plans steps and reminders anew (`follow_campaign`), and until it has, the calendar asks the rules
    and not the day that was planned. Renewals with a deadline of their own keep it; in grace without an answer they are open again, and who renewed pays as late. Raises Refused at `offers_on` (offers have gone out), `deadline_on`.
    """
    _refuse_unfit(campaign.fiscal_year, offers_on, deadline_on)
    gone_out = offers_on != campaign.offers_on and campaign.offers_on <= clock.today()
    if gone_out:
        raise Refused(_l("The offers have gone out already; this day stays."), field="offers_on")
    if deadline_on != campaign.deadline_on and deadline_on <= clock.today():
        raise Refused(_l("Please choose a day after today."), field="deadline_on")
    before, old_deadline = _said(campaign), campaign.deadline_on
    campaign.offers_on, campaign.deadline_on = offers_on, deadline_on
    campaign.grace_days, campaign.suspension_days = grace_days, suspension_days
    campaign.ladder = list(ladder)
    db.session.flush()
    after = _said(campaign)
    changes = {name: [before[name], after[name]] for name in after if before[name] != after[name]}
    if not changes:
        return 0
    record(verb="renewal_campaign.changed", subject=campaign, by=by, changes=changes)
    enqueue("membership.follow_campaign", campaign_id=campaign.id)
    return _move_deadlines(campaign, old_deadline)


def _move_deadlines(campaign: RenewalCampaign, old_deadline: date) -> int:
    """Of those that nobody gave a day of their own; returns how many."""
    if campaign.deadline_on == old_deadline:
        return 0
    unanswered = update(Renewal).where(
        Renewal.campaign_id == campaign.id, Renewal.deadline_on == old_deadline, Renewal.state.in_(MOVED_WITH)
    )
    moved: Any = db.session.execute(
        unanswered.values(deadline_on=campaign.deadline_on, version=Renewal.version + 1),
        execution_options={"synchronize_session": "fetch"},
    )
    return int(moved.rowcount) + _open_again(campaign, old_deadline)


def _open_again(campaign: RenewalCampaign, old_deadline: date) -> int:
    """Whoever had not answered by the old deadline and is in grace may answer until the new one."""
    if campaign.deadline_on < clock.today():
        return 0
    missed = update(Renewal).where(
        Renewal.campaign_id == campaign.id, Renewal.deadline_on == old_deadline,
        Renewal.state == RenewalState.GRACE, Renewal.is_agreed.is_(False),
    )  # fmt: skip
    again: Any = db.session.execute(
        missed.values(
            deadline_on=campaign.deadline_on, state=RenewalState.OFFERED, version=Renewal.version + 1
        ),
        execution_options={"synchronize_session": "fetch"},
    )
    return int(again.rowcount)


def follow_campaign(campaign_id: int) -> int:
    """Plan steps and reminders of every open renewal by the days and the ladder of now; returns how many. As often as one likes.

    In several transactions: thousands of members keep nobody from writing.
    """
    open_ones = select(Renewal.id).where(Renewal.campaign_id == campaign_id, Renewal.next_on.is_not(None))
    found = db.session.scalars(open_ones.order_by(Renewal.id)).all()
    for start in range(0, len(found), AT_A_TIME):
        with transaction():
            _follow(db.session.get_one(RenewalCampaign, campaign_id), found[start : start + AT_A_TIME])
    return len(found)


def _follow(campaign: RenewalCampaign, renewal_ids: Sequence[int]) -> None:
    mine = select(Renewal).where(Renewal.id.in_(renewal_ids)).order_by(Renewal.id)
    for renewal in db.session.scalars(mine.with_for_update().execution_options(populate_existing=True)):
        _give_as_long(renewal, campaign)
        step = next_step(renewal.standing, campaign.season)
        renewal.next_on = step.on if step else None
        renewal.version += 1
        if renewal.state is RenewalState.OFFERED:
            plan_notices(renewal, campaign.ladder)
            prolong_answer_links(renewal)
    db.session.flush()


def _give_as_long(renewal: Renewal, campaign: RenewalCampaign) -> None:
    """Who renewed early pays no earlier than others may answer; of a claim that is written off no day is moved."""
    is_waiting = renewal.is_agreed and renewal.state in FOLLOWS and not is_quiet(renewal)
    if is_waiting and renewal.term_id and renewal.standing.awaited_on < campaign.deadline_on:
        give_term_time(renewal.term_id, campaign.deadline_on, None)


def _refuse_unfit(fiscal_year: int, offers_on: date, deadline_on: date) -> None:
    if deadline_on <= offers_on:
        raise Refused(_l("The deadline has to lie after the day of the offers."), field="deadline_on")
    year = FiscalYear(fiscal_year)
    if not year.previous.starts_on <= deadline_on <= year.ends_on:
        raise Refused(
            _l("The deadline has to lie in the fiscal year before, or in the year itself."),
            field="deadline_on",
        )


def _said(campaign: RenewalCampaign) -> dict[str, Any]:
    return {
        "fiscal_year": campaign.fiscal_year,
        "offers_on": campaign.offers_on,
        "deadline_on": campaign.deadline_on,
        "grace_days": campaign.grace_days,
        "suspension_days": campaign.suspension_days,
        "ladder": list(campaign.ladder),
    }
