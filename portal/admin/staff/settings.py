"""The overview of all settings."""

from __future__ import annotations

from werkzeug.wrappers import Response

from portal.admin.policy import READING_ROLES, may_change
from portal.admin.queries import failure_count
from portal.admin.staff.blueprint import blueprint
from portal.billing.queries.issuers import issuer_on
from portal.core import access, clock
from portal.core.access import actor
from portal.core.pages import page
from portal.membership.changing import PRORATION_LABELS
from portal.membership.enums import RulesKind
from portal.membership.queries import current_rules, this_year, tiers_for, windows
from portal.membership.queries.tier_changes import proration_on


@blueprint.get("/settings")
@access.roles(*READING_ROLES)
def show_settings() -> Response:
    """Each kind of setting with what holds now, and the way to change it."""
    administers = may_change(actor())
    year = this_year()
    return page(
        "staff/admin/show_settings.html",
        year=year,
        tiers=tiers_for(year),
        windows=windows()[:3],
        now=clock.now(),
        rules=current_rules(),
        rules_kinds=tuple(RulesKind),
        issuer=issuer_on(clock.today()),
        proration=PRORATION_LABELS[proration_on(clock.today())],
        administers=administers,
        failures=failure_count() if administers else 0,
    )
