"""Review of postings."""

from __future__ import annotations

from flask import flash, redirect, url_for
from werkzeug.wrappers import Response

from portal.core.access import actor
from portal.core.errors import Refused
from portal.core.forms import refuse
from portal.core.i18n import _
from portal.core.pages import page
from portal.core.transaction import rollback
from portal.domain.internships.posting_flow import PostingState
from portal.domain.internships.timetable import WRITING
from portal.internships.agreement_pages import needed_of
from portal.internships.forms.postings import ReviewForm
from portal.internships.models import InternshipPosting
from portal.internships.pages import history, posting_facts, posting_texts
from portal.internships.policy import may_review_posting
from portal.internships.queries.postings import posting_for_office
from portal.internships.services.review import publish_posting as publish
from portal.internships.services.review import return_posting as give_back
from portal.internships.staff.blueprint import blueprint, office


@blueprint.get("/internships/postings/<id:posting_id>")
@office
def show_posting(posting_id: int) -> Response:
    """What students will read, and the decision."""
    return _page(posting_for_office(actor(), posting_id), ReviewForm(formdata=None))


@blueprint.post("/internships/postings/<id:posting_id>/publish")
@office
def publish_posting(posting_id: int) -> Response:
    """Open it to students."""
    posting, form = posting_for_office(actor(), posting_id), ReviewForm()
    form.validate()
    try:
        publish(posting=posting, version=form.version.data or 0, by=actor())
    except Refused as refused:
        return _refused(posting_id, form, refused)
    flash(_("Students may see this posting now. The company has been told."), "success")
    return redirect(url_for("internships_staff.show_round", round_id=posting.round_id, state="submitted"))


@blueprint.post("/internships/postings/<id:posting_id>/return")
@office
def return_posting(posting_id: int) -> Response:
    """Back to the company, with a remark."""
    posting, form = posting_for_office(actor(), posting_id), ReviewForm()
    if not form.validate():
        return _page(posting, form)
    try:
        give_back(posting=posting, remark=form.remark.data or "", version=form.version.data, by=actor())
    except Refused as refused:
        return _refused(posting_id, form, refused)
    flash(_("The posting is back with the company."), "success")
    return redirect(url_for("internships_staff.show_round", round_id=posting.round_id, state="submitted"))


def _refused(posting_id: int, form: ReviewForm, refused: Refused) -> Response:
    rollback()
    refuse(form, refused)
    return _page(posting_for_office(actor(), posting_id), form, refused.status)


def _page(posting: InternshipPosting, form: ReviewForm, status: int | None = None) -> Response:
    form.version.data = posting.version
    may_decide = may_review_posting(actor(), posting) and posting.round.stage in WRITING
    return page(
        "staff/internships/show_posting.html", status, posting=posting, season=posting.round, form=form,
        facts=posting_facts(posting), texts=posting_texts(posting), entries=history(posting, for_staff=True), may_decide=may_decide,
        may_return=posting.state is PostingState.PUBLISHED and posting.round.stage in WRITING,
        **needed_of(posting.round, posting.organisation_id, [posting], actor()),
    )  # fmt: skip
