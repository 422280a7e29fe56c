"""When applications are taken."""

from __future__ import annotations

from typing import Any

from flask import flash, redirect, url_for
from werkzeug.wrappers import Response

from portal.admin.forms import WindowForm
from portal.admin.policy import CHANGING_ROLES, READING_ROLES, may_change
from portal.admin.queries import applications_in
from portal.admin.staff.blueprint import blueprint
from portal.core import access, clock
from portal.core.access import actor
from portal.core.clock import OFFICE_ZONE
from portal.core.errors import NotFound, Refused
from portal.core.forms import FIRST_YEAR, LAST_YEAR, day_and_time, refuse
from portal.core.i18n import _, ngettext
from portal.core.pages import page
from portal.core.preview import Step, differences, preview, step_of
from portal.membership.models import ApplicationWindow
from portal.membership.queries import this_year, window_of, windows
from portal.membership.services.tiers import check_window, save_window


@blueprint.get("/settings/windows")
@access.roles(*READING_ROLES)
def list_windows() -> Response:
    """All windows, newest first."""
    return page(
        "staff/admin/list_windows.html", windows=windows(), now=clock.now(), administers=may_change(actor())
    )


@blueprint.route("/settings/windows/new", methods=["GET", "POST"])
@access.roles(*CHANGING_ROLES)
def add_window() -> Response:
    """Set the dates of a fiscal year that has none."""
    return _change(None, this_year() + 1)


@blueprint.route("/settings/windows/<id:fiscal_year>", methods=["GET", "POST"])
@access.roles(*CHANGING_ROLES)
def edit_window(fiscal_year: int) -> Response:
    """Change the dates of a fiscal year."""
    window = window_of(fiscal_year) if FIRST_YEAR <= fiscal_year <= LAST_YEAR else None
    if window is None:
        raise NotFound
    return _change(window, fiscal_year)


def _change(window: ApplicationWindow | None, year: int) -> Response:
    form = WindowForm(data=_typed(window) if window else {"fiscal_year": year, "places": 40})
    step = step_of(form)
    if step is not Step.TYPE and window is None and window_of(form.fiscal_year.data) is not None:
        refuse(form, Refused(_("This fiscal year already has its dates."), field="fiscal_year"))
        step = Step.TYPE
    if window is not None:
        form.fiscal_year.data = window.fiscal_year  # the address says which
    try:
        if step is Step.PREVIEW:
            return _preview(form, window)
        if step is Step.MAKE:
            save_window(by=actor(), **_after(form, window))
            flash(_("The dates have been set."), "success")
            return redirect(url_for("admin.list_windows"))
    except Refused as refused:
        refuse(form, _at_shown_field(refused))
    return page("staff/admin/edit_window.html", form=form, window=window)


def _preview(form: WindowForm, window: ApplicationWindow | None) -> Response:
    after = _after(form, window)
    check_window(**{name: value for name, value in after.items() if name != "fiscal_year"})
    return preview(
        title=_("Set these dates?"),
        confirm=_("Set the dates"),
        changes=differences(form, _before(window), after, _labels()),
        effects=_effects(window, after),
    )


def _typed(window: ApplicationWindow) -> dict[str, Any]:
    (opens_on, opens_at_time), (closes_on, closes_at_time) = map(
        day_and_time, (window.opens_at, window.closes_at)
    )
    priority = window.priority_until.astimezone(OFFICE_ZONE).date() if window.priority_until else None
    return {
        "fiscal_year": window.fiscal_year,
        "opens_on": opens_on,
        "opens_at_time": opens_at_time,
        "closes_on": closes_on,
        "closes_at_time": closes_at_time,
        "places": window.places,
        "priority_on": priority,
    }


def _before(window: ApplicationWindow | None) -> dict[str, Any]:
    names = ("fiscal_year", "opens_at", "closes_at", "places", "priority_until")
    return {name: getattr(window, name) for name in names} if window else {}


def _after(form: WindowForm, window: ApplicationWindow | None) -> dict[str, Any]:
    """What was typed; a priority whose day did not change keeps its time of day, which the form does not show."""
    after, until = form.window_values(), window.priority_until if window else None
    if until is not None and until.astimezone(OFFICE_ZONE).date() == form.priority_on.data:
        after["priority_until"] = until
    return after


def _labels() -> dict[str, str]:
    return {
        "opens_at": _("Opens on"),
        "closes_at": _("Closes on"),
        "priority_until": _("Members of the year before go first until"),
    }


def _at_shown_field(refused: Refused) -> Refused:
    """The service speaks of moments, the form of days."""
    shown = {"opens_at": "opens_on", "closes_at": "closes_on", "priority_until": "priority_on"}
    return Refused(refused.message, field=shown.get(refused.field or "", refused.field))


def _effects(window: ApplicationWindow | None, after: dict[str, Any]) -> list[str]:
    now, year = clock.now(), after["fiscal_year"]
    terms, waiting, drafts = applications_in(year)
    taken = terms + waiting
    is_open = after["opens_at"] <= now < after["closes_at"]
    was_open = window is not None and window.opens_at <= now < window.closes_at
    lost = ngettext(
        "%(num)d draft cannot be sent in any more",
        "%(num)d drafts cannot be sent in any more",
        drafts,
    )
    return [
        _("No mail goes out. The public pages show the new dates at once."),
        _("Applications are taken from now on.") if is_open and not was_open else "",
        _("No application is taken from now on.") if was_open and not is_open else "",
        lost if was_open and not is_open and drafts else "",
        _("%(taken)s of %(places)s places are taken already.", taken=taken, places=after["places"]),
        _("There are fewer places than are taken: the committee has to confirm each approval beyond them.")
        if taken > after["places"]
        else "",
    ]
