"""Students take a time of the career-support office, and give it back."""

from __future__ import annotations

from itertools import groupby
from typing import Any

from flask import flash, redirect, url_for
from werkzeug.wrappers import Response

from portal.accounts.queries import find_person
from portal.careers.forms.consultations import BookForm
from portal.careers.pages import hours, time_span
from portal.careers.queries.calendar import is_busy
from portal.careers.queries.consultations import (
    consultations_of,
    free_slots,
    next_consultation,
    own_consultation,
    slot_for_student,
)
from portal.careers.routes.blueprint import blueprint, students
from portal.careers.services import consultations
from portal.core import clock
from portal.core.access import actor
from portal.core.errors import Refused
from portal.core.formats import day
from portal.core.i18n import _
from portal.core.pages import page
from portal.core.transaction import rollback


@blueprint.get("/careers/consultations")
@students
def list_consultations() -> Response:
    """One's own, and what is free."""
    return _list()


@blueprint.route("/careers/times/<id:time_id>/book", methods=["GET", "POST"])
@students
def book_slot(time_id: int) -> Response:
    """Look at a time and take it."""
    form = BookForm()
    if form.validate_on_submit():
        try:
            consultations.book_slot(slot_id=time_id, reason=form.reason.data, by=actor())
            flash(_("The consultation is yours. We have mailed you the appointment."), "success")
            return redirect(url_for("careers.list_consultations"))
        except Refused as refused:
            rollback()
            return _list(refused.status, refused.message)
    slot = slot_for_student(time_id)
    return page(
        "careers/book_slot.html", form=form, slot=slot, officer=find_person(slot.officer_id).name,
        when=time_span(slot.starts_at, slot.ends_at), is_busy=is_busy(actor().id, slot.starts_at, slot.ends_at),
    )  # fmt: skip


@blueprint.post("/careers/consultations/<id:consultation_id>/cancel")
@students
def cancel_consultation(consultation_id: int) -> Response:
    """Give it back."""
    try:
        consultations.cancel_consultation(consultation=own_consultation(actor(), consultation_id), by=actor())
    except Refused as refused:
        rollback()
        return _list(refused.status, refused.message)
    flash(_("The consultation is cancelled. Others can take the time now."), "success")
    return redirect(url_for("careers.list_consultations"))


def _list(status: int | None = None, refusal: Any = None) -> Response:
    person = actor()
    ahead = next_consultation(person.id)
    free = [] if ahead else free_slots()
    days = [
        (
            words,
            [(id, hours(start, end), place, link, officer) for id, start, end, place, link, officer in group],
        )
        for words, group in groupby(free, key=lambda row: day(row[1]))
    ]
    past = [
        (each.slot.starts_at, each.cancelled_at is not None)
        for each in consultations_of(person.id)
        if ahead is None or each.id != ahead.id
    ]
    return page(
        "careers/list_consultations.html", status, ahead=ahead, days=days, past=past, refusal=refusal,
        officer=find_person(ahead.slot.officer_id).name if ahead else "",
        ahead_when=time_span(ahead.slot.starts_at, ahead.slot.ends_at) if ahead else "",
        may_cancel=ahead is not None and ahead.slot.starts_at > clock.now(),
    )  # fmt: skip
