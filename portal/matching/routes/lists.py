"""A student's own list: look, and one step after another, each saved at once."""

from __future__ import annotations

from flask import redirect, url_for
from werkzeug.wrappers import Response

from portal.core.access import actor
from portal.core.errors import Refused
from portal.core.i18n import _
from portal.core.pages import page
from portal.core.transaction import rollback
from portal.domain.internships.ranking import Step, put, rearranged
from portal.internships.models import InternshipRound
from portal.matching.forms.ranking import StepForm
from portal.matching.list_pages import list_view
from portal.matching.queries.lists import own_list, round_to_rank, standing_order, wanted_by
from portal.matching.routes.blueprint import blueprint, students
from portal.matching.services.lists import save_list


@blueprint.get("/matching/rounds/<id:round_id>/list")
@students
def show_list(round_id: int) -> Response:
    """The order of postings, to be changed until the lists lock."""
    return _page(round_to_rank(round_id))


@blueprint.post("/matching/rounds/<id:round_id>/list")
@students
def change_list(round_id: int) -> Response:
    """One step with one posting."""
    season, form = round_to_rank(round_id), StepForm()
    if not form.validate() or not (form.step.data or form.place.data is not None):
        return _page(season, 422, refusal=_("This step could not be read. Please press the button again."))
    try:
        save_list(season=season, postings=_after(form, season), version=form.version.data, by=actor())
    except Refused as refused:
        rollback()
        return _page(round_to_rank(round_id), refused.status, refusal=refused.message)
    return redirect(url_for("matching.show_list", round_id=round_id), 303)


def _after(form: StepForm, season: InternshipRound) -> list[int]:
    """The step is one of the order that the page showed."""
    order = standing_order(own_list(actor(), season.id), wanted_by(actor(), season.id))
    posting = form.posting.data or 0
    if form.place.data is not None:
        return put(order, posting, form.place.data)
    return rearranged(order, posting, Step(form.step.data))


def _page(season: InternshipRound, status: int | None = None, refusal: str = "") -> Response:
    return page(
        "matching/show_list.html", status, season=season, view=list_view(actor(), season), refusal=refusal
    )
