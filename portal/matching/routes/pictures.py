"""Pictures of a round whose results are out, for everybody who takes part in rounds."""

from __future__ import annotations

from werkzeug.wrappers import Response

from portal.accounts.enums import Role
from portal.core import access
from portal.core.pages import page
from portal.internships.policy import HOSTING_ROLES
from portal.matching.queries.results import round_out
from portal.matching.round_pictures import pictures_of
from portal.matching.routes.blueprint import blueprint


@blueprint.get("/matching/rounds/<id:round_id>/pictures")
@access.roles(Role.STUDENT, Role.SUPERVISOR, *HOSTING_ROLES)
def show_pictures(round_id: int) -> Response:
    """Once the result is out."""
    return page("matching/show_pictures.html", **pictures_of(round_out(round_id), for_office=False))
