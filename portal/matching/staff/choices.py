"""Choose the run that counts, with a look at what follows; take the choice back before its minute."""

from __future__ import annotations

from flask import flash, redirect, url_for
from werkzeug.wrappers import Response

from portal.core import clock
from portal.core.access import actor
from portal.core.errors import Refused
from portal.core.forms import Form, refuse
from portal.core.i18n import _, current_language
from portal.core.pages import page
from portal.core.transaction import rollback
from portal.internships.models import InternshipRound
from portal.internships.queries.rounds import round_for_office
from portal.matching.queries.attempts import attempt_for_office, names_in_market, waivers_behind
from portal.matching.services.choosing import choose_attempt as choose
from portal.matching.services.choosing import mark_of_lists, take_choice_back
from portal.matching.services.gates import gate_of
from portal.matching.staff.attempts import list_page
from portal.matching.staff.blueprint import blueprint, office


@blueprint.route("/matching/attempts/<id:attempt_id>/choose", methods=["GET", "POST"])
@office
def choose_attempt(attempt_id: int) -> Response:
    """What follows from choosing this run, then the choice."""
    form = Form()
    if not form.validate_on_submit():
        return _page(attempt_id, form)
    attempt = attempt_for_office(actor(), attempt_id)
    try:
        choose(attempt=attempt, by=actor())
    except Refused as refused:
        rollback()
        refuse(form, refused)
        return _page(attempt_id, form, refused.status)
    flash(_("This result is chosen. Nobody sees it before its minute."), "success")
    return redirect(url_for("matching_staff.list_attempts", round_id=attempt.round_id))


@blueprint.post("/matching/rounds/<id:round_id>/take-choice-back")
@office
def take_back_choice(round_id: int) -> Response:
    """Nothing is chosen any more."""
    season = round_for_office(actor(), round_id)
    try:
        take_choice_back(season=season, by=actor())
    except Refused as refused:
        rollback()
        return list_page(round_id, refused.status, refusal=refused.message)
    flash(_("No result is chosen any more."), "success")
    return redirect(url_for("matching_staff.list_attempts", round_id=round_id))


def _page(attempt_id: int, form: Form, status: int | None = None) -> Response:
    attempt = attempt_for_office(actor(), attempt_id)
    season = round_for_office(actor(), attempt.round_id)
    return page(
        "staff/matching/choose_attempt.html", status, attempt=attempt, season=season, form=form,
        waivers=waivers_behind(attempt), unheeded=_unheeded(season), is_late=season.publishes_at <= clock.now(), is_of_lists=bool(attempt.input_sha256) and attempt.input_sha256 == mark_of_lists(season),
    )  # fmt: skip


def _unheeded(season: InternshipRound) -> list[tuple[str, str]]:
    """Students and postings of places that all four agreed upon and that do not count."""
    pairs = gate_of(season).unheeded
    names = names_in_market({each for s, p in pairs for each in (f"s{s}", f"p{p}")}, current_language())
    return [(names.get(f"s{s}", "—"), names.get(f"p{p}", "—")) for s, p in pairs]
