"""Notes on a student's career: career support alone, not administrators."""

from __future__ import annotations

from flask import flash, redirect, request
from werkzeug.wrappers import Response

from portal.accounts.enums import Role
from portal.careers.forms.notes import NoteForm
from portal.careers.queries.notes import notes_of
from portal.careers.queries.students import student_for_office
from portal.careers.services.notes import add_note as write
from portal.careers.staff.blueprint import blueprint
from portal.core import access
from portal.core.access import actor
from portal.core.errors import Refused
from portal.core.forms import refuse
from portal.core.i18n import _
from portal.core.links import url_for
from portal.core.pages import page
from portal.core.transaction import rollback

career_support = access.roles(Role.CAREER_SUPPORT)


@blueprint.get("/careers/students/<id:student_id>/notes")
@career_support
def list_notes(student_id: int) -> Response:
    """Everything that was noted, the latest first. `corrects`: the note that a new one puts right."""
    form = NoteForm(formdata=None)
    typed = request.args.get("corrects", "")
    form.corrects_id.data = int(typed) if typed.isascii() and typed.isdecimal() and len(typed) < 19 else None
    return _show(student_id, form)


@blueprint.post("/careers/students/<id:student_id>/notes")
@career_support
def add_note(student_id: int) -> Response:
    """Write one."""
    form, student = NoteForm(), student_for_office(actor(), student_id)
    if not form.validate():
        return _show(student_id, form)
    try:
        write(
            student_id=student.id, words=form.words.data, corrects_id=form.corrects_id.data, once=form.once.data, by=actor()
        )  # fmt: skip
    except Refused as refused:
        rollback()
        refuse(form, refused)
        return _show(student_id, form, refused.status)
    flash(_("The note is kept."), "success")
    return redirect(url_for("careers_staff.list_notes", student_id=student_id))


def _show(student_id: int, form: NoteForm, status: int | None = None) -> Response:
    student = student_for_office(actor(), student_id)
    notes = notes_of(actor(), student_id)
    numbers = {note.id: len(notes) - place for place, note in enumerate(notes)}
    if form.corrects_id.data not in numbers:
        form.corrects_id.data = None
    return page(
        "staff/careers/list_notes.html", status, student=student, notes=notes, numbers=numbers, form=form,
        corrects=numbers.get(form.corrects_id.data),
    )  # fmt: skip
