"""Search the audit trail, and take what was found along as CSV."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime, time, timedelta

from flask import request
from werkzeug.datastructures import MultiDict
from werkzeug.wrappers import Response

from portal.admin.forms import TrailForm
from portal.admin.policy import CHANGING_ROLES
from portal.admin.queries import organisations_by_id, organisations_named, people_by_id, people_named
from portal.admin.services import note_export
from portal.admin.staff.blueprint import blueprint
from portal.admin.trail import HEADS, Deed, in_words
from portal.audit.models import AuditEntry
from portal.audit.queries import Wanted, search_trail, whole_trail
from portal.core import access, clock
from portal.core.access import actor
from portal.core.clock import OFFICE_ZONE
from portal.core.exports import FileFormat, send_table
from portal.core.i18n import _
from portal.core.pages import cursor_argument, page

MOST_EXPORTED = 20_000
FIELDS = ("who", "organisation", "verb", "since", "until")


@blueprint.get("/audit")
@access.roles(*CHANGING_ROLES)
def search_audit() -> Response:
    """Entries that fit, newest first."""
    form = _form(request.args)
    if not form.validate():
        return page("staff/admin/search_audit.html", form=form, deeds=[], next_cursor=None, kept={})
    found = search_trail(_wanted(form), cursor=cursor_argument())
    kept = {name: request.args[name] for name in FIELDS if request.args.get(name)}
    return page(
        "staff/admin/search_audit.html",
        form=form,
        deeds=_named(found.items),
        next_cursor=found.next_cursor,
        kept=kept,
    )


@blueprint.post("/audit/export")
@access.roles(*CHANGING_ROLES)
def export_audit() -> Response:
    """The entries that fit as CSV, the newest 20,000. Taking them out of the house is itself an entry."""
    form = _form(request.form)
    if not form.validate():
        return page("staff/admin/search_audit.html", form=form, deeds=[], next_cursor=None, kept={})
    entries = whole_trail(_wanted(form), most=MOST_EXPORTED)
    asked = {name: request.form[name] for name in FIELDS if request.form.get(name)}
    note_export(wanted=asked, rows=len(entries), by=actor())
    rows = (deed.as_row() for deed in _named(entries))
    return send_table(
        FileFormat.CSV, name=f"audit-{clock.today():%Y%m%d}", title=_("Audit trail"), head=HEADS, rows=rows
    )


def _form(typed: MultiDict[str, str]) -> TrailForm:
    return TrailForm(formdata=typed, meta={"csrf": False})


def _wanted(form: TrailForm) -> Wanted:
    who, body, until = form.who.data, form.organisation.data, form.until.data
    return Wanted(
        actors=people_named(who) if who else None,
        organisations=organisations_named(body) if body else None,
        verb=form.verb.data or None,
        since=_start_of(form.since.data),
        until=_start_of(until + timedelta(days=1)) if until else None,
    )


def _start_of(day: date | None) -> datetime | None:
    return datetime.combine(day, time(), OFFICE_ZONE) if day else None


def _named(entries: Sequence[AuditEntry]) -> list[Deed]:
    people = people_by_id(row.actor_id for row in entries if row.actor_id)
    bodies = organisations_by_id(row.organisation_id for row in entries if row.organisation_id)
    return in_words(entries, people, bodies)
