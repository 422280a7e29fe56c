"""Who completed the training: one student or many, typed or ticked, looked at, then recorded."""

from __future__ import annotations

from flask import flash, redirect, request, url_for
from werkzeug.wrappers import Response

from portal.careers.forms.staff import TrainingForm
from portal.careers.queries.students import Student, students_by_id
from portal.careers.services.training import (
    MOST_AT_ONCE,
    Chosen,
    choose_students,
    grant_training,
    revoke_training,
)
from portal.careers.staff.blueprint import blueprint, office
from portal.core import clock
from portal.core.access import actor
from portal.core.errors import Refused
from portal.core.formats import day
from portal.core.forms import refuse
from portal.core.i18n import _, ngettext
from portal.core.pages import page
from portal.core.preview import Step, preview, step_of
from portal.core.transaction import rollback


@blueprint.route("/careers/training", methods=["GET", "POST"])
@office
def record_training() -> Response:
    """Addresses in, a preview of who is meant, then the record. `ids`: students who were ticked in the list."""
    if "addresses" not in request.form:
        return _type(TrainingForm(formdata=None, addresses=_ticked(), earned_on=clock.today()))
    form = TrainingForm()
    step = step_of(form)
    if step is Step.TYPE:
        return _type(form)
    try:
        _check(form)
        chosen = choose_students(addresses=form.addresses.data, is_granted=form.is_granted)
        return _make(form, chosen) if step is Step.MAKE else _preview(form, chosen)
    except Refused as refused:
        rollback()
        refuse(form, refused)
        return page("staff/careers/record_training.html", refused.status, form=form)


def _type(form: TrainingForm) -> Response:
    return page("staff/careers/record_training.html", form=form)


def _ticked() -> str:
    typed = request.values.getlist("ids")
    numbers = [int(n) for n in typed if n.isascii() and n.isdecimal() and len(n) < 19][:MOST_AT_ONCE]
    found = students_by_id(numbers)
    return "\n".join(found[number].email for number in numbers if number in found)


def _check(form: TrainingForm) -> None:
    if form.is_granted and form.earned_on.data is None:
        raise Refused(_("Please fill in this field."), field="earned_on")
    if not form.is_granted and not form.reason.data:
        raise Refused(_("Please give the reason: it stands in the trail."), field="reason")


def _preview(form: TrainingForm, chosen: Chosen) -> Response:
    old, new = (_("not completed"), _("completed on %(day)s", day=day(form.earned_on.data)))
    if not form.is_granted:
        old, new = "", _("not completed")
    count = len(chosen.changing)
    return preview(
        title=_("Training completed") if form.is_granted else _("Take back completed training"),
        confirm=_("Record"),
        changes=[{"field": _who(s), "old": old or day(s.trained_on), "new": new} for s in chosen.changing],
        effects=[
            ngettext("%(num)d student is changed.", "%(num)d students are changed.", count),
            _("It stands like this already: %(names)s", names=_(", ").join(map(_who, chosen.unchanged)))
            if chosen.unchanged
            else "",
            _("Without the completed training nobody takes part in a match. No mail goes out."),
        ],
    )


def _make(form: TrainingForm, chosen: Chosen) -> Response:
    numbers = [student.id for student in chosen.changing]
    if form.is_granted:
        done = grant_training(student_ids=numbers, earned_on=form.earned_on.data, by=actor())
    else:
        done = revoke_training(student_ids=numbers, reason=form.reason.data, by=actor())
    flash(ngettext("Recorded for %(num)d student.", "Recorded for %(num)d students.", done), "success")
    return redirect(url_for("careers_staff.list_students"))


def _who(student: Student) -> str:
    return _("%(name)s (%(university)s)", name=student.name, university=student.university)
