"""Read renewals: the company's own, who is due, what the office counts."""

from portal.membership.queries.renewals.asked import Asked, asked_of, unpaid_of_halted
from portal.membership.queries.renewals.campaigns import (
    DueMember,
    LeftOut,
    campaign_numbered,
    campaigns,
    in_motion,
    left_out,
    members_again,
    members_due,
    members_not_enrolled,
    outlasting,
)
from portal.membership.queries.renewals.one import (
    acceptances_of_renewal,
    facts_told_on,
    notices_of,
    renewal_for,
    renewal_for_review,
    renewal_for_term,
    renewal_in,
    renewal_of_link,
    renewals_of_company,
)
from portal.membership.queries.renewals.owed import bills_of_renewals, is_quiet, owed_by_lapsed, receivable_of

__all__ = [
    "Asked",
    "DueMember",
    "LeftOut",
    "acceptances_of_renewal",
    "asked_of",
    "bills_of_renewals",
    "campaign_numbered",
    "campaigns",
    "facts_told_on",
    "in_motion",
    "is_quiet",
    "left_out",
    "members_again",
    "members_due",
    "members_not_enrolled",
    "notices_of",
    "outlasting",
    "owed_by_lapsed",
    "receivable_of",
    "renewal_for",
    "renewal_for_review",
    "renewal_for_term",
    "renewal_in",
    "renewal_of_link",
    "renewals_of_company",
    "unpaid_of_halted",
]
