"""Passkeys: sign in with one, add, remove. The script beside the buttons speaks JSON."""

from __future__ import annotations

from flask import flash, jsonify, redirect, request, url_for
from werkzeug.wrappers import Response

from portal.accounts.browsers import browser_name
from portal.accounts.cookies import renew_session
from portal.accounts.enums import SignInMethod
from portal.accounts.limits import limit_tries
from portal.accounts.routes.blueprint import blueprint
from portal.accounts.routes.helpers import device_answer, enter, second_factor_first, tell_script, wanted_path
from portal.accounts.services import passkeys
from portal.core import access
from portal.core.access import actor
from portal.core.errors import Refused
from portal.core.i18n import _


@blueprint.post("/sign-in/passkey/begin")
@limit_tries("passkey")
@access.public
def begin_passkey_sign_in() -> Response:
    """What the browser needs to sign in with a passkey."""
    return jsonify(passkeys.sign_in_options())


@blueprint.post("/sign-in/passkey")
@limit_tries("passkey")
@access.public
def sign_in_with_passkey() -> Response | tuple[Response, int]:
    """The device's answer signs in; it is both factors in one."""
    try:
        person = passkeys.sign_in_with_passkey(answer=device_answer())
    except Refused as refused:
        return tell_script(refused)
    return jsonify(next=enter(person, SignInMethod.PASSKEY, wanted_path()))


@blueprint.post("/account/passkeys/begin")
@access.half_signed_in
def begin_passkey() -> Response | tuple[Response, int]:
    """What the browser needs to make a passkey."""
    if (first := second_factor_first()) is not None:
        return first
    try:
        return jsonify(passkeys.registration_options(by=actor()))
    except Refused as refused:
        return tell_script(refused)


@blueprint.post("/account/passkeys")
@access.half_signed_in
def add_passkey() -> Response | tuple[Response, int]:
    """The device's answer becomes a passkey; a session that waited for one is whole."""
    if (first := second_factor_first()) is not None:
        return first
    person = actor()
    name = browser_name(request.user_agent.string) or _("Passkey")
    try:
        passkeys.add_passkey(by=person, answer=device_answer(), name=name)
    except Refused as refused:
        return tell_script(refused)
    renew_session(person, whole=True)
    flash(_("The passkey was added."), "success")
    return jsonify(next=url_for("accounts.show_security"))


@blueprint.post("/account/passkeys/<id:passkey_id>/remove")
@access.signed_in
def remove_passkey(passkey_id: int) -> Response:
    """Forget one of the own passkeys."""
    person = actor()
    passkeys.remove_passkey(by=person, passkey_id=passkey_id)
    renew_session(person)
    flash(_("The passkey was removed."), "success")
    return redirect(url_for("accounts.show_security"))
