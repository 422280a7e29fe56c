"""Results as students and companies see them, once they are out."""

from __future__ import annotations

from datetime import timedelta

from werkzeug.wrappers import Response

from portal.core import clock
from portal.core.access import actor
from portal.core.i18n import current_language, in_words
from portal.core.pages import page
from portal.internships.policy import hosting_companies
from portal.matching.drawing import drawn_of
from portal.matching.queries.places import given_back_in
from portal.matching.queries.results import (
    absence_of,
    answers_of,
    fillings_of,
    interns_of,
    outcome_for_student,
    postings_named,
    round_out,
    waiver_behind,
)
from portal.matching.reasons import FILLINGS, MISSING, REASONS, TONES
from portal.matching.routes.blueprint import blueprint, hosts, students

TO_WRITE = timedelta(days=7)  # in which a company writes to its interns


@blueprint.get("/matching/rounds/<id:round_id>/result")
@students
def show_result(round_id: int) -> Response:
    """The student's own: where, and why for each posting of the list."""
    season, outcome = round_out(round_id), outcome_for_student(actor(), round_id)
    language = current_language()
    place = outcome.posting_id if outcome else None
    absence = None if outcome else absence_of(actor(), round_id)
    return page(
        "matching/show_result.html", season=season, outcome=outcome, words=in_words(REASONS), tones=TONES,
        answers=answers_of(outcome, language) if outcome else [], waiver=waiver_behind(outcome) if outcome else None,
        drawn=drawn_of(season, f"s{actor().id}"), missing=MISSING[absence.missing] if absence else None,
        placed=postings_named({place}, language).get(place) if place else None,
        is_given_back=place is not None and (actor().id, place) in given_back_in(round_id),
    )  # fmt: skip


@blueprint.get("/matching/rounds/<id:round_id>/companies/<id:organisation_id>/result")
@hosts
def show_interns(round_id: int, organisation_id: int) -> Response:
    """Who comes to the company, and how to reach them."""
    season = round_out(round_id)
    rows = interns_of(actor(), round_id, organisation_id, current_language())
    company = hosting_companies(actor())[organisation_id]
    return page(
        "matching/show_interns.html", season=season, rows=rows, company_name=company, company=organisation_id,
        drawn=drawn_of(season, f"c{organisation_id}"), is_fresh=clock.now() < (season.told_at or season.publishes_at) + TO_WRITE,
        fillings=fillings_of(round_id, organisation_id, current_language()), words=in_words(FILLINGS), write_by=(season.told_at or season.publishes_at) + TO_WRITE,
    )  # fmt: skip
