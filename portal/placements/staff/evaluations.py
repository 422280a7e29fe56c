"""Half-time checks and evaluations in the office's eyes: follow concerns up, ask for a correction."""

from __future__ import annotations

from typing import Any

from flask import flash, redirect, url_for
from werkzeug.wrappers import Response

from portal.core.access import actor
from portal.core.errors import Refused
from portal.core.forms import refuse, tell_apart
from portal.core.i18n import _, in_words
from portal.core.pages import page
from portal.core.transaction import rollback
from portal.domain.placements.placement_flow import PlacementState, Side
from portal.placements.enums import CHECK_LABELS, SIDE_LABELS
from portal.placements.evaluation_pages import evaluation_rows
from portal.placements.forms.running import FollowForm, ReopenForm
from portal.placements.models import Placement
from portal.placements.queries.evaluations import check_of, checks_of, evaluation_of, readable_by
from portal.placements.queries.placements import placement_for_office
from portal.placements.services import checks, evaluations
from portal.placements.staff.blueprint import blueprint, office
from portal.placements.staff.placements import require_steering


@blueprint.get("/placements/<id:placement_id>/evaluations")
@office
def show_evaluations(placement_id: int) -> Response:
    """What both sides said at half-time and at the end."""
    return _page(placement_for_office(actor(), placement_id))


@blueprint.post("/placements/checks/<id:check_id>/follow")
@office
def resolve_concern(check_id: int) -> Response:
    """Write down what was done about a concern."""
    check, form = check_of(check_id), FollowForm()
    placement = placement_for_office(actor(), check.placement_id)
    if not form.validate():
        return _page(placement, 422, **{f"form_{check.side}": form})
    try:
        require_steering(placement)
        checks.follow_concern(placement=placement, check=check, words=form.words.data or "", by=actor())
    except Refused as refused:
        rollback()
        check = check_of(check_id)
        refuse(form, refused)
        more: dict[str, Any] = {f"form_{check.side}": form} if refused.field else {"refusal": refused.message}
        return _page(placement_for_office(actor(), check.placement_id), refused.status, **more)
    flash(_("It is written down."), "success")
    return redirect(url_for("placements_staff.show_evaluations", placement_id=placement.id))


@blueprint.post("/placements/<id:placement_id>/evaluation/reopen")
@office
def request_correction(placement_id: int) -> Response:
    """Ask the company to correct its evaluation."""
    placement, form = placement_for_office(actor(), placement_id), ReopenForm()
    if not form.validate():
        return _page(placement, 422, reopening=form)
    try:
        require_steering(placement)
        evaluations.reopen_evaluation(placement=placement, reason=form.reason.data or "", by=actor())
    except Refused as refused:
        rollback()
        refuse(form, refused)
        more: dict[str, Any] = {"reopening": form} if refused.field else {"refusal": refused.message}
        return _page(placement_for_office(actor(), placement_id), refused.status, **more)
    flash(_("The company has been asked to correct its evaluation."), "success")
    return redirect(url_for("placements_staff.show_evaluations", placement_id=placement_id))


def _page(placement: Placement, status: int | None = None, **more: Any) -> Response:
    answered, company = checks_of(placement.id), evaluation_of(placement.id, Side.COMPANY)
    seen = readable_by(placement, Side.OFFICE)
    context = {f"form_{side}": FollowForm(formdata=None) for side in (Side.STUDENT, Side.COMPANY)}
    forms = context | more
    for side in (Side.STUDENT, Side.COMPANY):
        tell_apart(forms[f"form_{side}"], side)
    may_reopen = placement.state is PlacementState.EVALUATED and company is not None and company.is_sent
    rows = [
        (SIDE_LABELS[side], check, f"form_{side}") for side, check in sorted(answered.items(), reverse=True)
    ]
    shown = {"reopening": ReopenForm(formdata=None), "forms": forms} | more
    return page(
        "staff/placements/show_evaluations.html", status, placement=placement, checks=rows, marks=in_words(CHECK_LABELS),
        evaluations=[evaluation_rows(author, row) for author, row in seen.items()], may_reopen=may_reopen,
        is_asked=company is not None and not company.is_sent and company.revision > 1, **shown,
    )  # fmt: skip
