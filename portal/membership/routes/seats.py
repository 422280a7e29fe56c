"""Extra seats as the company sees them: what they cost, agree or decline."""

from __future__ import annotations

from flask import flash, redirect, url_for
from werkzeug.wrappers import Response

from portal.core import access
from portal.core.access import actor
from portal.core.errors import Refused
from portal.core.i18n import _
from portal.core.pages import page
from portal.core.transaction import rollback
from portal.domain.seats import SeatState
from portal.membership.queries.seats import seats_for
from portal.membership.routes.blueprint import blueprint
from portal.membership.seat_pages import seat_data
from portal.membership.services.seats.arranging import agree_seats as agree
from portal.membership.services.seats.arranging import close_seats
from portal.membership.tier_forms import SeenForm


@blueprint.get("/membership/seats/<id:seats_id>")
@access.signed_in
def show_seats(seats_id: int) -> Response:
    """The arrangement: its price while it is open, its papers afterwards."""
    return _page(seats_id)


@blueprint.post("/membership/seats/<id:seats_id>/agree")
@access.signed_in
def agree_seats(seats_id: int) -> Response:
    """Agree to what the page showed. Pressed twice, it is agreed once."""
    arrangement, form = seats_for(actor(), seats_id), SeenForm()
    form.validate()
    try:
        agree(arrangement=arrangement, seen=form.fingerprint, by=actor())
    except Refused as refused:
        rollback()
        return _page(seats_id, refused)
    flash(_("The seats are agreed. The invoice has been mailed to your billing contact."), "success")
    return redirect(url_for("membership.show_seats", seats_id=seats_id))


@blueprint.post("/membership/seats/<id:seats_id>/decline")
@access.signed_in
def decline_seats(seats_id: int) -> Response:
    """No extra seats; nothing changes."""
    arrangement = seats_for(actor(), seats_id)
    try:
        close_seats(arrangement=arrangement, state=SeatState.DECLINED, by=actor())
    except Refused as refused:
        rollback()
        return _page(seats_id, refused)
    flash(_("The offer is declined. Nothing changes."), "success")
    return redirect(url_for("membership.show_seats", seats_id=seats_id))


def _page(seats_id: int, refused: Refused | None = None) -> Response:
    data = seat_data(seats_for(actor(), seats_id), for_staff=False)
    message = refused.message if refused else ""
    return page("membership/show_seats.html", refused.status if refused else None, refusal=message, **data)
