"""Placements arranged before the match, as the office sees them: all of a round, its own proposals, its own word."""

from __future__ import annotations

from flask import flash, redirect, url_for
from werkzeug.wrappers import Response

from portal.core.access import actor
from portal.core.errors import Refused
from portal.core.forms import refuse
from portal.core.i18n import _, current_language
from portal.core.pages import page
from portal.core.transaction import rollback
from portal.domain.internships.timetable import CHOOSING
from portal.internships.models import InternshipRound
from portal.internships.queries.postings import posting_for_office
from portal.internships.queries.rounds import round_for_office
from portal.matching.answering import about_postings, answer
from portal.matching.enums import Side
from portal.matching.forms.prearranging import OfficeProposeForm
from portal.matching.forms.registers import CHOOSE
from portal.matching.queries.prearranged import Arranged, arranged_for, arranged_for_office, sides_of
from portal.matching.queries.registers import are_apart, open_postings_of, student_with
from portal.matching.services.prearranging import propose_placement as propose
from portal.matching.staff.blueprint import blueprint, office
from portal.matching.staff.exclusions import NO_STUDENT


@blueprint.get("/matching/rounds/<id:round_id>/prearrangements")
@office
def list_prearrangements(round_id: int) -> Response:
    """All of a round, and a form to propose one."""
    season = round_for_office(actor(), round_id)
    return _list(season, _form(season))


@blueprint.post("/matching/rounds/<id:round_id>/prearrangements")
@office
def propose_placement(round_id: int) -> Response:
    """Ask the other three."""
    season = round_for_office(actor(), round_id)
    form = _form(season)
    if not form.validate():
        return _list(season, form)
    student = student_with(form.email.data)
    if student is None:
        refuse(form, Refused(NO_STUDENT, field="email"))
        return _list(season, form)
    try:
        made = propose(
            posting=posting_for_office(actor(), int(form.posting.data)), student_id=student.id, side=Side.OFFICE,
            words=form.words.data or "", by=actor(),
        )  # fmt: skip
    except Refused as refused:
        rollback()
        refuse(form, refused)
        return _list(round_for_office(actor(), round_id), form, refused.status)
    flash(_("The others are asked by mail. It stands once all four have agreed."), "success")
    return redirect(url_for("matching_staff.show_prearrangement", pair_id=made.id))


@blueprint.get("/matching/prearrangements/<id:pair_id>")
@office
def show_prearrangement(pair_id: int) -> Response:
    """One of them, and the office's answer."""
    return _show(arranged_for(actor(), pair_id))


@blueprint.post("/matching/prearrangements/<id:pair_id>/answer")
@office
def decide_prearrangement(pair_id: int) -> Response:
    """Agree, decline, or take the office's word back."""
    arranged = arranged_for(actor(), pair_id)
    try:
        is_yes = answer(arranged, _sides(arranged), actor().id)
    except Refused as refused:
        rollback()
        return _show(arranged_for(actor(), pair_id), refused.status, refused.message)
    flash(_("The office has agreed.") if is_yes else _("It has ended. The others are told."), "success")
    return redirect(url_for("matching_staff.show_prearrangement", pair_id=pair_id))


def _sides(arranged: Arranged) -> tuple[Side, ...]:
    return tuple(side for side in sides_of(actor(), arranged) if side is Side.OFFICE)


def _show(arranged: Arranged, status: int | None = None, refusal: object = "") -> Response:
    return page(
        "staff/matching/show_prearrangement.html", status, arranged=arranged, sides=_sides(arranged), refusal=refusal,
        about=about_postings([arranged]),
        is_apart=are_apart(arranged.student.id, arranged.company.id),
        is_open=arranged.season.stage in CHOOSING,
    )  # fmt: skip


def _form(season: InternshipRound) -> OfficeProposeForm:
    form, language = OfficeProposeForm(), current_language()
    form.posting.choices = [CHOOSE, *open_postings_of(season.id, language)]
    return form


def _list(season: InternshipRound, form: OfficeProposeForm, status: int | None = None) -> Response:
    return page(
        "staff/matching/list_prearrangements.html", status, season=season, form=form,
        rows=arranged_for_office(actor(), season.id), is_open=season.stage in CHOOSING,
    )  # fmt: skip
