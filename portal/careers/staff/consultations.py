"""The office's calendar of consultations."""

from __future__ import annotations

from typing import Any

from flask import flash, redirect, request
from werkzeug.wrappers import Response

from portal.accounts.queries import find_person
from portal.careers.forms.consultations import CancelSlotForm, SlotsForm
from portal.careers.pages import time_span
from portal.careers.queries.consultations import holder_of, list_slots, slot_for_office
from portal.careers.services import slots
from portal.careers.staff.blueprint import blueprint, office
from portal.core import clock
from portal.core.access import actor
from portal.core.errors import Refused
from portal.core.formats import day
from portal.core.forms import refuse
from portal.core.i18n import _, ngettext
from portal.core.links import url_for
from portal.core.pages import cursor_argument, page
from portal.core.transaction import rollback


@blueprint.get("/careers/consultations")
@office
def list_consultations() -> Response:
    """What is offered and taken, by day; one's own or everybody's, ahead or past."""
    by = actor()
    kept = {name: "1" if request.args.get(name) == "1" else None for name in ("mine", "past")}
    found = list_slots(
        by, officer_id=by.id if kept["mine"] else None, is_past=bool(kept["past"]), cursor=cursor_argument()
    )
    rows = [
        (number, time_span(start, end), place or link, officer, student or "", cancelled is not None)
        for number, start, end, place, link, officer, student, cancelled in found.items
    ]
    return page(
        "staff/careers/list_consultations.html",
        rows=rows,
        next_cursor=found.next_cursor,
        kept=kept,
        chips=_chips(kept),
    )


@blueprint.route("/careers/consultations/new", methods=["GET", "POST"])
@office
def add_slots() -> Response:
    """Offer a time or a series."""
    form = SlotsForm()
    if form.validate_on_submit():
        try:
            offered = slots.offer_slots(by=actor(), **form.offer())
            flash(_offered(offered), "success")
            return redirect(url_for("careers_staff.list_consultations", mine=1))
        except Refused as refused:
            rollback()
            refuse(form, refused)
            return page("staff/careers/add_slots.html", refused.status, form=form)
    return page("staff/careers/add_slots.html", form=form)


@blueprint.get("/careers/times/<id:time_id>")
@office
def show_slot(time_id: int) -> Response:
    """One time: who took it and what for."""
    return _show(time_id, CancelSlotForm(formdata=None))


@blueprint.post("/careers/times/<id:time_id>/cancel")
@office
def cancel_slot(time_id: int) -> Response:
    """Take it back; a student who took it is told."""
    form = CancelSlotForm()
    if not form.validate():
        return _show(time_id, form)
    try:
        slots.cancel_slot(slot=slot_for_office(actor(), time_id), reason=form.reason.data, by=actor())
    except Refused as refused:
        rollback()
        refuse(form, refused)
        return _show(time_id, form, refused.status)
    flash(_("The time is taken back."), "success")
    return redirect(url_for("careers_staff.list_consultations"))


def _show(time_id: int, form: CancelSlotForm, status: int | None = None) -> Response:
    slot = slot_for_office(actor(), time_id)
    held = holder_of(slot.id)
    return page(
        "staff/careers/show_slot.html", status, slot=slot, form=form, held=held,
        when=time_span(slot.starts_at, slot.ends_at), officer=find_person(slot.officer_id).name,
        student=find_person(held.student_id) if held else None,
        may_cancel=slot.cancelled_at is None and slot.starts_at > clock.now(),
    )  # fmt: skip


def _offered(offered: slots.Offered) -> str:
    count = len(offered.slots)
    said = ngettext("%(num)d time is offered to students.", "%(num)d times are offered to students.", count)
    if not offered.left_out:
        return said
    days = _(", ").join(day(each) for each in offered.left_out)
    return _("%(said)s Left out as closed: %(days)s", said=said, days=days)


def _chips(kept: dict[str, str | None]) -> list[dict[str, Any]]:
    def link(**values: str | None) -> str:
        return url_for("careers_staff.list_consultations", **(kept | values))

    return [
        {"label": _("All"), "url": link(mine=None), "active": not kept["mine"]},
        {"label": _("Mine"), "url": link(mine="1"), "active": bool(kept["mine"])},
        {"label": _("Ahead"), "url": link(past=None), "active": not kept["past"]},
        {"label": _("Past"), "url": link(past="1"), "active": bool(kept["past"])},
    ]
