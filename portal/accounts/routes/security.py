"""Sign-in and security: devices, password, second factors."""

from __future__ import annotations

import segno
from flask import flash, redirect, url_for
from markupsafe import Markup
from werkzeug.wrappers import Response

from portal.accounts.browsers import browser_name
from portal.accounts.cookies import leave, renew_session
from portal.accounts.enums import EndReason
from portal.accounts.forms.security import ChangePasswordForm
from portal.accounts.forms.sign_in import CodeForm
from portal.accounts.queries import security
from portal.accounts.routes.blueprint import blueprint
from portal.accounts.routes.helpers import second_factor_first
from portal.accounts.services import second_factor
from portal.accounts.services.passwords import change_password as set_password
from portal.accounts.services.sessions import end_everywhere
from portal.accounts.services.sessions import end_session as end_one
from portal.core import access
from portal.core.access import actor
from portal.core.errors import NotFound, Refused
from portal.core.forms import refuse
from portal.core.i18n import _
from portal.core.pages import page


@blueprint.get("/account/security")
@access.half_signed_in
def show_security() -> Response:
    """Everything about the own sign-in on one page."""
    if (first := second_factor_first()) is not None:
        return first
    person = actor()
    return page(
        "accounts/show_security.html",
        sessions=security.open_sessions(person.id),
        passkeys=security.passkeys_of(person.id),
        has_totp=security.has_totp(person.id),
        codes_left=security.recovery_codes_left(person.id),
        has_password=security.has_password(person.id),
        browser_name=browser_name,
    )


@blueprint.post("/account/sessions/<id:session_id>/end")
@access.signed_in
def end_session(session_id: int) -> Response:
    """Sign out one device."""
    person = actor()
    if not end_one(person_id=person.id, session_id=session_id, reason=EndReason.ENDED_ELSEWHERE):
        raise NotFound
    flash(_("The device was signed out."), "success")
    return redirect(url_for("accounts.show_security"))


@blueprint.post("/account/sessions/end")
@access.signed_in
def end_all_sessions() -> Response:
    """Sign out everywhere, here too."""
    person = actor()
    end_everywhere(by=person)
    leave(person.language)
    flash(_("You have signed out on all devices."), "success")
    return redirect(url_for("accounts.sign_in"))


@blueprint.route("/account/password", methods=["GET", "POST"])
@access.signed_in
def change_password() -> Response:
    """Set or change the password; other devices are signed out."""
    person, form = actor(), ChangePasswordForm()
    has_password, status = security.has_password(person.id), None
    if form.validate_on_submit():
        try:
            set_password(by=person, present=form.present.data or "", password=form.password.data)
            renew_session(person)
            flash(_("Your password is changed. All other devices are signed out."), "success")
            return redirect(url_for("accounts.show_security"))
        except Refused as refused:
            refuse(form, refused)
            status = refused.status
    return page("accounts/change_password.html", status, form=form, has_password=has_password)


@blueprint.post("/account/totp/begin")
@access.half_signed_in
def begin_totp() -> Response:
    """Make the secret of a code generator."""
    if (first := second_factor_first()) is not None:
        return first
    second_factor.begin_totp(by=actor())
    return redirect(url_for("accounts.confirm_totp"))


@blueprint.route("/account/totp", methods=["GET", "POST"])
@access.half_signed_in
def confirm_totp() -> Response:
    """Show the secret, and take the first code."""
    if (first := second_factor_first()) is not None:
        return first
    person, form = actor(), CodeForm()
    waiting = second_factor.pending_totp(person)
    if waiting is None:
        return redirect(url_for("accounts.show_security"))
    status = None
    if form.validate_on_submit():
        try:
            codes = second_factor.confirm_totp(by=person, code=form.code.data)
            renew_session(person, whole=True)
            return _after_totp(codes)
        except Refused as refused:
            refuse(form, refused)
            status = refused.status
    secret, address = waiting
    spaced = " ".join(secret[i : i + 4] for i in range(0, len(secret), 4))
    return page("accounts/confirm_totp.html", status, form=form, secret=spaced, picture=_qr(address))


@blueprint.post("/account/totp/remove")
@access.signed_in
def remove_totp() -> Response:
    """Take the code generator off."""
    person = actor()
    second_factor.remove_totp(by=person)
    renew_session(person)
    flash(_("The code generator was removed."), "success")
    return redirect(url_for("accounts.show_security"))


@blueprint.post("/account/recovery-codes")
@access.signed_in
def renew_recovery_codes() -> Response:
    """Make ten new codes and show them, this once."""
    return page("accounts/renew_recovery_codes.html", codes=second_factor.make_recovery_codes(by=actor()))


def _after_totp(codes: list[str]) -> Response:
    flash(_("The code generator is set up."), "success")
    if codes:
        return page("accounts/renew_recovery_codes.html", codes=codes)
    return redirect(url_for("accounts.show_security"))


def _qr(address: str) -> Markup:
    """The address as a picture: plain SVG without any style, which the content security policy would refuse."""
    drawn = segno.make(address, error="l").svg_inline(scale=4, border=4, svgclass=None, lineclass=None)
    return Markup(drawn)  # our own drawing of our own text
