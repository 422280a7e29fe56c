"""The wordings that applicants accept, readable by everybody."""

from __future__ import annotations

from werkzeug.wrappers import Response

from portal.core import access
from portal.core.pages import page
from portal.membership import queries
from portal.membership.routes.blueprint import blueprint


@blueprint.get("/membership/rules")
@access.public
def list_rules() -> Response:
    """The wording in force of each kind."""
    return page("membership/list_rules.html", rules=queries.current_rules())


@blueprint.get("/membership/rules/<id:version_id>")
@access.public
def show_rules(version_id: int) -> Response:
    """One wording, present or past."""
    return page("membership/show_rules.html", version=queries.rules_version(version_id))
