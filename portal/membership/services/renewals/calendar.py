"""What the calendar does: enrol who is due, make offers, remind, and go on to grace, suspension and the end.

It may run as often as it likes and miss as many days as it must: a step is taken once, a reminder sent once.
"""

from __future__ import annotations

from datetime import timedelta

from sqlalchemy import select

from portal.billing.services.due_days import give_time
from portal.core import clock
from portal.core.db import db
from portal.core.transaction import transaction
from portal.domain.renewal_flow import Act, NextStep, Party, next_step, pay_by
from portal.jobs.services import enqueue
from portal.membership import renewal_mail
from portal.membership.models import ContractTerm, Renewal, RenewalCampaign
from portal.membership.queries.renewals import (
    in_motion,
    is_quiet,
    members_again,
    members_not_enrolled,
    receivable_of,
)
from portal.membership.services.renewals.asking import ask
from portal.membership.services.renewals.contracts import lapse_term
from portal.membership.services.renewals.links import forget_answer_links
from portal.membership.services.renewals.moves import campaign_of, locked, take
from portal.membership.services.renewals.news import follow_claim, note_ended
from portal.membership.services.renewals.notices import pass_over, remind, stop_notices
from portal.membership.services.renewals.offers import make_offer

AT_A_TIME = 200
MORNING = 9  # o'clock in Tokyo: nobody is reminded in the night


def enrol(campaign: RenewalCampaign) -> list[Renewal]:
    """Add a renewal for every member that is due and has none yet; until the deadline, as members may pay late. One that was closed
    because its contract had ended begins anew for who is a member again."""
    today = clock.today()
    if today > campaign.deadline_on:
        return []
    for number, term_id in members_again(campaign):
        take(
            locked(number), Act.ENROL, Party.CLOCK, by=None, from_term_id=term_id, deadline_on=campaign.deadline_on,
            beyond_places=False,
        )  # fmt: skip
    made = [
        Renewal(
            campaign_id=campaign.id, fiscal_year=campaign.fiscal_year, organisation_id=member.organisation_id,
            from_term_id=member.term_id, moved_at=clock.now(), deadline_on=campaign.deadline_on,
            next_on=campaign.offers_on,
        )
        for member in members_not_enrolled(campaign)
    ]  # fmt: skip
    db.session.add_all(made)
    db.session.flush()
    return made


def look_in_the_morning() -> int:
    """Look at the calendar from nine o'clock on; what a day had missed is found then."""
    if clock.now().astimezone(clock.OFFICE_ZONE).hour < MORNING:
        return 0
    return look_at_the_calendar()


def look_at_the_calendar() -> int:
    """Enrol, then ask for one job for each renewal whose day has come; returns how many.

    In several transactions: thousands of offers on one morning keep nobody from writing.
    """
    with transaction():
        for campaign in db.session.scalars(select(RenewalCampaign).order_by(RenewalCampaign.id)):
            enrol(campaign)
    found = in_motion(clock.today())
    for start in range(0, len(found), AT_A_TIME):
        with transaction():
            for renewal_id, version in found[start : start + AT_A_TIME]:
                ask_to_advance(renewal_id, version)
    return len(found)


def ask_to_advance(renewal_id: int, version: int) -> None:
    """One job a renewal, a state and a day."""
    key = f"renewal:{renewal_id}:{version}:{clock.today():%Y%m%d}"
    enqueue("membership.advance_renewal", key=key, renewal_id=renewal_id)


def advance_renewal(renewal_id: int) -> None:
    """Take the step whose day has come, or send the reminder that is due; nothing where neither is."""
    renewal = locked(renewal_id)
    if not renewal.is_agreed and _has_ended(renewal):
        note_ended(renewal.from_term_id)
        return
    if renewal.term_id and renewal.is_agreed:
        follow_claim(renewal.term_id)
    step = next_step(renewal.standing, campaign_of(renewal).season)
    if step is not None and step.on <= clock.today():
        _take_step(renewal, step)
    else:
        remind(renewal)


def _has_ended(renewal: Renewal) -> bool:
    """Whether the contract that it follows was cancelled, by whatever way."""
    return db.session.get_one(ContractTerm, renewal.from_term_id).cancelled_on is not None


def _take_step(renewal: Renewal, step: NextStep) -> None:
    if step.act is Act.OFFER:
        make_offer(renewal)
    elif step.act is Act.MISS:
        take(renewal, Act.MISS, Party.CLOCK, by=None, changes={"reason": step.reason})
        pass_over(renewal)
        _tell_missed(renewal)
    elif step.act is Act.SUSPEND:
        take(renewal, Act.SUSPEND, Party.CLOCK, by=None, changes={"reason": step.reason})
        stop_notices(renewal)
        forget_answer_links(renewal)
        if not is_quiet(renewal):
            renewal_mail.suspend(renewal)
    elif step.act is Act.LAPSE:
        _lapse(renewal, step)
    elif step.act is Act.INVOICE:
        _follow_invoice(renewal)


def _follow_invoice(renewal: Renewal) -> None:
    """Agreed, and the step to its invoice was lost: taken again, or a job that fails in everybody's sight."""
    found = receivable_of(renewal.term_id) if renewal.term_id else None
    if found is None:
        raise LookupError(f"renewal {renewal.id} is agreed and has no invoice")
    until = pay_by(renewal.deadline_on, found[1].due_on)
    give_time(found[0], until, by=None)
    take(renewal, Act.INVOICE, Party.CLOCK, by=None, pay_by=until, changes={"number": found[0].number})


def _tell_missed(renewal: Renewal) -> None:
    """Until the last day of grace it can be made good: by the money, or by an answer."""
    last_day = (renewal.next_on or renewal.deadline_on) - timedelta(days=1)
    if renewal.is_agreed:
        if not is_quiet(renewal):
            renewal_mail.tell_unpaid(renewal, last_day)
    else:
        ask(renewal, "renewal_missed", until=last_day)


def _lapse(renewal: Renewal, step: NextStep) -> None:
    """The place goes to others. An invoice that is still open is shown to the secretariat until it is given back."""
    term_id = renewal.term_id if renewal.is_agreed else None
    take(renewal, Act.LAPSE, Party.CLOCK, by=None, is_agreed=False, changes={"reason": step.reason})
    owed = None
    if term_id is not None:
        lapse_term(term_id, clock.today())
        note_ended(term_id)
        owed = receivable_of(term_id)
    renewal_mail.lapse(renewal, owed[0] if owed and owed[1].state.is_owed else None)
