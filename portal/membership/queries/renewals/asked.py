"""What a company is asked, for its home."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta

from sqlalchemy import Integer, bindparam, select

from portal.accounts.enums import Role
from portal.core.access import Actor
from portal.core.db import any_of, ask
from portal.domain.renewal_flow import RenewalState
from portal.membership.enums import Shown
from portal.membership.models import (
    Renewal,
    RenewalCampaign,
)
from portal.membership.policy import ACTING_ROLES
from portal.membership.renewing import shown_renewal


@dataclass(frozen=True, slots=True)
class Asked:
    """A renewal on the home page of a company. `last_day` to answer; it is past where nothing can be answered."""

    id: int
    organisation_id: int
    fiscal_year: int
    state: RenewalState
    is_agreed: bool
    last_day: date

    @property
    def is_open(self) -> bool:
        """Whether the company may renew or decline."""
        return not self.is_agreed and self.state in (RenewalState.OFFERED, RenewalState.GRACE)

    @property
    def shown_state(self) -> Shown:
        """For the badge."""
        return shown_renewal(self.state)


def asked_of(person: Actor, most: int = 20) -> list[Asked]:
    """Renewals of the companies for which the person acts or pays, the newest year first; those not offered yet left out."""
    companies = person.organisations_with(*ACTING_ROLES, Role.BILLING)
    if not companies:
        return []
    found = []
    rows = ask(_ASKED, companies=companies, most=most)
    for number, body, year, state, is_agreed, deadline_on, grace_days in rows:
        grace = timedelta(days=grace_days if state is RenewalState.GRACE else 0)
        found.append(Asked(number, body, year, state, is_agreed, deadline_on + grace))
    return found


_renewals, _campaigns = Renewal.__table__.c, RenewalCampaign.__table__.c


_ASKED = (
    select(
        _renewals.id, _renewals.organisation_id, _renewals.fiscal_year, _renewals.state, _renewals.is_agreed,
        _renewals.deadline_on, _campaigns.grace_days,
    )
    .join(RenewalCampaign.__table__, _campaigns.id == _renewals.campaign_id)
    .where(_renewals.organisation_id.in_(any_of("companies")), _renewals.state != RenewalState.DUE)
    .order_by(_renewals.fiscal_year.desc(), _renewals.id.desc())
    .limit(bindparam("most", type_=Integer))
)  # fmt: skip
