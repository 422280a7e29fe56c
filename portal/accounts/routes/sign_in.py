"""Sign in by password, and out."""

from __future__ import annotations

from flask import flash, redirect, request, session, url_for
from werkzeug.wrappers import Response

from portal.accounts.cookies import end_here, leave
from portal.accounts.enums import EndReason, SignInMethod
from portal.accounts.forms.sign_in import SignInForm
from portal.accounts.limits import PER_ACCOUNT, limit_tries
from portal.accounts.queries.demo import demo_people
from portal.accounts.routes.blueprint import blueprint
from portal.accounts.routes.helpers import enter, wanted_path
from portal.accounts.services.passwords import check_sign_in
from portal.accounts.services.sessions import reason_of_end
from portal.core import access
from portal.core.access import current_actor
from portal.core.context import current_settings
from portal.core.errors import Refused
from portal.core.forms import refuse
from portal.core.i18n import _, _l
from portal.core.links import safe_path
from portal.core.pages import page
from portal.settings import Mode

WRONG = _l("The mail address or the password is not right. Please check both, or have a link mailed to you.")


@blueprint.route("/sign-in", methods=["GET", "POST"])
@limit_tries("sign-in", per_account=PER_ACCOUNT)
@access.public
def sign_in() -> Response:
    """Address and password; wrong ones get the same answer whoever they belong to."""
    form, wanted = SignInForm(), wanted_path()
    if request.method != "POST" and current_actor() is not None:
        return redirect(wanted)
    status = None
    if form.validate_on_submit():
        try:
            person = check_sign_in(email=form.email.data, password=form.password.data)
            if person is None:
                raise Refused(WRONG)
            return redirect(enter(person, SignInMethod.PASSWORD, wanted))
        except Refused as refused:
            refuse(form, refused)
            status = refused.status
    token = session.get("_user_id")
    changed = token is not None and reason_of_end(token) == EndReason.ROLES_CHANGED
    invented = demo_people() if current_settings().mode is Mode.DEMO else []
    return page(
        "accounts/sign_in.html", status, form=form, wanted=wanted, invented=invented, roles_changed=changed
    )


@blueprint.post("/sign-out")
@access.public
def sign_out() -> Response:
    """End this session, on the server as well; whoever is signed out already gets the same answer."""
    present = current_actor()
    end_here(EndReason.SIGNED_OUT)
    leave(present.language if present else None)
    flash(_("You have signed out."), "success")
    return redirect(safe_path(request.form.get("next"), url_for("accounts.sign_in")))
