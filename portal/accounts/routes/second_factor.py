"""The second step of signing in."""

from __future__ import annotations

from flask import jsonify, redirect
from werkzeug.wrappers import Response

from portal.accounts.cookies import renew_session
from portal.accounts.forms.sign_in import CodeForm
from portal.accounts.queries.security import has_totp, passkeys_of
from portal.accounts.routes.blueprint import blueprint
from portal.accounts.routes.helpers import device_answer, tell_script, wanted_path
from portal.accounts.services import passkeys, second_factor
from portal.core import access
from portal.core.access import actor
from portal.core.errors import Refused
from portal.core.forms import refuse
from portal.core.pages import page


@blueprint.route("/sign-in/second-factor", methods=["GET", "POST"])
@access.half_signed_in
def confirm_second_factor() -> Response:
    """A code of the generator or a recovery code; or a passkey, by the script."""
    person, form, wanted = actor(), CodeForm(), wanted_path()
    if not person.needs_second_factor:
        return redirect(wanted)
    status = None
    if form.validate_on_submit():
        try:
            second_factor.confirm_second_factor(by=person, code=form.code.data)
            renew_session(person, whole=True)
            return redirect(wanted)
        except Refused as refused:
            refuse(form, refused)
            status = refused.status
    shown = {"has_totp": has_totp(person.id), "has_passkey": bool(passkeys_of(person.id))}
    return page("accounts/confirm_second_factor.html", status, form=form, wanted=wanted, **shown)


@blueprint.post("/sign-in/second-factor/passkey/begin")
@access.half_signed_in
def begin_passkey_confirmation() -> Response | tuple[Response, int]:
    """What the browser needs to use a passkey as the second factor."""
    return jsonify(passkeys.confirm_options(by=actor()))


@blueprint.post("/sign-in/second-factor/passkey")
@access.half_signed_in
def confirm_with_passkey() -> Response | tuple[Response, int]:
    """The device's answer; the session is whole after it."""
    person = actor()
    try:
        passkeys.confirm_with_passkey(by=person, answer=device_answer())
    except Refused as refused:
        return tell_script(refused)
    renew_session(person, whole=True)
    return jsonify(next=wanted_path())
