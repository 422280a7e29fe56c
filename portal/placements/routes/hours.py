"""Hours of work: all weeks, one week to enter, one week to confirm, a file of one's own."""

from __future__ import annotations

from datetime import date
from typing import Any

from flask import flash, redirect, request, url_for
from werkzeug.wrappers import Response

from portal.core import access, clock
from portal.core.access import actor
from portal.core.errors import NotFound, Refused
from portal.core.exports import FileFormat, send_table
from portal.core.forms import refuse
from portal.core.i18n import _
from portal.core.pages import page
from portal.core.transaction import rollback
from portal.domain.placements.periods import monday_of
from portal.domain.placements.placement_flow import Side
from portal.placements.enums import WEEK_LABELS
from portal.placements.forms.running import DecideForm, WeekForm
from portal.placements.hours_pages import (
    day_fields,
    days_of_stay,
    hours_table,
    waits_for_company,
    week_context,
)
from portal.placements.models import Placement, PlacementWeek
from portal.placements.policy import side_of
from portal.placements.queries.hours import are_open, week_at, week_of, weeks_of
from portal.placements.queries.placements import placement_for
from portal.placements.routes.blueprint import blueprint
from portal.placements.services import hours


@blueprint.get("/placements/<id:placement_id>/hours")
@access.signed_in
def show_hours(placement_id: int) -> Response:
    """All weeks with their totals."""
    placement = placement_for(actor(), placement_id)
    return page(
        "placements/show_hours.html",
        placement=placement,
        side=side_of(actor(), placement),
        **hours_table(placement),
    )


@blueprint.route("/placements/<id:placement_id>/hours/edit", methods=["GET", "POST"])
@access.signed_in
def edit_week(placement_id: int) -> Response:
    """The student enters one week: `week` in the address is any day of it."""
    placement, form = placement_for(actor(), placement_id), WeekForm()
    if side_of(actor(), placement) is not Side.STUDENT or placement.starts_on is None:
        raise NotFound
    monday = _asked_week(placement)
    form.keep_to(days_of_stay(placement, monday))
    if form.validate_on_submit():
        try:
            hours.save_week(placement=placement, monday=monday, by=actor(), **form.said(monday))
        except Refused as refused:
            rollback()
            for field, message in getattr(refused, "messages", {refused.field: refused.message}).items():
                refuse(form, Refused(message, field=field))
            return _edit_page(placement_for(actor(), placement_id), monday, form, refused.status)
        flash(_("The hours are saved. The company confirms them when the week is over."), "success")
        return redirect(url_for("placements.show_hours", placement_id=placement_id))
    if not form.is_submitted():
        form.show(week_at(placement, monday))
    return _edit_page(placement, monday, form)


@blueprint.get("/placements/weeks/<id:week_id>")
@access.signed_in
def show_week(week_id: int) -> Response:
    """One week, day by day; the company confirms or returns it."""
    return _week_page(*_seen(week_id))


@blueprint.post("/placements/weeks/<id:week_id>/confirm")
@access.signed_in
def confirm_week(week_id: int) -> Response:
    """The company stands by what it saw."""
    (placement, week), form = _seen(week_id), DecideForm()
    form.validate()
    try:
        hours.confirm_week(placement=placement, week=week, version=form.version.data or 0, by=actor())
    except Refused as refused:
        rollback()
        return _week_page(*_seen(week_id), refused.status, refusal=refused.message)
    flash(_("The hours are confirmed."), "success")
    return redirect(url_for("placements.show_hours", placement_id=placement.id))


@blueprint.post("/placements/weeks/<id:week_id>/return")
@access.signed_in
def return_week(week_id: int) -> Response:
    """Back to the student, with a remark."""
    (placement, week), form = _seen(week_id), DecideForm()
    if not form.validate():
        return _week_page(placement, week, 422, form=form)
    try:
        hours.return_week(
            placement=placement, week=week, remark=form.remark.data or "", version=form.version.data, by=actor()
        )  # fmt: skip
    except Refused as refused:
        rollback()
        refuse(form, refused)
        more: dict[str, Any] = {"form": form} if refused.field else {"refusal": refused.message}
        return _week_page(*_seen(week_id), refused.status, **more)
    flash(_("The hours are back with the intern."), "success")
    return redirect(url_for("placements.show_hours", placement_id=placement.id))


@blueprint.post("/placements/<id:placement_id>/hours/save")
@access.signed_in
def save_hours(placement_id: int) -> Response:
    """All days as CSV, for those who work and those who confirm."""
    placement = placement_for(actor(), placement_id)
    if side_of(actor(), placement) is None:
        raise NotFound
    rows = [
        (day.worked_on, day.minutes, day.words, str(WEEK_LABELS[week.row.state]) if week.row else "")
        for week in weeks_of(placement)
        for day in week.days
    ]
    title = _("Hours")
    head = [_("Day"), _("Minutes"), _("What was worked on"), _("State")]
    return send_table(FileFormat.CSV, name=f"{title}_{placement_id}", title=title, head=head, rows=rows)


def _asked_week(placement: Placement) -> date:
    """The week that the address asks for, this one where it says nothing; a week outside the period is not found."""
    first, last = placement.first_day, placement.last_day
    if first is None or last is None:
        raise NotFound
    typed = request.args.get("week", "")
    try:
        day = date.fromisoformat(typed) if typed else min(clock.today(), last)
    except ValueError as error:
        raise NotFound from error
    if not monday_of(first) <= day <= last:
        raise NotFound
    return monday_of(day)


def _seen(week_id: int) -> tuple[Placement, PlacementWeek]:
    week = week_of(week_id)
    return placement_for(actor(), week.placement_id), week


def _edit_page(placement: Placement, monday: date, form: WeekForm, status: int | None = None) -> Response:
    week = week_at(placement, monday)
    return page(
        "placements/edit_week.html", status, form=form, placement=placement, monday=monday, fields=day_fields(form, monday),
        is_confirmed=week.is_confirmed, remark=week.row.remark if week.row else "",
    )  # fmt: skip


def _week_page(placement: Placement, week: PlacementWeek, status: int | None = None, **more: Any) -> Response:
    side = side_of(actor(), placement)
    decides = side is Side.COMPANY and are_open(placement) and waits_for_company(placement, week)
    context = {"form": DecideForm(formdata=None, version=week.version)}
    return page(
        "placements/show_week.html", status, placement=placement, side=side, decides=decides,
        **week_context(placement, week, for_staff=False), **(context | more),
    )  # fmt: skip
