"""Steps of a posting: take it back, change its places, withdraw it."""

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
from portal.internships.forms.postings import PlacesForm, ReasonForm
from portal.internships.policy import may_change_places
from portal.internships.queries.postings import posting_for_company
from portal.internships.routes.blueprint import blueprint, hosts
from portal.internships.routes.postings import show_page
from portal.internships.services.places import change_places as change
from portal.internships.services.writing import take_back_posting as take_back
from portal.internships.services.writing import withdraw_posting as withdraw


@blueprint.post("/internships/postings/<id:posting_id>/take-back")
@hosts
def take_back_posting(posting_id: int) -> Response:
    """Out of the office's queue, to be changed again."""
    posting = posting_for_company(actor(), posting_id)
    try:
        take_back(posting=posting, by=actor())
    except Refused as refused:
        rollback()
        return show_page(posting_for_company(actor(), posting_id), refused.status, refusal=refused.message)
    flash(_("The posting is a draft again."), "success")
    return redirect(url_for("internships.edit_posting", posting_id=posting_id))


@blueprint.post("/internships/postings/<id:posting_id>/places")
@hosts
def change_places(posting_id: int) -> Response:
    """How many students this posting takes, until the lists lock."""
    posting, form = posting_for_company(actor(), posting_id), PlacesForm()
    if not form.validate():
        return show_page(posting, 422, places_form=form)
    try:
        change(posting=posting, places=form.places.data, least_places=form.least_places.data or 0, by=actor())
    except Refused as refused:
        rollback()
        refuse(form, refused)
        return show_page(posting_for_company(actor(), posting_id), refused.status, places_form=form)
    flash(_("The number of places is saved."), "success")
    return redirect(url_for("internships.show_posting", posting_id=posting_id))


@blueprint.route("/internships/postings/<id:posting_id>/withdraw", methods=["GET", "POST"])
@hosts
def withdraw_posting(posting_id: int) -> Response:
    """No longer offered; with a reason where students have seen it."""
    posting, form = posting_for_company(actor(), posting_id), ReasonForm()
    is_seen = posting.state is PostingState.PUBLISHED
    if not may_change_places(posting, posting.round):
        return show_page(posting, 409 if form.is_submitted() else None)
    if form.validate_on_submit():
        try:
            withdraw(posting=posting, reason=form.reason.data or "", by=actor())
        except Refused as refused:
            rollback()
            refuse(form, refused)
            return page(
                "internships/withdraw_posting.html",
                refused.status,
                form=form,
                posting=posting,
                is_seen=is_seen,
            )
        flash(_("The posting is withdrawn."), "success")
        return redirect(url_for("internships.show_posting", posting_id=posting_id))
    return page("internships/withdraw_posting.html", form=form, posting=posting, is_seen=is_seen)
