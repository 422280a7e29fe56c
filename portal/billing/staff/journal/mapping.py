"""How entries become rows of the accounting program."""

from __future__ import annotations

from flask import flash, redirect, request
from werkzeug.wrappers import Response

from portal.billing.queries import journal as queries
from portal.billing.services.journal import set_layout
from portal.billing.staff.blueprint import blueprint, books
from portal.billing.staff.journal import words
from portal.billing.staff.journal.forms import PARTS, LayoutForm, typed_layout
from portal.core.access import actor
from portal.core.errors import Refused
from portal.core.forms import refuse
from portal.core.i18n import _
from portal.core.links import url_for
from portal.core.pages import page
from portal.domain.journal import (
    BadLayout,
    Column,
    Field,
    Layout,
    Preset,
    Shape,
    columns_from_text,
    preset_layout,
)


@blueprint.route("/books/journal/layout", methods=["GET", "POST"])
@books
def edit_journal_layout() -> Response:
    """Columns, codes and letters of the file; `?preset=` fills in a common shape."""
    form = LayoutForm(data=typed_layout(_shown()))
    if form.validate_on_submit():
        try:
            set_layout(layout=form.layout(_columns(form)), by=actor())
            flash(_("From now on the journal goes out like this."), "success")
            return redirect(url_for("billing_staff.list_journal_runs"), 303)
        except Refused as refused:
            refuse(form, refused)
    return page(
        "staff/journal/edit_journal_layout.html",
        form=form,
        presets=words.PRESETS,
        parts=[str(label) for label, _most in PARTS.values()],
        fields={shape: _words_of(shape) for shape in Shape},
        shapes=words.SHAPES,
        is_new=queries.latest_mapping() is None,
    )


def _shown() -> Layout:
    asked = request.args.get("preset", "")
    if asked in list(Preset):
        return preset_layout(Preset(asked))
    mapping = queries.latest_mapping()
    return queries.layout_of(mapping) if mapping else preset_layout(Preset.SIDE_BY_SIDE)


def _words_of(shape: Shape) -> list[str]:
    return [str(word) for field, word in words.FIELDS.items() if field.shape in (None, shape)]


def _columns(form: LayoutForm) -> tuple[Column, ...]:
    known: dict[str, Field] = {str(word): field for field, word in words.FIELDS.items()}
    try:
        return columns_from_text(form.columns.data, Shape(form.shape.data), known)
    except BadLayout as bad:
        message = str(words.PROBLEMS[bad.problem]) % {"line": bad.line, "word": bad.word}
        raise Refused(message, field="columns") from bad
