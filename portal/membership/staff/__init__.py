"""The office's pages of membership, one module a page family."""

from portal.membership.staff import (
    application,
    campaigns,
    members,
    pictures,
    queue,
    renewals,
    review,
    seats,
    taking_back,
    tier_changes,
)
from portal.membership.staff.blueprint import blueprint

__all__ = [
    "application",
    "blueprint",
    "campaigns",
    "members",
    "pictures",
    "queue",
    "renewals",
    "review",
    "seats",
    "taking_back",
    "tier_changes",
]
