"""Seats that nobody agreed to in time are no longer open."""

from __future__ import annotations

from portal.core import clock
from portal.core.db import db
from portal.core.transaction import transaction
from portal.domain.seats import SeatState
from portal.membership.models import SeatArrangement
from portal.membership.queries.seats import proposed_seats
from portal.membership.services.seats.arranging import close_seats
from portal.membership.services.tier_changes.moves import locked_term


def close_proposals() -> None:
    """Close what is over, one transaction each; a second run finds nothing."""
    for seats_id in list(proposed_seats()):
        with transaction():
            arrangement = db.session.get_one(SeatArrangement, seats_id)
            locked_term(arrangement.term_id)
            db.session.refresh(arrangement)
            if arrangement.state is SeatState.PROPOSED and clock.today() > arrangement.answer_by:
                close_seats(arrangement=arrangement, state=SeatState.OVERTAKEN, by=None)
