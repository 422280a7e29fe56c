"""Invite, send again, withdraw; and the page on which an invitation is accepted."""

from __future__ import annotations

from flask import flash, redirect, request, url_for
from werkzeug.wrappers import Response

from portal.accounts.cookies import renew_session
from portal.accounts.enums import OrganisationKind, Role, SignInMethod
from portal.accounts.forms.people import AcceptForm, InviteForm
from portal.accounts.limits import limit_tries
from portal.accounts.models import Invitation, Organisation
from portal.accounts.queries import find_person, organisation_for, person_by_email
from portal.accounts.queries.members import invitation_of
from portal.accounts.routes.blueprint import blueprint
from portal.accounts.routes.helpers import enter, secret_argument
from portal.accounts.services import accepting
from portal.accounts.services import invitations as services
from portal.accounts.services.joining import join_with_password
from portal.accounts.services.roles import require_manager
from portal.core import access
from portal.core.access import Actor, actor, current_actor
from portal.core.errors import Refused
from portal.core.forms import refuse
from portal.core.i18n import _, current_language
from portal.core.pages import page


@blueprint.route("/organisations/<id:organisation_id>/people/invite", methods=["GET", "POST"])
@access.signed_in
def invite_person(organisation_id: int) -> Response:
    """Invite a colleague."""
    by = actor()
    organisation = organisation_for(by, organisation_id)
    require_manager(by, organisation)
    form = InviteForm()
    form.offer(organisation.kind)
    if form.validate_on_submit():
        try:
            made = services.invite_person(organisation=organisation, by=by, **form.values())
            flash(_("The invitation to %(email)s is on its way.", email=made.email), "success")
            return redirect(_people(organisation))
        except Refused as refused:
            refuse(form, refused)
    return page("accounts/invite_person.html", form=form, organisation=organisation)


@blueprint.post("/organisations/<id:organisation_id>/invitations/<id:invitation_id>/resend")
@access.signed_in
def resend_invitation(organisation_id: int, invitation_id: int) -> Response:
    """Send an open or expired invitation again."""
    organisation, invitation = _of(actor(), organisation_id, invitation_id)
    services.resend_invitation(invitation=invitation, organisation=organisation, by=actor())
    flash(_("The invitation to %(email)s is on its way.", email=invitation.email), "success")
    return redirect(_people(organisation))


@blueprint.post("/organisations/<id:organisation_id>/invitations/<id:invitation_id>/revoke")
@access.signed_in
def revoke_invitation(organisation_id: int, invitation_id: int) -> Response:
    """Withdraw an open invitation."""
    organisation, invitation = _of(actor(), organisation_id, invitation_id)
    services.revoke_invitation(invitation=invitation, organisation=organisation, by=actor())
    flash(_("The invitation to %(email)s is withdrawn.", email=invitation.email), "success")
    return redirect(_people(organisation))


@blueprint.route("/invitation", methods=["GET", "POST"])
@limit_tries("open")
@access.public
def accept_invitation() -> Response:
    """Show an invitation; its button accepts it and signs in."""
    secret, by = secret_argument(), current_actor()
    try:
        invitation, organisation = accepting.look_at_invitation(secret)
    except accepting.CannotAccept as refused:
        return page("accounts/refused_invitation.html", refused.status, message=refused)
    shown = _shown(invitation, organisation, by) | {"token": secret}
    form = AcceptForm(name=invitation.name, language=current_language())
    known = shown["known"]
    if request.method == "POST" and not shown["other"] and (known or form.validate_on_submit()):
        try:
            return _accept(secret, form, by, organisation, is_known=bool(known))
        except Refused as refused:
            refuse(form, refused)
            return page("accounts/accept_invitation.html", refused.status, form=form, **shown)
    return page(
        "accounts/accept_invitation.html",
        409 if shown["other"] and request.method == "POST" else None,
        form=form,
        **shown,
    )


def _accept(
    secret: str, form: AcceptForm, by: Actor | None, organisation: Organisation, *, is_known: bool
) -> Response:
    if is_known:
        person = accepting.accept_invitation(secret=secret, name="", language=current_language(), by=by)
    else:
        person = join_with_password(secret=secret, **form.values())
    name = organisation.name(current_language())
    flash(_("Welcome. You are now one of the people of %(organisation)s here.", organisation=name), "success")
    is_company = organisation.kind is OrganisationKind.COMPANY
    wanted = url_for("home.show_home" if is_company else "accounts.list_people")
    if by is not None:
        renew_session(by)
        return redirect(wanted)
    return redirect(enter(person, SignInMethod.INVITATION, wanted))


def _shown(invitation: Invitation, organisation: Organisation, by: Actor | None) -> dict[str, object]:
    own = find_person(by.id) if by is not None else None
    known = person_by_email(invitation.email)
    return {
        "invitation": invitation,
        "organisation": organisation,
        "roles": [Role(role).label for role in invitation.roles],
        "inviter": find_person(invitation.invited_by_id).name,
        "known": known,
        "other": own if own is not None and own.email_key != invitation.email_key else None,
    }


def _of(by: Actor, organisation_id: int, invitation_id: int) -> tuple[Organisation, Invitation]:
    organisation = organisation_for(by, organisation_id)
    require_manager(by, organisation)
    return organisation, invitation_of(organisation, invitation_id)


def _people(organisation: Organisation) -> str:
    return url_for("accounts.list_organisation_people", organisation_id=organisation.id)
