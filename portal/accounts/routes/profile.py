"""What people say about themselves."""

from __future__ import annotations

from flask import flash, redirect, request, url_for
from werkzeug.wrappers import Response

from portal.accounts.cookies import speak
from portal.accounts.enums import TokenPurpose
from portal.accounts.forms.profile import NewEmailForm, ProfileForm
from portal.accounts.queries import find_person
from portal.accounts.routes.blueprint import blueprint
from portal.accounts.routes.helpers import secret_argument
from portal.accounts.services import emails
from portal.accounts.services.links import LIFETIMES, SpentLink, look_at_link
from portal.accounts.services.people import edit_profile as keep_profile
from portal.core import access
from portal.core.access import actor, current_actor
from portal.core.errors import Refused
from portal.core.forms import refuse
from portal.core.i18n import _
from portal.core.pages import page


@blueprint.get("/account/profile")
@access.signed_in
def show_profile() -> Response:
    """Name, address, telephone, language, and roles."""
    person = actor()
    return page("accounts/show_profile.html", person=find_person(person.id), mandates=person.mandates)


@blueprint.route("/account/profile/edit", methods=["GET", "POST"])
@access.signed_in
def edit_profile() -> Response:
    """Change them."""
    person = actor()
    form = ProfileForm(obj=find_person(person.id))
    if form.validate_on_submit():
        try:
            kept = keep_profile(by=person, **form.values())
            speak(kept.language)
            flash(_("Your profile is saved."), "success")
            return redirect(url_for("accounts.show_profile"))
        except Refused as refused:
            refuse(form, refused)
    return page("accounts/edit_profile.html", form=form)


@blueprint.route("/account/email", methods=["GET", "POST"])
@access.signed_in
def change_email() -> Response:
    """Ask for another address; it counts once its mail was answered."""
    form, status = NewEmailForm(), None
    if form.validate_on_submit():
        try:
            emails.request_new_email(by=actor(), email=form.email.data)
            hours = int(LIFETIMES[TokenPurpose.CHANGE_EMAIL].total_seconds() // 3600)
            return page("accounts/mail_on_its_way.html", email=form.email.data, hours=hours)
        except Refused as refused:
            refuse(form, refused)
            status = refused.status
    return page("accounts/change_email.html", status, form=form)


@blueprint.route("/account/email/confirm", methods=["GET", "POST"])
@access.public
def confirm_email() -> Response:
    """The page behind the link to a new address; its button makes the change."""
    secret = secret_argument()
    link = look_at_link(TokenPurpose.CHANGE_EMAIL, secret)
    if link is None:
        return page("accounts/spent_link.html", SpentLink.status)
    if request.method != "POST":
        return page("accounts/confirm_email.html", token=secret, email=link.data["email"])
    try:
        emails.confirm_email(secret=secret, by=current_actor())
    except SpentLink as refused:
        return page("accounts/spent_link.html", refused.status, message=refused)
    flash(_("Your new mail address is confirmed."), "success")
    return redirect(url_for("accounts.show_profile"))
