"""Search the papers, open one, ask for an archive of all that fit."""

from __future__ import annotations

from flask import flash, redirect, request
from werkzeug.datastructures import MultiDict
from werkzeug.wrappers import Response

from portal.billing.queries import register
from portal.billing.queries.paper_marks import marks_of
from portal.billing.register import PaperKind
from portal.billing.services import archives
from portal.billing.staff.blueprint import blueprint, books
from portal.billing.staff.papers.forms import FIELDS, PapersForm
from portal.core.access import actor
from portal.core.errors import Refused
from portal.core.formats import day, yen
from portal.core.forms import refuse
from portal.core.i18n import _
from portal.core.links import url_for
from portal.core.pages import Slice, cursor_argument, page
from portal.files.downloads import download

_PLAIN = (0, False)  # issued once, and it holds


@blueprint.get("/books/papers")
@books
def search_papers() -> Response:
    """Papers that fit, newest first."""
    form = _form(request.args)
    return _page(form, request.args, cursor_argument(), fits=form.validate())


@blueprint.post("/books/papers/<id:paper_id>/open")
@books
def open_paper(paper_id: int) -> Response:
    """The file as it was issued or received; the trail remembers who opened it."""
    return download(archives.open_paper(register.find_paper(paper_id).file_id, by=actor()))


@blueprint.post("/books/papers/archive")
@books
def request_archive() -> Response:
    """Have a ZIP made of everything that fits."""
    form = _form(request.form)
    fits = form.validate()
    if fits:
        try:
            archives.ask_archive(wanted=form.wanted, with_pint=form.with_pint.data, by=actor())
            flash(_("The archive is being made. It will stand here in a moment."), "success")
            return redirect(url_for("billing_staff.list_archives"), 303)
        except Refused as refused:
            refuse(form, refused)
    return _page(form, request.form, None, fits=fits)


def _page(form: PapersForm, typed: MultiDict[str, str], cursor: str | None, *, fits: bool) -> Response:
    found = register.search_papers(form.wanted, cursor=cursor) if fits else Slice([])
    marks = marks_of([row[0] for row in found.items if row[2] == PaperKind.RECEIPT.value])
    words = {kind.value: str(kind.label) for kind in PaperKind}
    return page(
        "staff/papers/search_papers.html",
        422 if form.errors or form.form_errors else 200,
        form=form,
        rows=[
            (
                paper_id,
                day(on),
                words[kind],
                number,
                belongs_to,
                party,
                "" if amount is None else yen(amount),
                *marks.get(paper_id, _PLAIN),
            )
            for paper_id, on, kind, number, belongs_to, party, amount in found.items
        ],
        next_cursor=found.next_cursor,
        cursor=cursor,
        kept={name: typed[name] for name in FIELDS if typed.get(name)},
    )


def _form(typed: MultiDict[str, str]) -> PapersForm:
    return PapersForm(formdata=typed, meta={"csrf": False})
