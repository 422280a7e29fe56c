"""Rounds: plan, move the timetable, call off; the postings of each."""

from __future__ import annotations

from typing import Any

from flask import flash, redirect, request, url_for
from werkzeug.wrappers import Response

from portal.core.access import actor
from portal.core.errors import Refused
from portal.core.forms import refuse
from portal.core.i18n import _, current_language, in_words
from portal.core.pages import cursor_argument, page
from portal.core.transaction import rollback
from portal.domain.internships.agreements import AgreementKind
from portal.domain.internships.posting_flow import PostingState
from portal.domain.internships.timetable import Stage
from portal.internships.agreement_pages import kind_words
from portal.internships.enums import POSTING_LABELS
from portal.internships.forms.rounds import CancelForm, RoundForm, TimetableForm, day_of
from portal.internships.pages import history, timetable_steps
from portal.internships.queries.needed import too_late_in
from portal.internships.queries.postings import counts_in, list_postings
from portal.internships.queries.rounds import round_for_office, rounds_for_office
from portal.internships.services.rounds import cancel_round as cancel
from portal.internships.services.rounds import move_timetable, plan_round
from portal.internships.staff.blueprint import blueprint, office
from portal.membership.queries import this_year

SHOWN = (PostingState.SUBMITTED, PostingState.RETURNED, PostingState.PUBLISHED, PostingState.WITHDRAWN)
OVER = (Stage.PUBLISHED, Stage.CLOSED, Stage.CANCELLED)


@blueprint.get("/internships")
@office
def list_rounds() -> Response:
    """All rounds, the newest first."""
    return page("staff/internships/list_rounds.html", rounds=rounds_for_office(actor()), over=OVER)


@blueprint.route("/internships/rounds/new", methods=["GET", "POST"])
@office
def add_round() -> Response:
    """Plan a round. Pressed twice, one is planned."""
    form = RoundForm()
    form.offer()
    if form.validate_on_submit():
        values = {name: form[name].data for name in ("fiscal_year", "name_ja", "name_en", "longest_list")}
        try:
            made = plan_round(
                timetable=form.timetable(), needed_agreements=form.needed.data or (), once=form.once.data, by=actor(), **values
            )  # fmt: skip
            flash(_("The round is planned."), "success")
            return redirect(url_for("internships_staff.show_round", round_id=made.id))
        except Refused as refused:
            rollback()
            refuse(form, _at_shown_field(refused))
            return page("staff/internships/edit_round.html", refused.status, form=form, season=None)
    if not form.is_submitted():
        form.fiscal_year.data = this_year() + 1
    return page("staff/internships/edit_round.html", form=form, season=None)


@blueprint.get("/internships/rounds/<id:round_id>")
@office
def show_round(round_id: int) -> Response:
    """One round: its timetable, the commitment of its lottery, its postings by state."""
    season = round_for_office(actor(), round_id)
    state = next((s for s in SHOWN if s.value == request.args.get("state")), None)
    found = list_postings(
        actor(), round_id=round_id, state=state, language=current_language(), cursor=cursor_argument()
    )
    return page(
        "staff/internships/show_round.html", season=season, steps=timetable_steps(season), found=found, state=state,
        labels=in_words(POSTING_LABELS), chips=_chips(round_id, state), is_over=season.stage in OVER, entries=history(season, for_staff=True),
        needed=kind_words(AgreementKind(kind) for kind in season.needed_agreements), late=[] if season.stage in OVER else too_late_in(season),
    )  # fmt: skip


@blueprint.route("/internships/rounds/<id:round_id>/edit", methods=["GET", "POST"])
@office
def edit_round(round_id: int) -> Response:
    """Move the steps that lie ahead."""
    season, form = round_for_office(actor(), round_id), TimetableForm()
    if form.validate_on_submit():
        try:
            move_timetable(season=season, timetable=form.timetable(), by=actor())
            flash(_("The timetable is saved."), "success")
            return redirect(url_for("internships_staff.show_round", round_id=round_id))
        except Refused as refused:
            rollback()
            refuse(form, _at_shown_field(refused))
            season = round_for_office(actor(), round_id)
            return page("staff/internships/edit_round.html", refused.status, form=form, season=season)
    if not form.is_submitted():
        form.show(season)
    return page("staff/internships/edit_round.html", form=form, season=season)


@blueprint.route("/internships/rounds/<id:round_id>/cancel", methods=["GET", "POST"])
@office
def cancel_round(round_id: int) -> Response:
    """Call the round off, with a reason."""
    season, form = round_for_office(actor(), round_id), CancelForm()
    if form.validate_on_submit():
        try:
            cancel(season=season, reason=form.reason.data or "", by=actor())
            flash(_("The round is called off."), "success")
            return redirect(url_for("internships_staff.show_round", round_id=round_id))
        except Refused as refused:
            rollback()
            refuse(form, refused)
            return page("staff/internships/cancel_round.html", refused.status, form=form, season=season)
    return page("staff/internships/cancel_round.html", form=form, season=season)


def _at_shown_field(refused: Refused) -> Refused:
    """The service speaks of moments, the form of days."""
    field = refused.field or ""
    return Refused(refused.message, field=day_of(field) if field.endswith("_at") else refused.field)


def _chips(round_id: int, chosen: PostingState | None) -> list[dict[str, Any]]:
    counts = counts_in(round_id)

    def chip(state: PostingState | None, label: Any) -> dict[str, Any]:
        address = url_for(
            "internships_staff.show_round", round_id=round_id, state=state.value if state else None
        )
        count = counts.get(state, 0) if state else sum(counts.get(each, 0) for each in SHOWN)
        return {"label": label, "url": address, "active": state is chosen, "count": count}

    return [chip(None, _("All")), *(chip(state, POSTING_LABELS[state]) for state in SHOWN)]
