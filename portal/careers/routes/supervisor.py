"""Students name their supervisor; supervisors see their students."""

from __future__ import annotations

from flask import flash, redirect, url_for
from werkzeug.wrappers import Response

from portal.careers.forms.supervisor import SupervisorForm
from portal.careers.queries.students import students_by_id
from portal.careers.queries.supervision import students_of, supervision_of
from portal.careers.routes.blueprint import blueprint, students, supervisors
from portal.careers.services import supervision
from portal.core.access import actor
from portal.core.errors import OutOfDate, Refused
from portal.core.formats import day
from portal.core.forms import refuse
from portal.core.i18n import _
from portal.core.pages import page
from portal.core.transaction import rollback


@blueprint.route("/careers/supervisor", methods=["GET", "POST"])
@students
def choose_supervisor() -> Response:
    """Name the supervisor, or another one."""
    present = supervision_of(actor().id)
    shown = {"name": present.name, "email": present.email, "seen": present.id} if present else {}
    form = SupervisorForm(data=shown)
    if form.validate_on_submit():
        try:
            made = supervision.choose_supervisor(by=actor(), **form.values())
            flash(_("%(name)s is named as your supervisor.", name=made.name), "success")
            return redirect(url_for("careers.choose_supervisor"))
        except Refused as refused:
            rollback()
            present = supervision_of(actor().id)
            if isinstance(refused, OutOfDate):
                form.seen.data, form.seen.raw_data = present.id if present else None, None
            refuse(form, refused)
            return page("careers/choose_supervisor.html", refused.status, form=form, present=present)
    return page("careers/choose_supervisor.html", form=form, present=present)


@blueprint.get("/careers/students")
@supervisors
def list_students() -> Response:
    """The students who named the reader as their supervisor."""
    named = students_of(actor())
    found = students_by_id([each.student_id for each in named])
    rows = [
        (
            student.name,
            student.university,
            day(student.trained_on) if student.trained_on else "",
            day(each.created_at),
        )
        for each in named
        if (student := found.get(each.student_id))
    ]
    return page("careers/list_students.html", rows=rows)
