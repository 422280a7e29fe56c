"""What a company is asked, for its home."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from sqlalchemy import Integer, bindparam, select

from portal.accounts.enums import Role
from portal.audit.models import AuditEntry
from portal.billing.enums import OWED
from portal.billing.models import Receivable
from portal.core.access import Actor
from portal.core.db import any_of, ask, db
from portal.domain.renewal_flow import LATE, RenewalState, last_day_to_pay
from portal.membership.enums import Shown
from portal.membership.models import (
    Renewal,
    RenewalCampaign,
)
from portal.membership.policy import ACTING_ROLES
from portal.membership.queries.renewals.owed import bills_of_renewals
from portal.membership.renewing import OFFER_CHANGED, shown_renewal


@dataclass(frozen=True, slots=True)
class Asked:
    """A renewal on the home page of a company. `last_day` to answer; it is past where nothing can be answered.

    `pay_until`: in grace and while suspended, the last day on which the fee still completes it.
    """

    id: int
    organisation_id: int
    fiscal_year: int
    state: RenewalState
    is_agreed: bool
    last_day: date
    pay_until: date | None = None

    @property
    def is_halted(self) -> bool:
        """Whether the fee of an agreed one is late, or it has lapsed (after which nothing is agreed any more)."""
        return self.state is RenewalState.LAPSED or self.is_agreed and self.state in LATE

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
    for number, body, year, state, is_agreed, deadline_on, grace_days, next_on in rows:
        grace = timedelta(days=grace_days if state is RenewalState.GRACE else 0)
        until = last_day_to_pay(state, next_on)
        found.append(Asked(number, body, year, state, is_agreed, deadline_on + grace, until))
    return found


def offer_before(renewal: Renewal, since: datetime) -> int | None:
    """What was offered at the moment `since` (yen with tax), where the offer has followed a change of tier after it."""
    entries = (
        select(AuditEntry.changes)
        .where(
            AuditEntry.subject_type == Renewal.__tablename__,
            AuditEntry.subject_id == renewal.id,
            AuditEntry.verb == OFFER_CHANGED,
            AuditEntry.at > since,
        )
        .order_by(AuditEntry.id)
        .limit(1)
    )
    first = db.session.scalar(entries)
    return int(first["total_yen"][0]) or None if first else None


def unpaid_of_halted(renewals: Iterable[Asked]) -> dict[int, Asked]:
    """The invoices (by id) that are still owed on renewals which are late or have lapsed; what is written off is not asked for."""
    halted = {each.id: each for each in renewals if each.is_halted}
    if not halted:
        return {}
    bills = bills_of_renewals(Renewal.id.in_(halted)).subquery()
    owed = select(bills.c.invoice_id, bills.c.renewal_id).join(
        Receivable, Receivable.invoice_id == bills.c.invoice_id
    )
    rows = db.session.execute(owed.where(Receivable.state.in_(OWED), Receivable.written_off_yen == 0))
    return {invoice_id: halted[renewal_id] for invoice_id, renewal_id in rows}


_renewals, _campaigns = Renewal.__table__.c, RenewalCampaign.__table__.c


_ASKED = (
    select(
        _renewals.id, _renewals.organisation_id, _renewals.fiscal_year, _renewals.state, _renewals.is_agreed,
        _renewals.deadline_on, _campaigns.grace_days, _renewals.next_on,
    )
    .join(RenewalCampaign.__table__, _campaigns.id == _renewals.campaign_id)
    .where(_renewals.organisation_id.in_(any_of("companies")), _renewals.state != RenewalState.DUE)
    .order_by(_renewals.fiscal_year.desc(), _renewals.id.desc())
    .limit(bindparam("most", type_=Integer))
)  # fmt: skip
