"""Who of the office has read the reader's lists, when and why."""

from __future__ import annotations

from werkzeug.wrappers import Response

from portal.accounts.enums import Role
from portal.core import access
from portal.core.access import actor
from portal.core.i18n import current_language, in_words
from portal.core.pages import page
from portal.internships.policy import HOSTING_ROLES
from portal.matching.enums import READING_LABELS
from portal.matching.queries.readings import readings_of
from portal.matching.routes.blueprint import blueprint


@blueprint.get("/matching/readings")
@access.roles(Role.STUDENT, *HOSTING_ROLES)
def list_readings() -> Response:
    """Readings of the own list, and of those of the reader's companies."""
    rows = readings_of(actor(), current_language())
    return page("matching/list_readings.html", rows=rows, labels=in_words(READING_LABELS))
