"""Links in mails: GET shows a page with a button, POST does what the link is for."""

from __future__ import annotations

from typing import Any

from flask import flash, redirect, request, url_for
from werkzeug.wrappers import Response

from portal.accounts.cookies import end_here, leave
from portal.accounts.enums import EndReason, SignInMethod, TokenPurpose
from portal.accounts.forms.sign_in import AddressForm, NewPasswordForm
from portal.accounts.limits import MAILS_PER_ACCOUNT, limit_tries
from portal.accounts.routes.blueprint import blueprint
from portal.accounts.routes.helpers import enter, secret_argument, wanted_path
from portal.accounts.services import doors
from portal.accounts.services.links import LIFETIMES, SpentLink, look_at_link
from portal.accounts.services.passwords import recover_password as set_password_by_link
from portal.core import access
from portal.core.access import current_actor
from portal.core.errors import Refused
from portal.core.forms import refuse
from portal.core.i18n import _
from portal.core.pages import page


@blueprint.route("/sign-in/link", methods=["GET", "POST"])
@limit_tries("link", per_account=MAILS_PER_ACCOUNT)
@access.public
def request_link() -> Response:
    """Ask for a sign-in link; the answer is the same whether or not the address is known."""
    form, wanted = AddressForm(), wanted_path()
    if form.validate_on_submit():
        try:
            doors.request_link(email=form.email.data, next_path=wanted)
            return _sent(TokenPurpose.SIGN_IN, form.email.data)
        except Refused as refused:
            refuse(form, refused)
    return page("accounts/request_link.html", form=form, wanted=wanted)


@blueprint.route("/sign-in/open", methods=["GET", "POST"])
@limit_tries("open")
@access.public
def open_link() -> Response:
    """The page behind a sign-in link; its button signs in."""
    if request.method != "POST":
        return _button_page("accounts/open_link.html", TokenPurpose.SIGN_IN)
    try:
        person, wanted = doors.use_sign_in_link(secret=secret_argument())
    except SpentLink as refused:
        return _spent(refused)
    return redirect(enter(person, SignInMethod.LINK, wanted))


@blueprint.route("/recover", methods=["GET", "POST"])
@limit_tries("recovery", per_account=MAILS_PER_ACCOUNT)
@access.public
def request_recovery() -> Response:
    """Ask for a link to choose a new password; the answer is the same for every address."""
    form = AddressForm()
    if form.validate_on_submit():
        try:
            doors.request_recovery(email=form.email.data)
            return _sent(TokenPurpose.RECOVER, form.email.data)
        except Refused as refused:
            refuse(form, refused)
    return page("accounts/request_recovery.html", form=form)


@blueprint.route("/recover/open", methods=["GET", "POST"])
@limit_tries("open")
@access.public
def recover_password() -> Response:
    """Choose a new password by a link; then sign in with it. A second factor is asked for as ever."""
    form, secret = NewPasswordForm(), secret_argument()
    if look_at_link(TokenPurpose.RECOVER, secret) is None:
        return _spent()
    status = None
    if form.validate_on_submit():
        try:
            set_password_by_link(secret=secret, password=form.password.data)
            end_here(EndReason.PASSWORD_CHANGED)
            leave()
            flash(_("Your new password is set. Please sign in with it."), "success")
            return redirect(url_for("accounts.sign_in"))
        except SpentLink as refused:
            return _spent(refused)
        except Refused as refused:
            refuse(form, refused)
            status = refused.status
    return page("accounts/recover_password.html", status, form=form, token=secret)


@blueprint.route("/start", methods=["GET", "POST"])
@limit_tries("open")
@access.public
def confirm_start() -> Response:
    """Somebody new confirms the address; the person is created and signed in."""
    if request.method != "POST":
        return _button_page("accounts/confirm_start.html", TokenPurpose.START)
    try:
        person, wanted = doors.confirm_start(secret=secret_argument())
    except SpentLink as refused:
        return _spent(refused)
    return redirect(enter(person, SignInMethod.APPLICATION, wanted))


def _button_page(template: str, purpose: TokenPurpose) -> Response:
    secret = secret_argument()
    if look_at_link(purpose, secret) is None:
        return _spent()
    return page(template, token=secret, present=current_actor())


def _sent(purpose: TokenPurpose, email: str) -> Response:
    minutes = int(LIFETIMES[purpose].total_seconds() // 60)
    return page("accounts/mail_on_its_way.html", email=email, minutes=minutes)


def _spent(refused: Any = None) -> Response:
    return page("accounts/spent_link.html", SpentLink.status, message=refused)
