"""Make a member the offer: the same tier of the next year where it is open, its price, the reminders, the mail."""

from __future__ import annotations

from datetime import timedelta

from sqlalchemy import update

from portal.accounts.models import Organisation
from portal.audit.enums import Audience
from portal.audit.services import record
from portal.core import clock
from portal.core.access import Actor
from portal.core.db import db
from portal.domain.renewal_flow import Act, Party
from portal.membership.models import ContractTerm, Renewal, Tier
from portal.membership.queries.renewals import renewal_in
from portal.membership.queries.tier_changes import planned_tier
from portal.membership.renewing import OFFER_CHANGED, UNANSWERED
from portal.membership.services.renewals.asking import ask
from portal.membership.services.renewals.choice import judged_tiers
from portal.membership.services.renewals.moves import campaign_of, locked, take
from portal.membership.services.renewals.notices import plan_notices
from portal.membership.services.submission import frozen_price

LEAST_DAYS = 14  # between the offer and the deadline, however late somebody became a member


def offered_tier(organisation: Organisation, before: ContractTerm, fiscal_year: int) -> Tier | None:
    """The tier that the company planned, else this year's, as it is next year; None when it is not open any more."""
    planned = planned_tier(before)
    code = planned.code if planned else before.tier_code
    for tier, verdict in judged_tiers(organisation, fiscal_year):
        if tier.code == code:
            return tier if verdict.is_eligible else None
    return None


def make_offer(renewal: Renewal, *, by: Actor | int | None = None) -> None:
    """The day of the offer has come. The price is a promise: it holds for this tier whatever becomes of the tier."""
    organisation = db.session.get_one(Organisation, renewal.organisation_id)
    before = db.session.get_one(ContractTerm, renewal.from_term_id)
    tier = offered_tier(organisation, before, renewal.fiscal_year)
    price = frozen_price(tier, renewal.fiscal_year) if tier else None
    deadline = max(renewal.deadline_on, clock.today() + timedelta(days=LEAST_DAYS))
    take(
        renewal, Act.OFFER, Party.CLOCK, by=by, tier_id=tier.id if tier else None, price=price, deadline_on=deadline,
        offered_at=clock.now(), changes={"tier": tier.code if tier else "", "deadline_on": deadline},
    )  # fmt: skip
    plan_notices(renewal, campaign_of(renewal).ladder)
    ask(renewal, "renewal_offer")


def refresh_offer(renewal: Renewal) -> None:
    """A renewal that is taken up again: the tier and the price as they are today."""
    organisation = db.session.get_one(Organisation, renewal.organisation_id)
    before = db.session.get_one(ContractTerm, renewal.from_term_id)
    tier = offered_tier(organisation, before, renewal.fiscal_year)
    renewal.tier_id = tier.id if tier else None
    renewal.price = frozen_price(tier, renewal.fiscal_year) if tier else None
    db.session.flush()


def offer_anew(term: ContractTerm) -> bool:
    """The tier of `term`, or the one planned after it, is another: an unanswered offer for the next year names the new tier.

    Whoever looks at the old offer is told so when answering. Gives whether there is a new offer.
    """
    renewal = renewal_in(term.organisation_id, term.fiscal_year + 1)
    if renewal is None or renewal.offered_at is None:
        return False
    renewal = locked(renewal.id)
    if renewal.state not in UNANSWERED or renewal.is_agreed:
        return False
    before = _offered(renewal)
    refresh_offer(renewal)
    _note_change(renewal, before, _offered(renewal))
    seen = (Renewal.id == renewal.id, Renewal.version == renewal.version)
    db.session.execute(update(Renewal).where(*seen).values(version=renewal.version + 1))
    db.session.refresh(renewal, ["version"])
    return renewal.tier_id is not None


def _offered(renewal: Renewal) -> tuple[str, int]:
    """Code of the tier and yen with tax; nothing where the company has to choose."""
    price = renewal.price
    return (price["tier"]["tier_code"], price["total_yen"]) if price else ("", 0)


def _note_change(renewal: Renewal, old: tuple[str, int], new: tuple[str, int]) -> None:
    if old == new:
        return
    record(
        verb=OFFER_CHANGED, subject=renewal, organisation_id=renewal.organisation_id, by=None, audience=Audience.PARTY,
        changes={"tier": [old[0], new[0]], "total_yen": [old[1], new[1]]},
    )  # fmt: skip
