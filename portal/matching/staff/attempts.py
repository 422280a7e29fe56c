"""Runs of the match: begin one, watch it, see what it gives."""

from __future__ import annotations

from flask import flash, redirect, request, url_for
from werkzeug.wrappers import Response

from portal.core.access import actor
from portal.core.errors import Refused
from portal.core.forms import refuse
from portal.core.i18n import _, current_language, in_words
from portal.core.pages import page
from portal.core.transaction import rollback
from portal.domain.internships.timetable import Stage
from portal.internships.models import InternshipRound
from portal.internships.queries.rounds import round_for_office
from portal.matching.change_pages import change_words, ids_in
from portal.matching.enums import ATTEMPT_LABELS, AttemptState
from portal.matching.forms.attempts import AttemptForm
from portal.matching.pages import (
    BANDS,
    CAPS,
    STEPS,
    advised_names,
    below_minimum,
    moves_words,
    rank_word,
    told_ranks,
    waived_names,
)
from portal.matching.queries.attempts import (
    attempt_for_office,
    attempts_in,
    names_in_market,
    studies_of,
    waivers_behind,
)
from portal.matching.queries.results import is_out
from portal.matching.services.attempts import start_attempt as begin
from portal.matching.staff.blueprint import blueprint, office
from portal.membership.queries import names_of


@blueprint.get("/matching/rounds/<id:round_id>/attempts")
@office
def list_attempts(round_id: int) -> Response:
    """A round's runs side by side."""
    return list_page(round_id)


@blueprint.post("/matching/rounds/<id:round_id>/attempts")
@office
def start_attempt(round_id: int) -> Response:
    """Run the match over the lists as they are. Pressed twice, one run begins."""
    season, form = round_for_office(actor(), round_id), AttemptForm()
    if not form.validate():
        return _list(season, form)
    try:
        made = begin(season=season, name=form.name.data, once=form.once.data, by=actor())
    except Refused as refused:
        rollback()
        refuse(form, refused)
        return _list(round_for_office(actor(), round_id), form, refused.status)
    flash(_("The run has begun."), "success")
    return redirect(url_for("matching_staff.show_attempt", attempt_id=made.id))


@blueprint.get("/matching/attempts/<id:attempt_id>")
@office
def show_attempt(attempt_id: int) -> Response:
    """How far a run is, then what it gives."""
    answer = show_page(attempt_id)
    waited = request.headers.get("HX-Trigger") or "progress"
    if request.headers.get("HX-Request") and f'id="{waited}"'.encode() not in answer.data:
        answer.headers["HX-Refresh"] = (
            "true"  # done while somebody watched: the whole page, with its pictures
        )
    return answer


def show_page(attempt_id: int, status: int | None = None, *, refusal: object = None) -> Response:
    """The page of a run, also with why something was refused."""
    attempt = attempt_for_office(actor(), attempt_id)
    season = round_for_office(actor(), attempt.round_id)
    is_done = attempt.state is AttemptState.DONE
    waivers, studies = waivers_behind(attempt), studies_of(attempt_id)
    base = attempt_for_office(actor(), attempt.base_id) if attempt.base_id else None
    is_what_if = base is not None and attempt.id not in {each.attempt_id for each in waivers}
    return page(
        "staff/matching/show_attempt.html", status, attempt=attempt, season=season, is_done=is_done, refusal=refusal,
        is_under_way=attempt.state in (AttemptState.WAITING, AttemptState.RUNNING), steps=in_words(STEPS),
        base=base, is_what_if=is_what_if, changed=change_words(attempt.overrides, names_in_market(ids_in(attempt.overrides), current_language()), base) if is_what_if else [],
        below=below_minimum(attempt) if is_done and not is_what_if else [], moves=moves_words(attempt.figures),
        ranks=told_ranks(attempt.figures, is_chosen=attempt.chosen_at is not None, is_any_chosen=season.chosen_at is not None), caps=in_words(CAPS), waivers=waivers, waived=waived_names(waivers), studies=studies, advised=advised_names(studies.get("advice")), bands=in_words(BANDS),
        names=names_of({attempt.created_by_id, *(each.created_by_id for each in waivers)}),
        is_locked=season.stage is Stage.LOCKED,
    )  # fmt: skip


def list_page(round_id: int, status: int | None = None, *, refusal: object = None) -> Response:
    """The page of a round's runs, also with why something was refused."""
    return _list(round_for_office(actor(), round_id), AttemptForm(formdata=None), status, refusal)


def _list(
    season: InternshipRound, form: AttemptForm, status: int | None = None, refusal: object = None
) -> Response:
    found = attempts_in(season.id)
    tried = {row[0]: row[8] for row in found if row[3] and not row[4]}
    named = names_in_market(
        {each for changes in tried.values() for each in ids_in(changes)}, current_language()
    )
    changed = {number: change_words(changes, named) for number, changes in tried.items()}
    rows = [(*row[:8], moves_words(row[6] or {})) for row in found]
    ranks = [
        (
            row[0],
            told_ranks(
                row[6] or {}, is_chosen=row[7] is not None, is_any_chosen=season.chosen_at is not None
            ),
        )
        for row in rows
        if row[6]
    ]
    if not form.name.data and not form.errors:
        form.name.data = _("Run %(number)s", number=len(rows) + 1)
    return page(
        "staff/matching/list_attempts.html", status, season=season, form=form, rows=rows, refusal=refusal, labels=in_words(ATTEMPT_LABELS),
        ranks=dict(ranks), rank_words=[rank_word(rank) for rank in range(1, max((len(each) for _run, each in ranks), default=0) + 1)], caps=in_words(CAPS), changed=changed,
        is_locked=season.stage is Stage.LOCKED, names={row[0]: row[1] for row in rows}, is_out=is_out(season),
        is_under_way=any(row[2] in (AttemptState.WAITING, AttemptState.RUNNING) for row in rows),
    )  # fmt: skip
