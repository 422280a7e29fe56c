"""Renewal campaigns: how far each has come, and the board of one."""

from __future__ import annotations

from typing import Any

from flask import request, url_for
from werkzeug.wrappers import Response

from portal.core.access import actor
from portal.core.i18n import _, current_language
from portal.core.pages import cursor_argument, page
from portal.domain.renewal_flow import RenewalState
from portal.membership import queries
from portal.membership.policy import RENEWAL_ROLES
from portal.membership.queries import renewals as reads
from portal.membership.queries.renewal_board import (
    BoardFilter,
    BoardOrder,
    find_renewals,
    funnel_of,
    tally_of,
)
from portal.membership.renewing import RENEWAL_LABELS
from portal.membership.staff.addresses import Address, chip, sortable
from portal.membership.staff.blueprint import blueprint, readers
from portal.membership.staff.campaigns.filters import address_of, wanted_rows
from portal.membership.staff.campaigns.rows import board_rows


@blueprint.get("/membership/renewals")
@readers
def list_campaigns() -> Response:
    """Every campaign with how far it has come."""
    found = reads.campaigns()
    return page(
        "staff/membership/list_campaigns.html",
        campaigns=[(campaign, tally_of(campaign.id)) for campaign in found[:5]],
        keeps=_keeps(),
        owed=reads.owed_by_lapsed(),
    )


@blueprint.get("/membership/renewals/<id:campaign_id>")
@readers
def show_campaign(campaign_id: int) -> Response:
    """The board: counts, the funnel, and the list, filtered, searched and sorted."""
    campaign = reads.campaign_numbered(actor(), campaign_id)
    wanted, address = wanted_rows(campaign_id), address_of(campaign_id)
    found = find_renewals(actor(), wanted, language=current_language(), cursor=cursor_argument())
    window, tally = queries.window_of(campaign.fiscal_year), tally_of(campaign_id)
    return page(
        "staff/membership/show_campaign.html",
        campaign=campaign,
        funnel=funnel_of(campaign_id, tally),
        places=queries.places_in(window) if window else None,
        keeps=_keeps(),
        rows=board_rows(found.items),
        columns=_columns(wanted, address),
        chips=_chips(wanted, address, tally.counts),
        address=address,
        text=wanted.text,
        is_filtered=bool(address.without("sort", "dir", "campaign_id")),
        next_url=address.to(after=found.next_cursor) if found.next_cursor else None,
        first_url=address.to() if "after" in request.args else None,
        export_url=url_for("membership_staff.export_renewals", **address.filters),
    )


def _keeps() -> bool:
    return not actor().staff_roles.isdisjoint(RENEWAL_ROLES)


def _chips(
    wanted: BoardFilter, address: Address, counts: dict[RenewalState, int]
) -> dict[str, list[dict[str, Any]]]:
    states = [
        chip(RENEWAL_LABELS[state], address.to(state=state.value), wanted.state is state)
        | {"count": counts.get(state, 0)}
        for state in RenewalState
        if counts.get(state) or wanted.state is state
    ]
    everybody = chip(_("All"), address.to(state=None), wanted.state is None) | {"count": sum(counts.values())}
    other = chip(_("Another tier"), address.to(changed=None if wanted.changed else "1"), wanted.changed)
    return {"states": [everybody, *states], "marks": [other]}


def _columns(wanted: BoardFilter, address: Address) -> list[dict[str, Any]]:
    def head(label: Any, order: BoardOrder) -> dict[str, Any]:
        return sortable(address, label, order, wanted.order, wanted.is_descending)

    return [
        {"select": "chosen", "class": "tick", "label": ""},
        head(_("Company"), BoardOrder.COMPANY),
        {"label": _("State")},
        {"label": _("Tier")},
        head(_("Answer by"), BoardOrder.DEADLINE),
        {"label": _("Fee (tax included)"), "class": "number"},
    ]
