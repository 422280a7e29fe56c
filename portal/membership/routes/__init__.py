"""Pages of membership for applicants and the public, one module a page family."""

from portal.membership.routes import (
    applications,
    attachments,
    confirm,
    purchase_orders,
    renewals,
    rules,
    seats,
    sharing,
    start,
    steps,
    tier_changes,
    tiers,
)
from portal.membership.routes.blueprint import blueprint

__all__ = [
    "applications",
    "attachments",
    "blueprint",
    "confirm",
    "purchase_orders",
    "renewals",
    "rules",
    "seats",
    "sharing",
    "start",
    "steps",
    "tier_changes",
    "tiers",
]
