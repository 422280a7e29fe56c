"""Students and supervisors are invited into their university."""

from __future__ import annotations

from flask import flash, redirect, url_for
from werkzeug.wrappers import Response

from portal.accounts.enums import Role
from portal.accounts.services import academics
from portal.accounts.services.offers import is_expired
from portal.careers.forms.staff import InviteAcademicForm
from portal.careers.queries.students import open_invitation, open_invitations, universities
from portal.careers.staff.blueprint import blueprint, office
from portal.core.access import actor
from portal.core.errors import Refused
from portal.core.forms import refuse
from portal.core.i18n import _, current_language
from portal.core.pages import page
from portal.core.transaction import rollback


@blueprint.route("/careers/invitations", methods=["GET", "POST"])
@office
def invite_academic() -> Response:
    """Invite one, and see who has not answered yet."""
    form = _form()
    if form.validate_on_submit():
        try:
            return _invited(form)
        except Refused as refused:
            rollback()
            refuse(form, refused)
            return _show(form, refused.status)
    return _show(form)


@blueprint.post("/careers/invitations/<id:invitation_id>/resend")
@office
def resend_invitation(invitation_id: int) -> Response:
    """Send an open or expired one again."""
    invitation, organisation = open_invitation(actor(), invitation_id)
    try:
        academics.resend_academic_invitation(invitation=invitation, organisation=organisation, by=actor())
    except Refused as refused:
        return _refused(refused)
    flash(_("The invitation to %(email)s is on its way.", email=invitation.email), "success")
    return redirect(url_for("careers_staff.invite_academic"))


@blueprint.post("/careers/invitations/<id:invitation_id>/revoke")
@office
def revoke_invitation(invitation_id: int) -> Response:
    """Withdraw an open one."""
    invitation, _university = open_invitation(actor(), invitation_id)
    try:
        academics.revoke_academic_invitation(invitation=invitation, by=actor())
    except Refused as refused:
        return _refused(refused)
    flash(_("The invitation to %(email)s is withdrawn.", email=invitation.email), "success")
    return redirect(url_for("careers_staff.invite_academic"))


def _invited(form: InviteAcademicForm) -> Response:
    chosen = {str(each.id): each for each in universities()}[form.organisation.data]
    made = academics.invite_academic(
        organisation=chosen, email=form.email.data, name=form.name.data, role=Role(form.role.data), by=actor()
    )
    if made is None:
        flash(
            _(
                "%(email)s belongs to the university already and has this role from now on.",
                email=form.email.data,
            ),
            "success",
        )
    else:
        flash(_("The invitation to %(email)s is on its way.", email=made.email), "success")
    return redirect(url_for("careers_staff.invite_academic"))


def _form(**more: None) -> InviteAcademicForm:
    form, language = InviteAcademicForm(**more), current_language()
    form.offer([(str(each.id), each.name(language)) for each in universities()])
    return form


def _refused(refused: Refused) -> Response:
    rollback()
    form = _form(formdata=None)
    form.form_errors.append(refused.message)
    return _show(form, refused.status)


def _show(form: InviteAcademicForm, status: int | None = None) -> Response:
    words = {role.value: role.label for role in (Role.STUDENT, Role.SUPERVISOR)}
    waiting = [
        (made.id, made.email, made.name, university, [words[role] for role in made.roles], inviter, made.expires_at,
         is_expired(made))
        for made, university, inviter in open_invitations(actor(), current_language())
    ]  # fmt: skip
    return page("staff/careers/invite_academic.html", status, form=form, waiting=waiting)
