"""A company's postings: write, read, see what became of them."""

from __future__ import annotations

from flask import flash, redirect, request, url_for
from werkzeug.wrappers import Response

from portal.core.access import actor
from portal.core.drafts import draft_answer
from portal.core.errors import Refused
from portal.core.forms import refuse, refuse_all
from portal.core.i18n import _, current_language
from portal.core.pages import page
from portal.core.transaction import rollback
from portal.domain.internships.posting_rules import NEEDED
from portal.domain.internships.timetable import WRITING
from portal.hubs.queries import hub_names
from portal.internships.agreement_pages import needed_of
from portal.internships.forms.postings import PlacesForm, PostingForm, StartForm
from portal.internships.models import InternshipPosting
from portal.internships.pages import history, posting_facts, posting_texts
from portal.internships.policy import may_change_places, may_edit_posting
from portal.internships.queries.postings import posting_for_company
from portal.internships.queries.rounds import round_for_company, rounds_for_companies
from portal.internships.routes.blueprint import blueprint, hosts
from portal.internships.services.writing import faults_of, save_posting, start_posting, submit_posting


@blueprint.post("/internships/rounds/<id:round_id>/postings")
@hosts
def add_posting(round_id: int) -> Response:
    """Begin a posting, empty or as a copy. Pressed twice, one is begun."""
    season, form = round_for_company(round_id), StartForm()
    form.validate()
    copied = posting_for_company(actor(), form.copy_of.data) if form.copy_of.data else None
    made = start_posting(
        season=season, organisation_id=form.organisation_id.data or 0, once=form.once.data, by=actor(), copy_of=copied
    )  # fmt: skip
    return redirect(url_for("internships.edit_posting", posting_id=made.id))


@blueprint.get("/internships/postings/<id:posting_id>")
@hosts
def show_posting(posting_id: int) -> Response:
    """The posting as students will read it, where it stands, and its history."""
    return show_page(posting_for_company(actor(), posting_id))


@blueprint.route("/internships/postings/<id:posting_id>/edit", methods=["GET", "POST"])
@hosts
def edit_posting(posting_id: int) -> Response:
    """Write it; `submit` in the form sends it to the office at once."""
    posting = posting_for_company(actor(), posting_id)
    if not may_edit_posting(posting, posting.round):
        return show_page(posting, None if request.method == "GET" else 409)
    form = _form(posting)
    if form.validate_on_submit():
        try:
            return _saved(posting, form)
        except Refused as refused:
            rollback()
            refuse_all(form, refused)
            return page(
                "internships/edit_posting.html", refused.status, form=form, posting=posting, needed=NEEDED
            )
    if form.errors and "submit" in request.form:
        _tell_the_rest(posting, form)
    return page("internships/edit_posting.html", form=form, posting=posting, needed=NEEDED)


@blueprint.post("/internships/postings/<id:posting_id>/draft")
@hosts
def save_draft(posting_id: int) -> Response:
    """Autosave of what may still be written."""
    posting, form = posting_for_company(actor(), posting_id), _form(None)

    def save() -> int:
        save_posting(posting=posting, values=form.posting_values(), version=form.version.data, by=actor())
        return posting.version

    return draft_answer(form, save)


def _form(posting: InternshipPosting | None) -> PostingForm:
    form = PostingForm(obj=posting)
    form.offer([(str(hub_id), name) for hub_id, name in hub_names(current_language())])
    return form


def _tell_the_rest(posting: InternshipPosting, form: PostingForm) -> None:
    """Beside what cannot be read, what would be refused at the sending: everything is told at one press."""
    said = posting.said()
    said |= {name: form[name].data for name in said if not form[name].errors}
    said["least_places"] = said["least_places"] or 0
    for name, message in faults_of(posting, said).items():
        if not form[name].errors:
            refuse(form, Refused(message, field=name))


def _saved(posting: InternshipPosting, form: PostingForm) -> Response:
    save_posting(posting=posting, values=form.posting_values(), version=form.version.data, by=actor())
    if "submit" not in request.form:
        flash(_("The draft is saved. Students and the office do not see it yet."), "success")
        return redirect(url_for("internships.show_posting", posting_id=posting.id))
    submit_posting(posting=posting, version=posting.version, by=actor())
    flash(
        _("The posting is with the career-support office. You will have a mail when it is open to students."),
        "success",
    )
    return redirect(url_for("internships.show_posting", posting_id=posting.id))


def show_page(posting: InternshipPosting, status: int | None = None, **more: object) -> Response:
    """The posting's page, with the form that was refused where there is one."""
    season = posting.round
    context = {
        "places_form": PlacesForm(formdata=None, obj=posting),
        "may_edit": may_edit_posting(posting, season),
        "may_change": may_change_places(posting, season),
        "start": StartForm(formdata=None, organisation_id=posting.organisation_id, copy_of=posting.id),
        "rounds": [each for each in rounds_for_companies() if each.stage in WRITING],
    }
    return page(
        "internships/show_posting.html", status, posting=posting, season=season, facts=posting_facts(posting),
        texts=posting_texts(posting), entries=history(posting, for_staff=False),
        **needed_of(season, posting.organisation_id, [posting], actor()), **(context | more),
    )  # fmt: skip
