"""Placements as the office sees them: all, and each."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from flask import flash, redirect, request, url_for
from sqlalchemy import select
from werkzeug.wrappers import Response

from portal.accounts.models import Organisation
from portal.core import clock
from portal.core.access import actor
from portal.core.db import db
from portal.core.errors import NotFound, Refused
from portal.core.formats import day
from portal.core.i18n import _, current_language, in_words
from portal.core.pages import LARGEST_ID, cursor_argument, page
from portal.core.transaction import rollback
from portal.domain.placements.duties import Duty, for_office
from portal.domain.placements.placement_flow import Mover, PlacementState, Side
from portal.placements.enums import PLACEMENT_LABELS, SIDE_LABELS
from portal.placements.forms.preparing import EndForm, StepForm, WhyForm
from portal.placements.models import Placement
from portal.placements.pages import (
    duty_words,
    history,
    placement_facts,
    task_rows,
    waiting_rows,
    words_of_items,
)
from portal.placements.policy import may_steer
from portal.placements.queries.checklist import items_of
from portal.placements.queries.duties import duties_of
from portal.placements.queries.placements import list_placements as list_them
from portal.placements.queries.placements import placement_for_office
from portal.placements.services.moves import NOT_YOURS
from portal.placements.services.running import hurdle
from portal.placements.services.running import start_placement as start
from portal.placements.staff.blueprint import blueprint, office

WAITING = "waiting"


@blueprint.get("/placements")
@office
def list_placements() -> Response:
    """All placements, by state and company."""
    asked = request.args.get("state")
    state = next((s for s in PlacementState if s.value == asked), None)
    company, language = _company(), current_language()
    found = list_them(
        actor(), state=state, company_id=company.id if company else None, language=language, cursor=cursor_argument(),
        waiting=asked == WAITING,
    )  # fmt: skip
    words = in_words(PLACEMENT_LABELS)
    rows = [(*row[:5], words[row[4]], day(row[5]), day(row[6])) for row in found.items]
    if asked == WAITING:
        told = office_matters([row[0] for row in rows])
        rows = [(*row, *told.get(row[0], ("", ""))) for row in rows]
    return page(
        "staff/placements/list_placements.html", rows=rows, next_cursor=found.next_cursor, chips=_chips(asked, company),
        company=company, kept={"state": asked if state or asked == WAITING else None, "company": company.id if company else None},
        is_narrowed=bool(asked or company), is_waiting=asked == WAITING,
    )  # fmt: skip


@blueprint.get("/placements/<id:placement_id>")
@office
def show_placement(placement_id: int) -> Response:
    """One placement: what waits for whom, the checklist, its end, its history."""
    return show_page(placement_for_office(actor(), placement_id))


@blueprint.post("/placements/<id:placement_id>/start")
@office
def start_placement(placement_id: int) -> Response:
    """Start it, when everything is done."""
    placement, form = placement_for_office(actor(), placement_id), StepForm()
    form.validate()
    try:
        require_steering(placement)
        start(placement=placement, mover=Mover.OFFICE, by=actor(), version=form.version.data or 0)
    except Refused as refused:
        rollback()
        return show_page(placement_for_office(actor(), placement_id), refused.status, refusal=refused.message)
    flash(_("The internship has started."), "success")
    return redirect(url_for("placements_staff.show_placement", placement_id=placement_id))


def require_steering(placement: Placement) -> None:
    """Raises Refused for who belongs to the company."""
    if not may_steer(actor(), placement):
        raise Refused(NOT_YOURS)


def show_page(placement: Placement, status: int | None = None, **more: Any) -> Response:
    """The page of a placement, with what was refused where there is something."""
    items, waiting = items_of(placement.id), duties_of([placement])[placement.id]
    version = placement.version
    context = {
        "tasks": task_rows(placement, waiting, Side.OFFICE, items),
        "waiting": waiting_rows(each for each in waiting if each.side is not Side.OFFICE),
        "hurdle": hurdle(placement) if placement.state is PlacementState.PREPARING else None,
        "step": StepForm(formdata=None, version=version),
        "cancelling": WhyForm(formdata=None, version=version),
        "ending": EndForm(formdata=None, version=version),
    }
    return page(
        "staff/placements/show_placement.html", status, placement=placement, items=items, facts=placement_facts(placement),
        entries=history(placement, for_staff=True), may_steer=may_steer(actor(), placement), **words_of_items(),
        **(context | more),
    )  # fmt: skip


def office_matters(numbers: Sequence[int]) -> dict[int, tuple[str, str]]:
    """What the office has to see to in each of these, in words, and since when the oldest is due."""
    found = db.session.scalars(select(Placement).where(Placement.id.in_(numbers))).all()
    waiting, today = duties_of(found), clock.today()
    told = {}
    for number, all_of_it in waiting.items():
        matters = for_office(all_of_it, today)
        names = dict.fromkeys(_whose(duty) for duty in matters)
        told[number] = ("\n".join(names), day(matters[0].due_on) if matters else "")
    return told


def _whose(duty: Duty) -> str:
    """What is to be done, and by which side where it is not the office."""
    if duty.side is Side.OFFICE:
        return duty_words(duty)
    return _("%(side)s: %(task)s", side=SIDE_LABELS[duty.side], task=duty_words(duty))


def _company() -> Organisation | None:
    typed = request.args.get("company", "")
    if not typed:
        return None
    if not typed.isascii() or not typed.isdecimal() or int(typed[:19]) > LARGEST_ID:
        raise NotFound
    found = db.session.get(Organisation, int(typed[:19]))
    if found is None:
        raise NotFound
    return found


def _chips(asked: str | None, company: Organisation | None) -> list[dict[str, Any]]:
    kept = company.id if company else None
    known = {WAITING: _("Waits for the office"), **{s.value: label for s, label in PLACEMENT_LABELS.items()}}

    def chip(value: str | None, label: Any) -> dict[str, Any]:
        address = url_for("placements_staff.list_placements", state=value, company=kept)
        return {"label": label, "url": address, "active": value == (asked if asked in known else None)}

    return [chip(None, _("All")), *(chip(value, label) for value, label in known.items())]
