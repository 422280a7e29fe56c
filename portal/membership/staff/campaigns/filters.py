"""What the board is filtered and sorted by, and the address that says so."""

from __future__ import annotations

from flask import request

from portal.domain.renewal_flow import RenewalState
from portal.membership.queries.renewal_board import (
    BoardFilter,
    BoardOrder,
)
from portal.membership.staff.addresses import Address, chosen, typed

ENDPOINT = "membership_staff.show_campaign"


def wanted_rows(campaign_id: int, ids: tuple[int, ...] = ()) -> BoardFilter:
    """What the address asks for; with `ids`, those rows alone."""
    return BoardFilter(
        campaign_id=campaign_id,
        state=chosen("state", RenewalState),
        changed=request.args.get("changed") == "1",
        text=typed(),
        order=chosen("sort", BoardOrder) or BoardOrder.COMPANY,
        is_descending=request.args.get("dir") == "down",
        ids=ids,
    )


def address_of(campaign_id: int) -> Address:
    """The board as it is shown."""
    state, sort = chosen("state", RenewalState), chosen("sort", BoardOrder)
    return Address(
        ENDPOINT,
        campaign_id=campaign_id,
        state=state.value if state else None,
        changed="1" if request.args.get("changed") == "1" else None,
        q=typed(),
        sort=sort.value if sort else None,
        dir="down" if request.args.get("dir") == "down" else None,
    )
