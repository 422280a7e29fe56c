"""How a placement ends before its day: called off, ended early, or it goes on after all."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from flask import flash, redirect, url_for
from werkzeug.wrappers import Response

from portal.core.access import actor
from portal.core.errors import Refused
from portal.core.forms import Form, refuse
from portal.core.i18n import _
from portal.core.transaction import rollback
from portal.domain.placements.placement_flow import Mover
from portal.placements.forms.preparing import EndForm, StepForm, WhyForm
from portal.placements.models import Placement
from portal.placements.queries.placements import placement_for_office
from portal.placements.services import running
from portal.placements.staff.blueprint import blueprint, office
from portal.placements.staff.placements import require_steering, show_page


@blueprint.post("/placements/<id:placement_id>/cancel")
@office
def cancel_placement(placement_id: int) -> Response:
    """Called off, with a reason that both sides read."""
    form = WhyForm()

    def step(placement: Placement) -> None:
        running.cancel_placement(
            placement=placement, reason=form.reason.data or "", version=form.version.data or 0, by=actor()
        )

    return _taken(placement_id, form, "cancelling", step, _("The internship is called off."))


@blueprint.post("/placements/<id:placement_id>/stop")
@office
def stop_placement(placement_id: int) -> Response:
    """Ended early; both sides evaluate."""
    form = EndForm()

    def step(placement: Placement) -> None:
        running.end_early(
            placement=placement, last_on=form.last_on.data, version=form.version.data, by=actor()
        )

    return _taken(
        placement_id,
        form,
        "ending",
        step,
        _("The internship has ended; both sides are asked to evaluate it."),
    )


@blueprint.post("/placements/<id:placement_id>/continue")
@office
def continue_placement(placement_id: int) -> Response:
    """No early ending after all."""
    form = StepForm()

    def step(placement: Placement) -> None:
        running.decline_ending(placement=placement, version=form.version.data, by=actor())

    return _taken(placement_id, form, "step", step, _("The internship goes on."))


@blueprint.post("/placements/<id:placement_id>/close")
@office
def close_placement(placement_id: int) -> Response:
    """Nobody evaluates it any more."""
    form = WhyForm()

    def step(placement: Placement) -> None:
        running.close_placement(
            placement=placement, mover=Mover.OFFICE, by=actor(), reason=form.reason.data or ""
        )

    return _taken(placement_id, form, "cancelling", step, _("The internship is closed."))


def _taken(
    placement_id: int, form: Form, name: str, step: Callable[[Placement], None], said: str
) -> Response:
    placement = placement_for_office(actor(), placement_id)
    if not form.validate():
        return show_page(placement, 422, **{name: form})
    try:
        require_steering(placement)
        step(placement)
    except Refused as refused:
        rollback()
        refuse(form, refused)
        more: dict[str, Any] = {name: form} if refused.field else {"refusal": refused.message}
        return show_page(placement_for_office(actor(), placement_id), refused.status, **more)
    flash(said, "success")
    return redirect(url_for("placements_staff.show_placement", placement_id=placement_id))
