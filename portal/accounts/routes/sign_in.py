"""Sign in by password, and out."""

from __future__ import annotations

from flask import flash, redirect, request, url_for
from werkzeug.wrappers import Response

from portal.accounts.cookies import begin_session, end_here, leave
from portal.accounts.enums import EndReason, SignInMethod
from portal.accounts.forms.sign_in import SignInForm
from portal.accounts.limits import limit_tries
from portal.accounts.routes.blueprint import blueprint
from portal.accounts.services.passwords import check_sign_in
from portal.core import access
from portal.core.access import current_actor
from portal.core.errors import Refused
from portal.core.forms import refuse
from portal.core.i18n import _, _l
from portal.core.links import safe_path
from portal.core.pages import page


@blueprint.route("/sign-in", methods=["GET", "POST"])
@limit_tries("sign-in")
@access.public
def sign_in() -> Response:
    """Address and password; wrong ones get the same answer whoever they belong to."""
    form = SignInForm()
    wanted = safe_path(request.values.get("next"))
    present = current_actor()
    if request.method == "GET" and present is not None:
        return redirect(wanted)
    if form.validate_on_submit():
        try:
            person = check_sign_in(email=form.email.data, password=form.password.data)
        except Refused as refused:
            refuse(form, refused)
            return page("accounts/sign_in.html", refused.status, form=form, wanted=wanted)
        if person is not None:
            begin_session(person, SignInMethod.PASSWORD)
            return redirect(wanted)
        refuse(form, Refused(_l("The mail address or the password is not right. Please check both, or have a link mailed to you.")))
    return page("accounts/sign_in.html", form=form, wanted=wanted)


@blueprint.post("/sign-out")
@access.public
def sign_out() -> Response:
    """End this session, on the server as well; whoever is signed out already gets the same answer."""
    present = current_actor()
    end_here(EndReason.SIGNED_OUT)
    leave(present.language if present else None)
    flash(_("You have signed out."), "success")
    return redirect(safe_path(request.form.get("next"), url_for("accounts.sign_in")))
