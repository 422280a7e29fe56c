"""Hours of work as the office reads them."""

from __future__ import annotations

from werkzeug.wrappers import Response

from portal.core.access import actor
from portal.core.pages import page
from portal.placements.hours_pages import hours_table, week_context
from portal.placements.queries.hours import week_of
from portal.placements.queries.placements import placement_for_office
from portal.placements.staff.blueprint import blueprint, office


@blueprint.get("/placements/<id:placement_id>/hours")
@office
def show_hours(placement_id: int) -> Response:
    """All weeks with their totals."""
    placement = placement_for_office(actor(), placement_id)
    return page("staff/placements/show_hours.html", placement=placement, **hours_table(placement))


@blueprint.get("/placements/weeks/<id:week_id>")
@office
def show_week(week_id: int) -> Response:
    """One week, day by day."""
    week = week_of(week_id)
    placement = placement_for_office(actor(), week.placement_id)
    context = week_context(placement, week, for_staff=True)
    return page("staff/placements/show_week.html", placement=placement, **context)
