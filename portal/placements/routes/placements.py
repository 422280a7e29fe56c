"""Placements as their parties see them: all of one's own, and each."""

from __future__ import annotations

from typing import Any

from flask import flash, redirect, url_for
from werkzeug.wrappers import Response

from portal.core import access
from portal.core.access import actor
from portal.core.errors import Refused
from portal.core.forms import refuse
from portal.core.i18n import _, current_language, in_words
from portal.core.pages import page
from portal.core.transaction import rollback
from portal.domain.placements.placement_flow import OVER, PlacementState, Side
from portal.domain.romanisation import latin_name
from portal.placements.enums import PLACEMENT_LABELS
from portal.placements.forms.preparing import StepForm, WhyForm
from portal.placements.models import Placement
from portal.placements.pages import (
    history,
    period_words,
    placement_facts,
    task_rows,
    waiting_rows,
    words_of_items,
)
from portal.placements.policy import MOVERS, side_of
from portal.placements.queries.checklist import items_of
from portal.placements.queries.duties import duties_of
from portal.placements.queries.placements import placement_for, placements_of
from portal.placements.routes.blueprint import blueprint
from portal.placements.services.running import ask_ending, hurdle
from portal.placements.services.running import start_placement as start

ENDABLE = (PlacementState.PREPARING, PlacementState.RUNNING)
BEFORE_PAPERS = (*ENDABLE, PlacementState.ENDED)


@blueprint.get("/placements")
@access.signed_in
def list_placements() -> Response:
    """One's own: a student's, a company's, a supervisor's students'."""
    found, language = placements_of(actor()), current_language()
    words, waiting = in_words(PLACEMENT_LABELS), duties_of(found)
    rows = [
        (
            each.id, each.student.name, each.organisation.name(language), each.posting.name(language), each.state.value,
            words[each.state], period_words(each), _mine(each, waiting),
        )
        for each in found
    ]  # fmt: skip
    return page("placements/list_placements.html", rows=rows)


@blueprint.get("/placements/<id:placement_id>")
@access.signed_in
def show_placement(placement_id: int) -> Response:
    """One internship: what to do now, the checklist, the period, its history."""
    return show_page(placement_for(actor(), placement_id))


@blueprint.post("/placements/<id:placement_id>/start")
@access.signed_in
def start_placement(placement_id: int) -> Response:
    """The company starts it."""
    placement, form = placement_for(actor(), placement_id), StepForm()
    try:
        form.validate()
        if side_of(actor(), placement) is not Side.COMPANY:
            raise Refused(_("This step belongs to somebody else."))
        start(placement=placement, mover=MOVERS[Side.COMPANY], by=actor(), version=form.version.data or 0)
    except Refused as refused:
        rollback()
        return show_page(placement_for(actor(), placement_id), refused.status, refusal=refused.message)
    flash(_("The internship has started."), "success")
    return redirect(url_for("placements.show_placement", placement_id=placement_id))


@blueprint.route("/placements/<id:placement_id>/ending", methods=["GET", "POST"])
@access.signed_in
def request_ending(placement_id: int) -> Response:
    """Ask the office for an early ending."""
    placement, form = placement_for(actor(), placement_id), WhyForm()
    if placement.state not in ENDABLE or placement.ending_asked_at or side_of(actor(), placement) is None:
        return show_page(placement, 409 if form.is_submitted() else None)
    if form.validate_on_submit():
        try:
            ask_ending(placement=placement, reason=form.reason.data or "", by=actor())
        except Refused as refused:
            rollback()
            refuse(form, refused)
            placement = placement_for(actor(), placement_id)
            return page("placements/request_ending.html", refused.status, form=form, placement=placement)
        flash(_("The career-support office has been told and will talk to you."), "success")
        return redirect(url_for("placements.show_placement", placement_id=placement_id))
    return page("placements/request_ending.html", form=form, placement=placement)


def show_page(placement: Placement, status: int | None = None, **more: Any) -> Response:
    """The page of an internship, with what was refused where there is something."""
    side, items = side_of(actor(), placement), items_of(placement.id)
    waiting, student = duties_of([placement])[placement.id], placement.student
    latin = latin_name(student.name, student.name_kana)
    context = {
        "asks_latin": side is Side.STUDENT
        and placement.state in BEFORE_PAPERS
        and not student.name_en
        and latin != student.name,
        "latin": latin,
        "tasks": task_rows(placement, waiting, side, items) if side else [],
        "waiting": waiting_rows(each for each in waiting if each.side is not side),
        "hurdle": hurdle(placement) if placement.state is PlacementState.PREPARING else None,
        "step": StepForm(formdata=None, version=placement.version),
    }
    return page(
        "placements/show_placement.html", status, placement=placement, side=side, items=items, facts=placement_facts(placement),
        entries=history(placement, for_staff=False), is_over=placement.state in OVER, may_end=side and placement.state in ENDABLE,
        **words_of_items(), **(context | more),
    )  # fmt: skip


def _mine(placement: Placement, waiting: dict[int, Any]) -> int:
    """How many things wait for the reader."""
    side = side_of(actor(), placement)
    return len({(duty.task, duty.item) for duty in waiting[placement.id] if duty.side is side})
