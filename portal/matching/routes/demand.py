"""How much postings are wanted, where the office told it."""

from __future__ import annotations

from werkzeug.wrappers import Response

from portal.accounts.enums import Role
from portal.core import access
from portal.core.errors import NotFound
from portal.core.i18n import current_language
from portal.core.pages import page
from portal.internships.policy import HOSTING_ROLES
from portal.matching.queries.lists import round_to_rank
from portal.matching.queries.standing import demand_in, named_companies, titled_postings
from portal.matching.routes.blueprint import blueprint


@blueprint.get("/matching/rounds/<id:round_id>/demand")
@access.roles(Role.STUDENT, *HOSTING_ROLES)
def show_demand(round_id: int) -> Response:
    """The numbers as they were told; small ones are hidden."""
    season, signal = round_to_rank(round_id), demand_in(round_id)
    if signal is None or signal.hidden_at is not None:
        raise NotFound
    titles = titled_postings([row["posting"] for row in signal.figures], current_language())
    names = named_companies({company for _title, company in titles.values()}, current_language())
    rows = [
        (*_named(titles, names, row["posting"]), row["seats"], row["listed"], row["first"])
        for row in signal.figures
        if row["posting"] in titles
    ]
    return page("matching/show_demand.html", season=season, told_at=signal.published_at, rows=rows)


def _named(titles: dict[int, tuple[str, int]], names: dict[int, str], posting: int) -> tuple[str, str]:
    title, company = titles[posting]
    return title, names.get(company, "")
