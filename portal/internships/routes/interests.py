"""A student's interests: show one, take it back, see what the supervisor says."""

from __future__ import annotations

from flask import flash, redirect, url_for
from werkzeug.wrappers import Response

from portal.core.access import actor
from portal.core.errors import Refused
from portal.core.forms import refuse
from portal.core.i18n import _
from portal.core.pages import page
from portal.core.transaction import rollback
from portal.domain.internships.timetable import CHOOSING
from portal.internships.forms.interests import InterestForm
from portal.internships.queries.browsing import posting_for_student
from portal.internships.queries.interests import all_interests_of, interest_for
from portal.internships.routes.blueprint import blueprint, students
from portal.internships.routes.browsing import offer_page
from portal.internships.services import interests as verbs


@blueprint.get("/internships/interests")
@students
def list_interests() -> Response:
    """All that the student is interested in, with what the supervisor says of each."""
    return _page()


@blueprint.post("/internships/browse/<id:posting_id>/interest")
@students
def show_interest(posting_id: int) -> Response:
    """From now on the company sees the student as an applicant; pressed again, the words are changed."""
    posting, form = posting_for_student(actor(), posting_id), InterestForm()
    if not form.validate():
        return offer_page(posting, form)
    try:
        verbs.show_interest(posting=posting, words=form.words.data or "", by=actor())
    except Refused as refused:
        rollback()
        refuse(form, refused)
        return offer_page(posting_for_student(actor(), posting_id), form, refused.status)
    flash(
        _("Your interest is saved. The company sees you as an applicant, and your supervisor is asked."),
        "success",
    )
    return redirect(url_for("internships.list_interests"))


@blueprint.post("/internships/interests/<id:interest_id>/withdraw")
@students
def withdraw_interest(interest_id: int) -> Response:
    """No applicant any more."""
    interest = interest_for(actor(), interest_id)
    try:
        verbs.withdraw_interest(interest=interest, by=actor())
    except Refused as refused:
        rollback()
        return _page(refused.status, refusal=refused.message)
    flash(_("Your interest is withdrawn."), "success")
    return redirect(url_for("internships.list_interests"))


def _page(status: int | None = None, **more: object) -> Response:
    return page(
        "internships/list_interests.html", status, wanted=all_interests_of(actor().id), choosing=CHOOSING, **more
    )  # fmt: skip
