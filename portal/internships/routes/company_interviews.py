"""Interviews as the company arranges them: times, invitations, what became of them."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from flask import flash, redirect, request, url_for
from werkzeug.wrappers import Response

from portal.core import clock
from portal.core.access import actor
from portal.core.errors import Refused
from portal.core.forms import refuse_all
from portal.core.i18n import _, current_language
from portal.core.pages import page
from portal.core.transaction import rollback
from portal.domain.internships.interview_flow import SEATED
from portal.domain.internships.timetable import CHOOSING
from portal.internships.forms.interviews import SlotForm, SlotsForm
from portal.internships.models import InternshipPosting, Interview, InterviewSlot
from portal.internships.policy import hosting_companies
from portal.internships.queries import interviews as reads
from portal.internships.queries.postings import posting_for_company, postings_of
from portal.internships.queries.rounds import round_for_company
from portal.internships.routes.blueprint import blueprint, hosts
from portal.internships.routes.rounds import ours
from portal.internships.services.interviews import inviting, slots


@blueprint.get("/internships/rounds/<id:round_id>/companies/<id:organisation_id>/interviews")
@hosts
def list_company_interviews(round_id: int, organisation_id: int) -> Response:
    """All times and invitations of a company in a round, by posting."""
    return _page(round_id, ours(organisation_id))


@blueprint.route("/internships/postings/<id:posting_id>/slots", methods=["GET", "POST"])
@hosts
def add_slots(posting_id: int) -> Response:
    """Offer times, several in a row. Pressed twice, they are offered once."""
    posting, form = posting_for_company(actor(), posting_id), SlotsForm()
    if not form.validate_on_submit():
        return _edit(posting, form)
    try:
        made = slots.offer_slots(
            posting=posting, spans=form.spans(), once=form.once.data, by=actor(), **form.said()
        )  # fmt: skip
    except Refused as refused:
        rollback()
        refuse_all(form, refused)
        return _edit(posting_for_company(actor(), posting_id), form, refused.status)
    flash(_("The times are offered. Invite students on their pages."), "success")
    return redirect(_address(made[0]))


@blueprint.route("/internships/slots/<id:slot_id>/edit", methods=["GET", "POST"])
@hosts
def edit_slot(slot_id: int) -> Response:
    """Another time, place, link or interviewer."""
    slot = reads.slot_for_company(actor(), slot_id)
    posting = posting_for_company(actor(), slot.posting_id)
    if request.method != "POST":
        return _edit(posting, SlotForm.shown(slot), slot=slot)
    form = SlotForm()
    if not form.validate():
        return _edit(posting, form, slot=slot)
    try:
        slots.change_slot(
            slot=slot, version=form.version.data or 0, span=form.spans()[0], by=actor(), **form.said()
        )  # fmt: skip
    except Refused as refused:
        rollback()
        refuse_all(form, refused)
        slot = reads.slot_for_company(actor(), slot_id)
        return _edit(posting_for_company(actor(), slot.posting_id), form, refused.status, slot=slot)
    flash(_("The time is changed. Where it was agreed, both sides have been told."), "success")
    return redirect(_address(slot))


@blueprint.post("/internships/slots/<id:slot_id>/cancel")
@hosts
def cancel_slot(slot_id: int) -> Response:
    """Take a time back."""
    slot = reads.slot_for_company(actor(), slot_id)
    return _do(slot, lambda: slots.cancel_slot(slot=slot, by=actor()), _("The time is taken back."))


@blueprint.post("/internships/invitations/<id:interview_id>/cancel")
@hosts
def cancel_interview(interview_id: int) -> Response:
    """Call an invitation off."""
    found = reads.interview_for_company(actor(), interview_id)
    return _do(
        found, lambda: inviting.call_off(interview=found, by=actor()), _("The invitation is called off.")
    )


@blueprint.post("/internships/invitations/<id:interview_id>/note")
@hosts
def note_interview(interview_id: int) -> Response:
    """Held, or the student did not come."""
    found, is_held = reads.interview_for_company(actor(), interview_id), request.form.get("outcome") == "held"
    return _do(
        found,
        lambda: inviting.note_outcome(interview=found, is_held=is_held, by=actor()),
        _("This is noted."),
    )


def _do(what: InterviewSlot | Interview, verb: Callable[[], None], words: str) -> Response:
    round_id, company, address = what.round_id, what.organisation_id, _address(what)
    try:
        verb()
    except Refused as refused:
        rollback()
        return _page(round_id, company, refused.status, refusal=refused.message)
    flash(words, "success")
    return redirect(address)


def _address(what: InterviewSlot | Interview) -> str:
    return url_for(
        "internships.list_company_interviews", round_id=what.round_id, organisation_id=what.organisation_id
    )  # fmt: skip


def _edit(
    posting: InternshipPosting,
    form: SlotForm,
    status: int | None = None,
    *,
    slot: InterviewSlot | None = None,
) -> Response:
    return page(
        "internships/edit_slot.html", status, posting=posting, season=posting.round, form=form, slot=slot
    )


def _page(round_id: int, company: int, status: int | None = None, **more: Any) -> Response:
    season, language, now = round_for_company(round_id), current_language(), clock.now()
    taken = reads.interviews_in(round_id, company)
    holders = {each.slot_id: name for each, name in taken if each.slot_id and each.state in SEATED}
    times = reads.slots_in(round_id, company)
    shown = [
        (posting, posting.name(language), [(slot, holders.get(slot.id), slot.starts_at > now) for slot in times if slot.posting_id == posting.id],
         [(each, name, bool(each.slot and each.slot.starts_at <= now)) for each, name in taken if each.posting_id == posting.id])
        for posting in postings_of(round_id, company) if posting.state == "published"
    ]  # fmt: skip
    return page(
        "internships/list_company_interviews.html", status, season=season, company=company, company_name=hosting_companies(actor())[company],
        shown=shown, may_choose=season.stage in CHOOSING, **more,
    )  # fmt: skip
