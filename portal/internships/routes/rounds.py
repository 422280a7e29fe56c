"""Rounds as a company sees them: the timetable, its postings, how many students it takes in all."""

from __future__ import annotations

from flask import flash, redirect, url_for
from werkzeug.wrappers import Response

from portal.core.access import actor
from portal.core.errors import NotFound, Refused
from portal.core.forms import refuse
from portal.core.i18n import _
from portal.core.pages import page
from portal.core.transaction import rollback
from portal.domain.internships.posting_flow import PostingState
from portal.domain.internships.timetable import WRITING
from portal.internships.agreement_pages import needed_of
from portal.internships.forms.postings import StartForm, TotalForm
from portal.internships.models import InternshipRound
from portal.internships.pages import timetable_steps
from portal.internships.policy import administered_companies, hosting_companies, may_change_total
from portal.internships.queries.interests import count_applicants
from portal.internships.queries.postings import counts_of, postings_of
from portal.internships.queries.rounds import places_of, round_for_company, rounds_for_companies
from portal.internships.routes.blueprint import blueprint, hosts
from portal.internships.services.places import change_total_places as change


@blueprint.get("/internships")
@hosts
def list_rounds() -> Response:
    """Rounds, the newest first, with what the person's companies offer in each."""
    companies = hosting_companies(actor())
    return page(
        "internships/list_rounds.html", rounds=rounds_for_companies(), counts=counts_of(tuple(companies)), companies=companies,
        administered=administered_companies(actor()),
    )  # fmt: skip


@blueprint.get("/internships/rounds/<id:round_id>/companies/<id:organisation_id>")
@hosts
def show_round(round_id: int, organisation_id: int) -> Response:
    """One company's postings in a round."""
    return _page(round_for_company(round_id), ours(organisation_id), TotalForm())


@blueprint.post("/internships/rounds/<id:round_id>/companies/<id:organisation_id>/places")
@hosts
def change_total_places(round_id: int, organisation_id: int) -> Response:
    """How many students the company takes in all."""
    season, company, form = round_for_company(round_id), ours(organisation_id), TotalForm()
    if form.validate():
        try:
            change(season=season, organisation_id=company, places=form.total.data, by=actor())
        except Refused as refused:
            rollback()
            refuse(form, refused)
            return _page(season, company, form, refused.status)
        flash(_("The number of students is saved."), "success")
        return redirect(url_for("internships.show_round", round_id=round_id, organisation_id=company))
    return _page(season, company, form)


def ours(organisation_id: int) -> int:
    """The number of a company for which the person offers internships; raises NotFound."""
    if organisation_id not in hosting_companies(actor()):
        raise NotFound
    return organisation_id


def _page(season: InternshipRound, company: int, form: TotalForm, status: int | None = None) -> Response:
    host = places_of(season.id, company)
    if not form.is_submitted():
        form.total.data = host.places if host else None
    postings = postings_of(season.id, company)
    return page(
        "internships/show_round.html", status, season=season, company=company, form=form, host=host,
        postings=postings, steps=timetable_steps(season), start=StartForm(formdata=None, organisation_id=company),
        offered=sum(each.places for each in postings if each.state is PostingState.PUBLISHED), may_write=season.stage in WRITING, may_change=may_change_total(season),
        company_name=hosting_companies(actor())[company], applicants=count_applicants(season.id, company),
        **needed_of(season, company, postings, actor()),
    )  # fmt: skip
