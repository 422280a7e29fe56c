"""A company's own ranking: look, and one step after another, each saved at once."""

from __future__ import annotations

from flask import redirect, url_for
from werkzeug.wrappers import Response

from portal.core.access import actor
from portal.core.errors import NotFound, Refused
from portal.core.i18n import _
from portal.core.pages import page
from portal.core.transaction import rollback
from portal.domain.internships.ranking import Ranking, Step
from portal.internships.models import InternshipRound
from portal.internships.policy import hosting_companies
from portal.internships.queries.interests import applicants_of
from portal.matching.forms.ranking import TierForm
from portal.matching.queries.lists import own_ranking, round_to_rank
from portal.matching.ranking_pages import ranking_view, standing_ranking
from portal.matching.routes.blueprint import blueprint, hosts
from portal.matching.services.rankings import save_ranking


@blueprint.get("/matching/rounds/<id:round_id>/companies/<id:organisation_id>/ranking")
@hosts
def show_ranking(round_id: int, organisation_id: int) -> Response:
    """The tiers of a company, to be changed until the lists lock."""
    return _page(round_to_rank(round_id), _ours(organisation_id))


@blueprint.post("/matching/rounds/<id:round_id>/companies/<id:organisation_id>/ranking")
@hosts
def change_ranking(round_id: int, organisation_id: int) -> Response:
    """One step with one applicant, or with all who are undecided."""
    season, company, form = round_to_rank(round_id), _ours(organisation_id), TierForm()
    says_what = form.rest.data or (
        form.student.data and (form.step.data or form.beside.data or form.gap.data is not None)
    )
    if not form.validate() or not says_what:
        return _page(season, company, 422, _("This step could not be read. Please press the button again."))
    try:
        save_ranking(
            season=season, organisation_id=company, ranking=_after(form, season, company), version=form.version.data, by=actor()
        )  # fmt: skip
    except Refused as refused:
        rollback()
        return _page(round_to_rank(round_id), company, refused.status, refused.message)
    return redirect(url_for("matching.show_ranking", round_id=round_id, organisation_id=company), 303)


def _after(form: TierForm, season: InternshipRound, company: int) -> Ranking:
    people = [row.student_id for row in applicants_of(company, season.id)]
    ranking, who = standing_ranking(own_ranking(actor(), season.id, company), people), form.student.data or 0
    if form.rest.data:
        return ranking.with_rest(list(dict.fromkeys(people)))
    if form.beside.data:
        return ranking.tied(who, form.beside.data)
    if form.gap.data is not None:
        return ranking.between(who, form.gap.data)
    return ranking.step(who, Step(form.step.data))


def _ours(organisation_id: int) -> int:
    if organisation_id not in hosting_companies(actor()):
        raise NotFound
    return organisation_id


def _page(season: InternshipRound, company: int, status: int | None = None, refusal: str = "") -> Response:
    return page(
        "matching/show_ranking.html", status, season=season, company=company, company_name=hosting_companies(actor())[company],
        view=ranking_view(actor(), season, company), refusal=refusal,
    )  # fmt: skip
