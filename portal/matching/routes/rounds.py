"""Where students and companies find their lists."""

from __future__ import annotations

from werkzeug.wrappers import Response

from portal.accounts.enums import Role
from portal.core import access
from portal.core.access import actor
from portal.core.pages import page
from portal.domain.internships.timetable import Stage
from portal.internships.policy import HOSTING_ROLES, hosting_companies
from portal.matching.queries.lists import begun_rounds
from portal.matching.queries.standing import told_in
from portal.matching.routes.blueprint import blueprint


@blueprint.get("/matching/rounds")
@access.roles(Role.STUDENT, *HOSTING_ROLES)
def list_rounds() -> Response:
    """Rounds with the reader's list in each: one list for a student, one for each of a mentor's companies."""
    person, rounds = actor(), begun_rounds()
    return page(
        "matching/list_rounds.html", rounds=rounds, is_student=person.has(Role.STUDENT),
        companies=hosting_companies(person), ranking=Stage.RANKING, before=(Stage.OPEN, Stage.INTERVIEWS), told=told_in([each.id for each in rounds]),
    )  # fmt: skip
