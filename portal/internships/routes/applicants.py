"""A company's applicants: who shows interest in what, in their words, with what they opened of their profile."""

from __future__ import annotations

from typing import Any

from flask import flash, redirect, url_for
from werkzeug.wrappers import Response

from portal.audit.services import record
from portal.careers.enums import ITEM_LABELS, ProfileItem
from portal.careers.pages import profile_sheet
from portal.core.access import actor
from portal.core.db import db
from portal.core.errors import Refused
from portal.core.forms import refuse, tell_apart
from portal.core.i18n import _, current_language, in_words
from portal.core.pages import page
from portal.core.transaction import rollback
from portal.domain.internships.interview_flow import InterviewState
from portal.domain.internships.timetable import CHOOSING
from portal.files.downloads import download
from portal.internships.forms.interviews import ALTERNATE, InviteForm
from portal.internships.models import Interest
from portal.internships.pages import interest_badge
from portal.internships.policy import hosting_companies
from portal.internships.queries.applicants import Candidate, candidate_of, candidates_of, opened_paper
from portal.internships.queries.interests import interest_for_company
from portal.internships.queries.interviews import address_of, interviews_in
from portal.internships.queries.postings import postings_of
from portal.internships.queries.rounds import round_for_company
from portal.internships.routes.blueprint import blueprint, hosts
from portal.internships.routes.rounds import ours
from portal.internships.services.interviews.inviting import invite_applicant as invite

AGAIN = (
    InterviewState.WAITING,
    InterviewState.UNFIT,
    InterviewState.DECLINED,
    InterviewState.EXPIRED,
    InterviewState.CANCELLED,
)
PLACE = "/internships/rounds/<id:round_id>/companies/<id:organisation_id>/applicants"


@blueprint.get(PLACE)
@hosts
def list_applicants(round_id: int, organisation_id: int) -> Response:
    """All of a round."""
    season, company = round_for_company(round_id), ours(organisation_id)
    titles = _titles(round_id, company)
    rows = [
        (each.student_id, each.name, each.university, each.disclosed.texts.get(ProfileItem.RESEARCH_FIELD, ""),
         [(titles.get(one.posting_id, ""), *interest_badge(one.approval)) for one in each.interests])
        for each in candidates_of(company, round_id)
    ]  # fmt: skip
    return page(
        "internships/list_applicants.html", season=season, company=company, company_name=hosting_companies(actor())[company], rows=rows
    )  # fmt: skip


@blueprint.get(f"{PLACE}/<id:student_id>")
@hosts
def show_applicant(round_id: int, organisation_id: int, student_id: int) -> Response:
    """One student."""
    return _applicant(round_id, ours(organisation_id), student_id)


@blueprint.post("/internships/interests/<id:interest_id>/invite")
@hosts
def invite_applicant(interest_id: int) -> Response:
    """To an interview for this posting, or onto its waiting list."""
    interest, form = interest_for_company(actor(), interest_id), InviteForm()
    place = (interest.round_id, interest.organisation_id, interest.student_id)
    if not form.validate():
        return _applicant(*place, form=form, form_of=interest_id, status=422)
    try:
        invite(
            interest=interest, is_alternate=form.kind.data == ALTERNATE, days=form.days.data or 0, by=actor()
        )
    except Refused as refused:
        rollback()
        refuse(form, refused)
        return _applicant(*place, form=form, form_of=interest_id, status=refused.status)
    flash(_("The student is invited and has been told by mail."), "success")
    round_id, company, student = place
    return redirect(
        url_for("internships.show_applicant", round_id=round_id, organisation_id=company, student_id=student)
    )


def _applicant(
    round_id: int, company: int, student_id: int, *, form: InviteForm | None = None, form_of: int = 0, status: int | None = None
) -> Response:  # fmt: skip
    season = round_for_company(round_id)
    found, titles = candidate_of(company, round_id, student_id), _titles(round_id, company)
    invited = {each.interest_id: each for each, _name in interviews_in(round_id, company, student_id)}
    said = [
        (titles.get(one.posting_id, ""), one, *interest_badge(one.approval), invited.get(one.interest_id),
         form if form and form_of == one.interest_id else InviteForm(formdata=None))
        for one in found.interests
    ]  # fmt: skip
    for _title, one, *_between, its_form in said:
        tell_apart(its_form, one.interest_id)
    return page(
        "internships/show_applicant.html", status, season=season, company=company, candidate=found, said=said, again=AGAIN,
        sheet=profile_sheet(found.disclosed), files=_files(found, round_id, company), address=address_of(student_id, company, round_id),
        may_invite=season.stage in CHOOSING,
    )  # fmt: skip


@blueprint.post(f"{PLACE}/<id:student_id>/documents/<document>")
@hosts
def open_document(round_id: int, organisation_id: int, student_id: int, document: str) -> Response:
    """The CV or the summary that the student has opened; the trail remembers who read it."""
    round_for_company(round_id)
    found = candidate_of(ours(organisation_id), round_id, student_id)
    item, file = opened_paper(found, document)
    interest = db.session.get_one(Interest, found.interests[0].interest_id)
    record(
        verb="interest.file_opened", subject=interest, organisation_id=organisation_id, by=actor(), changes={"item": item}
    )  # fmt: skip
    return download(file)


def _titles(round_id: int, company: int) -> dict[int, str]:
    language = current_language()
    return {posting.id: posting.name(language) for posting in postings_of(round_id, company)}


def _files(candidate: Candidate, round_id: int, company: int) -> list[dict[str, Any]]:
    words = in_words(ITEM_LABELS)
    return [
        {
            "name": words[item],
            "url": url_for(
                "internships.open_document", round_id=round_id, organisation_id=company, student_id=candidate.student_id,
                document=item.value,
            ),
            "posts": True,
        }
        for item in candidate.disclosed.files
    ]  # fmt: skip
