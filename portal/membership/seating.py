"""Words of extra seats."""

from __future__ import annotations

from portal.core.i18n import _l
from portal.domain.seats import SeatState
from portal.membership.enums import Shown

SEAT_LABELS = {
    SeatState.PROPOSED: _l("Awaiting the company's consent"),
    SeatState.AGREED: _l("Arranged"),
    SeatState.DECLINED: _l("Not taken up"),
    SeatState.WITHDRAWN: _l("Withdrawn"),
    SeatState.OVERTAKEN: _l("No longer open"),
    SeatState.ENDED: _l("Ended"),
}


def shown_seats(state: SeatState) -> Shown:
    """For the badge."""
    return Shown(state.value, SEAT_LABELS[state])
