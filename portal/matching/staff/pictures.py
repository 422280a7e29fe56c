"""Pictures of a round, for the office."""

from __future__ import annotations

from werkzeug.wrappers import Response

from portal.core.access import actor
from portal.core.pages import page
from portal.internships.queries.rounds import round_for_office
from portal.matching.round_pictures import pictures_of
from portal.matching.staff.blueprint import blueprint, office


@blueprint.get("/matching/rounds/<id:round_id>/pictures")
@office
def show_pictures(round_id: int) -> Response:
    """Once a result is chosen."""
    season = round_for_office(actor(), round_id)
    return page("staff/matching/show_pictures.html", **pictures_of(season, for_office=True))
