"""Placements in sum: a page with pictures and tables, and a file."""

from __future__ import annotations

from collections.abc import Sequence

from flask import request, url_for
from werkzeug.wrappers import Response

from portal.accounts.services.exports import note_export
from portal.core.access import actor
from portal.core.exports import send_table, wanted_format
from portal.core.formats import fiscal_year
from portal.core.i18n import _, current_language
from portal.core.pages import page
from portal.domain.placements.figures import figures
from portal.membership.queries import this_year
from portal.placements.figure_pages import figure_context, figure_table
from portal.placements.queries.figures import facts_of_year, years_of_placements
from portal.placements.staff.blueprint import blueprint, office


@blueprint.get("/placements/figures")
@office
def show_figures() -> Response:
    """By state, company and area; hours and marks. What tells of few people is not shown."""
    years = years_of_placements()
    year = _asked(years)
    chips = [
        {
            "label": fiscal_year(each),
            "url": url_for("placements_staff.show_figures", year=each),
            "active": each == year,
        }
        for each in years
    ]
    found = figures(facts_of_year(year, current_language()))
    return page("staff/placements/show_figures.html", year=year, chips=chips, **figure_context(found))


@blueprint.post("/placements/figures/export")
@office
def export_figures() -> Response:
    """The same as CSV or XLSX."""
    year, kind = _asked(years_of_placements()), wanted_format()
    head, rows = figure_table(figures(facts_of_year(year, current_language())))
    note_export(name="placements", kind=kind.value, rows=len(rows), by=actor(), wanted={"year": year})
    title = _("Internship placements %(year)s", year=fiscal_year(year))
    return send_table(kind, name=title, title=title, head=head, rows=rows)


def _asked(years: Sequence[int]) -> int:
    """The year that the address asks for, else the newest one with placements."""
    known = {str(each): each for each in years}
    typed = request.args.get("year", "")
    return known.get(typed) or next(iter(known.values()), this_year())
