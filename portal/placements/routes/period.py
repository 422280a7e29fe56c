"""The period: propose two days, agree to what the other side proposed."""

from __future__ import annotations

from flask import flash, redirect, url_for
from werkzeug.wrappers import Response

from portal.core import access
from portal.core.access import actor
from portal.core.errors import Refused
from portal.core.forms import refuse
from portal.core.i18n import _
from portal.core.pages import page
from portal.core.transaction import rollback
from portal.domain.placements.placement_flow import PlacementState
from portal.placements.forms.preparing import PeriodForm, StepForm
from portal.placements.models import Placement
from portal.placements.policy import side_of
from portal.placements.queries.placements import placement_for
from portal.placements.queries.windows import window_of
from portal.placements.routes.blueprint import blueprint
from portal.placements.routes.placements import show_page
from portal.placements.services.dates import agree_dates, propose_dates


@blueprint.route("/placements/<id:placement_id>/period", methods=["GET", "POST"])
@access.signed_in
def propose_period(placement_id: int) -> Response:
    """Propose first and last day; the other side is asked."""
    placement, form = placement_for(actor(), placement_id), PeriodForm()
    if placement.state is not PlacementState.PREPARING or side_of(actor(), placement) is None:
        return show_page(placement, 409 if form.is_submitted() else None)
    if form.validate_on_submit():
        try:
            propose_dates(placement=placement, by=actor(), **form.values())
        except Refused as refused:
            rollback()
            for field, message in getattr(refused, "messages", {"": refused.message}).items():
                refuse(form, Refused(message, field=field))
            return _page(placement_for(actor(), placement_id), form, refused.status)
        flash(_("The other side has been asked to agree to the period."), "success")
        return redirect(url_for("placements.show_placement", placement_id=placement_id))
    if not form.is_submitted():
        form.starts_on.data, form.ends_on.data = placement.starts_on, placement.ends_on
    return _page(placement, form)


@blueprint.post("/placements/<id:placement_id>/period/agree")
@access.signed_in
def agree_period(placement_id: int) -> Response:
    """Agree to what the page showed."""
    placement, form = placement_for(actor(), placement_id), StepForm()
    form.validate()
    try:
        agree_dates(placement=placement, version=form.version.data or 0, by=actor())
    except Refused as refused:
        rollback()
        messages = getattr(refused, "messages", {"": refused.message})
        refusal = " ".join(str(message) for message in messages.values())
        return show_page(placement_for(actor(), placement_id), refused.status, refusal=refusal)
    flash(_("The period is agreed upon."), "success")
    return redirect(url_for("placements.show_placement", placement_id=placement_id))


def _page(placement: Placement, form: PeriodForm, status: int | None = None) -> Response:
    form.version.data = placement.version
    return page(
        "placements/propose_period.html", status, form=form, placement=placement, window=window_of(placement)
    )
