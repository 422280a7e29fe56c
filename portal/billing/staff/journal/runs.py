"""Look at what would go out, take it out, and what went out before."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

from flask import flash, redirect, request
from werkzeug.datastructures import MultiDict
from werkzeug.wrappers import Response

from portal.billing.enums import ACCOUNT_LABELS, ENTRY_LABELS
from portal.billing.queries import journal as queries
from portal.billing.services.journal import Plan, export_journal, open_run, plan_journal
from portal.billing.staff.blueprint import blueprint, books
from portal.billing.staff.journal.forms import PeriodForm
from portal.core import clock
from portal.core.access import actor
from portal.core.errors import OutOfDate, Refused
from portal.core.formats import day, yen
from portal.core.forms import refuse
from portal.core.i18n import _
from portal.core.links import url_for
from portal.core.pages import cursor_argument, page
from portal.files.downloads import download

MOST_SHOWN = 20


@blueprint.get("/books/journal")
@books
def list_journal_runs() -> Response:
    """Runs, and the form for the next."""
    since, until = _next_month()
    form = PeriodForm(formdata=None, since=since, until=until, format="csv", meta={"csrf": False})
    return _runs(form)


def _runs(form: PeriodForm, status: int = 200) -> Response:
    cursor = cursor_argument()
    return page(
        "staff/journal/list_journal_runs.html",
        status,
        form=form,
        found=queries.list_runs(cursor=cursor),
        is_set_up=queries.latest_mapping() is not None,
        cursor=cursor,
    )


def _next_month() -> tuple[date, date]:
    """From the oldest entry that has not gone out to the end of the month before this one, or at least to that day."""
    end_of_last = clock.today().replace(day=1) - timedelta(days=1)
    since = queries.oldest_untold() or end_of_last.replace(day=1)
    return since, max(since, end_of_last)


@blueprint.get("/books/journal/preview")
@books
def preview_journal() -> Response:
    """The first rows, the sums, and what stands in the way."""
    form = _form(request.args)
    if not form.validate():
        return _runs(form, 422)
    try:
        return _preview(form, plan_journal(form.asked))
    except Refused as refused:
        refuse(form, refused)
        return _runs(form, 422)


@blueprint.post("/books/journal/export")
@books
def export_journal_run() -> Response:
    """Take the entries out; the page of the run has the file."""
    form = _form(request.form)
    if not form.validate():
        return _runs(form, 422)
    try:
        run = export_journal(form.asked, by=actor())
    except OutOfDate as late:
        refuse(form, late)
        return _runs(form, 409)
    except Refused as refused:
        refuse(form, refused)
        return _runs(form, 422)
    flash(_("The journal has gone out. The file stands here and stays."), "success")
    return redirect(url_for("billing_staff.show_journal_run", run_id=run.id), 303)


@blueprint.get("/books/journal/runs/<id:run_id>")
@books
def show_journal_run(run_id: int) -> Response:
    """What went out."""
    run, cursor = queries.find_run(run_id), cursor_argument()
    found = queries.entries_of_run(run, cursor=cursor)
    words = {kind: str(label) for kind, label in ENTRY_LABELS.items()}
    rows = [
        (entry_id, day(booked_on), words[kind], memo, number or "", is_first)
        for entry_id, booked_on, kind, memo, number, is_first, _key in found.items
    ]
    return page(
        "staff/journal/show_journal_run.html",
        run=run,
        rows=rows,
        next_cursor=found.next_cursor,
        cursor=cursor,
    )


@blueprint.post("/books/journal/runs/<id:run_id>/download")
@books
def download_journal_run(run_id: int) -> Response:
    """The file as it went out; the trail remembers who took it along."""
    return download(open_run(queries.find_run(run_id), by=actor()))


def _preview(form: PeriodForm, plan: Plan) -> Response:
    return page(
        "staff/journal/preview_journal.html",
        200 if plan.is_fit or not plan.entries else 422,
        form=form,
        plan=plan,
        titles=[column.title for column in plan.layout.columns],
        shown=plan.rows[:MOST_SHOWN],
        debit=yen(plan.debit_yen),
        credit=yen(plan.credit_yen),
        unmapped=[ACCOUNT_LABELS[account] for account in plan.unmapped],
        strange=[
            (letter, f"U+{ord(letter):04X}", place) for letter, place in list(plan.strange.items())[:30]
        ],
        kept=_kept(form),
    )


def _kept(form: PeriodForm) -> dict[str, Any]:
    kept = {
        "since": form.since.data.isoformat(),
        "until": form.until.data.isoformat(),
        "format": form.format.data,
    }
    return kept | ({"repeats": "y"} if form.repeats.data else {})


def _form(typed: MultiDict[str, str]) -> PeriodForm:
    return PeriodForm(formdata=typed, meta={"csrf": False})
