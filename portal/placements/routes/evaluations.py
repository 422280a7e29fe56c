"""Half-time check and evaluation of one's own side, and what one may read of the other's."""

from __future__ import annotations

from flask import flash, redirect, request, url_for
from werkzeug.wrappers import Response

from portal.core import access
from portal.core.access import actor
from portal.core.drafts import draft_answer
from portal.core.errors import NotFound, Refused
from portal.core.forms import refuse, refuse_all
from portal.core.i18n import _
from portal.core.pages import page
from portal.core.transaction import rollback
from portal.domain.placements.placement_flow import Side
from portal.placements.evaluation_pages import evaluation_rows, sums_rows
from portal.placements.forms.evaluations import EvaluationForm, HostForm, InternForm
from portal.placements.forms.running import CheckForm
from portal.placements.hours_pages import hours_summary
from portal.placements.models import Placement
from portal.placements.policy import side_of
from portal.placements.queries.evaluations import evaluation_of, host_sums, readable_by
from portal.placements.queries.placements import placement_for
from portal.placements.routes.blueprint import blueprint
from portal.placements.routes.placements import show_page
from portal.placements.services import checks, evaluations

FORMS: dict[Side, type[EvaluationForm]] = {Side.COMPANY: InternForm, Side.STUDENT: HostForm}


@blueprint.route("/placements/<id:placement_id>/check", methods=["GET", "POST"])
@access.signed_in
def edit_check(placement_id: int) -> Response:
    """Answer the half-time check of one's side, once."""
    placement, side = _seen(placement_id)
    form = CheckForm()
    form.offer()
    refusal = checks.refusal_of(placement, side)
    if refusal:
        return show_page(placement, 409 if form.is_submitted() else None, refusal=refusal)
    if form.validate_on_submit():
        try:
            checks.answer_check(placement=placement, by=actor(), **form.said())
        except Refused as refused:
            rollback()
            refuse(form, refused)
            return page(
                "placements/edit_check.html", refused.status, form=form, placement=_seen(placement_id)[0]
            )
        flash(
            _("Thank you. The career-support office reads your answer; the other side does not."), "success"
        )
        return redirect(url_for("placements.show_placement", placement_id=placement_id))
    return page("placements/edit_check.html", form=form, placement=placement)


@blueprint.route("/placements/<id:placement_id>/evaluation", methods=["GET", "POST"])
@access.signed_in
def edit_evaluation(placement_id: int) -> Response:
    """Write the evaluation of one's side; `send` in the form sends it for good."""
    placement, side = _seen(placement_id)
    draft, form = evaluation_of(placement_id, side), FORMS[side]()
    form.offer()
    if not evaluations.may_write(placement, draft):
        return _show(placement, side, 409 if form.is_submitted() else None)
    if form.validate_on_submit():
        try:
            return _saved(placement, form)
        except Refused as refused:
            rollback()
            refuse_all(form, refused)
            placement, side = _seen(placement_id)
            return _edit_page(placement, side, form, refused.status)
    if not form.is_submitted() and draft is not None:
        form.show(draft)
    return _edit_page(placement, side, form)


@blueprint.post("/placements/<id:placement_id>/evaluation/draft")
@access.signed_in
def save_draft(placement_id: int) -> Response:
    """Autosave of the evaluation of one's side."""
    placement, side = _seen(placement_id)
    form = FORMS[side]()
    form.offer()

    def save() -> int:
        version = form.version.data or 0
        return evaluations.save_evaluation(
            placement=placement, values=form.said(), version=version, by=actor()
        ).version

    return draft_answer(form, save)


@blueprint.get("/placements/<id:placement_id>/evaluations")
@access.signed_in
def show_evaluations(placement_id: int) -> Response:
    """What one may read: one's own, the other side's once both are in, and means of what interns said."""
    placement = placement_for(actor(), placement_id)
    side = side_of(actor(), placement)
    if side is None:
        raise NotFound
    return _show(placement, side)


def _saved(placement: Placement, form: EvaluationForm) -> Response:
    is_sent = "send" in request.form
    verb = evaluations.send_evaluation if is_sent else evaluations.save_evaluation
    verb(placement=placement, values=form.said(), version=form.version.data or 0, by=actor())
    if is_sent:
        flash(_("Thank you. Your evaluation is in."), "success")
        return redirect(url_for("placements.show_evaluations", placement_id=placement.id))
    flash(_("The draft is saved. Nobody else reads it yet."), "success")
    return redirect(url_for("placements.edit_evaluation", placement_id=placement.id))


def _seen(placement_id: int) -> tuple[Placement, Side]:
    placement = placement_for(actor(), placement_id)
    side = side_of(actor(), placement)
    if side is None:
        raise NotFound
    return placement, side


def _edit_page(placement: Placement, side: Side, form: EvaluationForm, status: int | None = None) -> Response:
    return page(
        "placements/edit_evaluation.html", status, form=form, placement=placement, side=side,
        open_weeks=hours_summary(placement)["open_weeks"],
    )  # fmt: skip


def _show(placement: Placement, side: Side, status: int | None = None) -> Response:
    seen = readable_by(placement, side)
    sums = host_sums(placement.organisation_id) if side is Side.COMPANY else None
    return page(
        "placements/show_evaluations.html", status, placement=placement, side=side, sums=sums_rows(sums) if sums else None, answers=sums.count if sums else 0,
        evaluations=[evaluation_rows(author, row) for author, row in seen.items()],
    )  # fmt: skip
