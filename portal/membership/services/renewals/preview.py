"""What a campaign would do: who gets which offer, at what price, and the first mail word for word."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from portal.accounts.models import Organisation
from portal.core import clock
from portal.core.db import db
from portal.membership.models import ContractTerm, Renewal
from portal.membership.queries.renewal_board import due_rows
from portal.membership.queries.renewals import LeftOut, left_out, members_due
from portal.membership.renewal_mail import readers_of
from portal.membership.services.rehearsal import Rehearsal, rehearse
from portal.membership.services.renewals.campaigns import create_campaign
from portal.membership.services.renewals.offers import make_offer, offered_tier
from portal.membership.services.submission import price_now

SHOWN = 50


@dataclass(frozen=True, slots=True)
class Planned:
    """One member's offer. `tier` empty: it has to choose. `readers`: how many people are mailed."""

    company: str
    tier_now: str
    tier: str
    total_yen: int | None
    readers: int


@dataclass(frozen=True, slots=True)
class CampaignPreview:
    """The first members by name, how many there are altogether, whom it leaves out, and a sample of the mail."""

    members: tuple[Planned, ...]
    count: int
    left_out: LeftOut
    sample: Rehearsal | None


def preview_campaign(days: dict[str, Any], language: str) -> CampaignPreview:
    """Try it and take it back. Raises what `create_campaign` refuses. `days` are its keywords without `by`."""
    year = int(days["fiscal_year"])
    sample = rehearse(lambda: _first_offer(days), language)
    due = members_due(year)
    rows = due_rows(year, [member.term_id for member in due], language)[:SHOWN]
    planned = tuple(
        _planned(row.organisation_id, row.term_id, row.company, row.tier, year, language) for row in rows
    )
    return CampaignPreview(planned, len(due), left_out(year), sample if due else None)


def _first_offer(days: dict[str, Any]) -> None:
    campaign = create_campaign(**days, by=None)
    first = db.session.query(Renewal).filter_by(campaign_id=campaign.id).order_by(Renewal.id).first()
    if first is not None:
        first.next_on = clock.today()
        make_offer(first)


def _planned(
    organisation_id: int, term_id: int, company: str, tier_now: str, year: int, language: str
) -> Planned:
    organisation = db.session.get_one(Organisation, organisation_id)
    tier = offered_tier(organisation, db.session.get_one(ContractTerm, term_id), year)
    readers = len(readers_of(organisation))
    if tier is None:
        return Planned(company, tier_now, "", None, readers)
    return Planned(company, tier_now, tier.name(language), price_now(tier, year).total_yen, readers)
