"""The register of those who are kept apart. Its reasons are read here and nowhere else."""

from __future__ import annotations

from flask import flash, redirect, url_for
from werkzeug.wrappers import Response

from portal.accounts.queries import company_called
from portal.core.access import actor
from portal.core.errors import Refused
from portal.core.forms import refuse
from portal.core.i18n import _, _l
from portal.core.pages import page
from portal.core.transaction import rollback
from portal.matching.enums import ExclusionKind
from portal.matching.forms.registers import ExclusionForm
from portal.matching.queries.registers import (
    exclusion_for_office,
    exclusions_for_office,
    student_with,
)
from portal.matching.services import exclusions as verbs
from portal.matching.staff.blueprint import blueprint, office
from portal.membership.choices import labelled

NO_STUDENT = _l("No student of today has this mail address.")
NO_COMPANY = _l("No company has this corporate number, or more than one has this name.")


@blueprint.get("/matching/exclusions")
@office
def list_exclusions() -> Response:
    """Who is kept apart, with the reasons."""
    return _page(_form())


@blueprint.post("/matching/exclusions")
@office
def add_exclusion() -> Response:
    """Keep two apart."""
    form = _form()
    if not form.validate():
        return _page(form)
    student, company = student_with(form.email.data), company_called(form.company.data)
    if student is None or company is None:
        for missing, message, field in ((student, NO_STUDENT, "email"), (company, NO_COMPANY, "company")):
            if missing is None:
                refuse(form, Refused(message, field=field))
        return _page(form)
    try:
        verbs.add_exclusion(
            student=student, company=company, kind=ExclusionKind(form.kind.data), reason=form.reason.data, by=actor(),
            ends_agreed=form.ends_agreed.data,
        )  # fmt: skip
    except Refused as refused:
        rollback()
        refuse(form, refused)
        return _page(form, refused.status)
    flash(_("The two are kept apart from now on. Neither side is told."), "success")
    return redirect(url_for("matching_staff.list_exclusions"))


@blueprint.post("/matching/exclusions/<id:exclusion_id>/end")
@office
def end_exclusion(exclusion_id: int) -> Response:
    """The two may be paired again."""
    try:
        verbs.lift_exclusion(exclusion=exclusion_for_office(actor(), exclusion_id), by=actor())
    except Refused as refused:
        rollback()
        return _page(_form(), refused.status, refused.message)
    flash(_("The exclusion is lifted."), "success")
    return redirect(url_for("matching_staff.list_exclusions"))


def _form() -> ExclusionForm:
    form = ExclusionForm()
    form.kind.choices = labelled(ExclusionKind)
    return form


def _page(form: ExclusionForm, status: int | None = None, refusal: object = "") -> Response:
    return page(
        "staff/matching/list_exclusions.html", status, form=form, rows=exclusions_for_office(actor()), refusal=refusal
    )  # fmt: skip
