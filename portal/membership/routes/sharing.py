"""Hand a draft to a colleague, and take it up."""

from __future__ import annotations

from typing import Any

from flask import flash, redirect, request, url_for
from werkzeug.wrappers import Response

from portal.accounts.cookies import begin_session
from portal.accounts.enums import SignInMethod
from portal.accounts.models import Person
from portal.accounts.policy import may_manage_people
from portal.accounts.queries import person_by_email
from portal.accounts.services.people import add_person
from portal.core import access
from portal.core.access import actor, current_actor
from portal.core.db import db
from portal.core.errors import Refused
from portal.core.forms import refuse
from portal.core.i18n import _, current_language
from portal.core.pages import page
from portal.domain.email_keys import masked_address
from portal.membership import queries
from portal.membership.forms import JoinForm, ShareForm
from portal.membership.models import Application, ApplicationCollaborator
from portal.membership.routes.blueprint import blueprint
from portal.membership.services import join_application, share_application, shared_link, stop_sharing
from portal.membership.services.sharing import SPENT, NotForYou, is_for, shared_with


@blueprint.route("/membership/applications/<id:application_id>/colleagues", methods=["GET", "POST"])
@access.signed_in
def list_colleagues(application_id: int) -> Response:
    """Who works on it, and a field to ask one more."""
    application = queries.application_for(actor(), application_id)
    form = ShareForm()
    if form.validate_on_submit():
        try:
            asked = share_application(application=application, email=form.email.data, by=actor())
            flash(_("We have sent a link to %(email)s.", email=asked.email), "success")
            return redirect(url_for("membership.list_colleagues", application_id=application.id))
        except Refused as refused:
            refuse(form, refused)
    colleagues = queries.collaborators_of(application)
    starter = application.started_by_id
    is_apart = application.organisation_id is not None and starter in {c.person_id for c in colleagues}
    names = queries.names_of({c.person_id for c in colleagues if c.person_id} | {application.started_by_id})
    return page(
        "membership/list_colleagues.html",
        form=form,
        application=application,
        colleagues=colleagues,
        names=names,
        is_apart=is_apart,
        invite_url=_invite_url(application),
    )


def _invite_url(application: Application) -> str | None:
    """Where an administrator of the company gives colleagues roles of their own."""
    number = application.organisation_id
    if number is None or not may_manage_people(actor(), number):
        return None
    return url_for("accounts.invite_person", organisation_id=number)


@blueprint.post("/membership/applications/<id:application_id>/colleagues/<id:collaborator_id>/remove")
@access.signed_in
def remove_colleague(application_id: int, collaborator_id: int) -> Response:
    """The colleague works on it no more; who removes oneself goes back to the list."""
    application = queries.application_for(actor(), application_id)
    removed = stop_sharing(application=application, collaborator_id=collaborator_id, by=actor())
    flash(_("The link no longer works."), "success")
    if removed == actor().id:
        return redirect(url_for("membership.list_applications"))
    return redirect(url_for("membership.list_colleagues", application_id=application.id))


@blueprint.route("/membership/shared", methods=["GET", "POST"])
@access.public_or_signed_in
def show_shared() -> Response:
    """The link in the mail: opening it changes nothing, the button takes part.

    It proves the address to somebody new, once; whoever has an account signs in first, in the usual way, and then comes
    back without the secret.
    """
    present = current_actor()
    person = db.session.get_one(Person, present.id) if present else None
    link = _link(person)
    if link is None:
        return page("membership/shared_spent.html", 410, message=SPENT)
    if person is None and (link.person_id is not None or person_by_email(link.email) is not None):
        return redirect(url_for("accounts.sign_in", next=url_for("membership.show_shared", asked=link.id)))
    inviter = queries.names_of({link.invited_by_id}).get(link.invited_by_id, "")
    shown: dict[str, Any] = {"person": person, "inviter": inviter, "secret": _secret()}
    if person is not None and not is_for(link, person):
        address = masked_address(link.email)
        return page("membership/shared_other.html", NotForYou.status, address=address, **shown)
    form = JoinForm()
    if person is not None:
        del form.name
    if form.validate_on_submit():
        try:
            return _join(link, person, form)
        except Refused as refused:
            refuse(form, refused)
    return page("membership/show_shared.html", form=form, link=link, **shown)


def _secret() -> dict[str, str]:
    """What the address or the form says of the link: the secret of the mail, or the number for whoever is signed in."""
    given = {name: request.values.get(name, "")[:200] for name in ("token", "asked")}
    return {name: value for name, value in given.items() if value}


def _link(person: Person | None) -> ApplicationCollaborator | None:
    given = _secret()
    if "token" in given:
        return shared_link(given["token"])
    number = given.get("asked", "")
    is_number = number.isascii() and number.isdigit() and len(number) < 19
    return shared_with(person, int(number)) if person is not None and is_number else None


def _join(link: ApplicationCollaborator, present: Person | None, form: JoinForm) -> Response:
    person = present or add_person(email=link.email, name=form.name.data, language=current_language())
    application = join_application(link=link, person=person)
    if present is None:
        begin_session(person, SignInMethod.INVITATION)
    return redirect(url_for("membership.show_application", application_id=application.id))
