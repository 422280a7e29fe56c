"""What broke or waits for a hand in the office: counted, with the age of the oldest, in one statement."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from sqlalchemy import String, func, literal_column, null, select, type_coerce, union_all

from portal.billing.enums import OWED, SETTLED
from portal.billing.models import Dispute, PayerBalance, ProviderDifference, QuoteStanding, Receivable
from portal.billing.returns import DisputeState
from portal.core.db import ask, written
from portal.domain.quote_flow import QuoteState
from portal.domain.renewal_flow import RenewalState
from portal.domain.tier_change_flow import ChangeState
from portal.home.queries.office import Waiting
from portal.jobs.enums import JobState
from portal.jobs.models import Job
from portal.membership.models import Renewal, TierChange
from portal.membership.queries.renewals import bills_of_renewals

TO_ANSWER = (DisputeState.INQUIRY, DisputeState.NEEDS_RESPONSE)
MAIL_JOB = "notifications.deliver"
_owed = Receivable.__table__.c


@dataclass(frozen=True, slots=True)
class Faults:
    """What broke and waits for a hand: how many, and since when the oldest."""

    differences: Waiting
    mails: Waiting
    jobs: Waiting
    lapsed: Waiting  # renewals whose invoice has to be settled
    tier_wishes: Waiting
    disputes: Waiting  # contested payments that wait for our answer
    orders: Waiting  # orders without their invoice
    balances: Waiting  # payers' money with the provider; since when is not known


def faults() -> Faults:
    """Differences from the provider, mails and jobs that gave up, lapsed renewals to settle, wishes for another tier,
    contested payments to answer, orders to be invoiced, and payers' money with the provider."""
    return Faults(*(Waiting(count, since) for _place, count, since in sorted(ask(_FAULTS))))


def _faults() -> Any:
    found, jobs, contested = ProviderDifference.__table__.c, Job.__table__.c, Dispute.__table__.c
    failed = type_coerce(jobs.state, String) == written(JobState.FAILED)[0]
    return union_all(
        select(literal_column("1"), func.count(), func.min(found.found_at)).where(
            found.resolved_at.is_(None)
        ),
        select(literal_column("2"), func.count(), func.min(jobs.created_at)).where(
            failed, jobs.name == MAIL_JOB
        ),
        select(literal_column("3"), func.count(), func.min(jobs.created_at)).where(
            failed, jobs.name != MAIL_JOB
        ),
        _lapsed(),
        _tier_wishes(),
        select(literal_column("6"), func.count(), func.min(contested.opened_at)).where(
            type_coerce(contested.state, String).in_(written(*TO_ANSWER))
        ),
        _orders(),
        _balances(),
    )


def _lapsed() -> Any:
    """Renewals that lapsed while their invoice is neither given back nor followed by taking them up again."""
    lapsed = Renewal.__table__.c
    bills = bills_of_renewals(type_coerce(lapsed.state, String) == written(RenewalState.LAPSED)[0]).subquery()
    return (
        select(literal_column("4"), func.count(lapsed.id.distinct()), func.min(lapsed.moved_at))
        .join_from(Renewal.__table__, bills, bills.c.renewal_id == lapsed.id)
        .join(Receivable.__table__, _owed.invoice_id == bills.c.invoice_id)
        .where(
            type_coerce(_owed.state, String).in_(written(*OWED, *SETTLED)),
            _owed.written_off_yen == literal_column("0"),
        )
    )


def _tier_wishes() -> Any:
    """Wishes for a tier with conditions that nobody has looked at yet."""
    wishes = TierChange.__table__.c
    asked = type_coerce(wishes.state, String) == written(ChangeState.ASKED)[0]
    return select(literal_column("5"), func.count(), func.min(wishes.asked_at)).where(asked)


def _orders() -> Any:
    """Orders that wait for their invoice."""
    quotes = QuoteStanding.__table__.c
    ordered = type_coerce(quotes.state, String) == written(QuoteState.ORDERED)[0]
    return select(literal_column("7"), func.count(), func.min(quotes.moved_at)).where(ordered)


def _balances() -> Any:
    """Money of payers that lies with the provider and pays nothing."""
    held = PayerBalance.__table__.c
    none: Any = null()
    return select(literal_column("8"), func.count(), none).where(held.balance_yen > literal_column("0"))


_FAULTS = _faults()
