"""Ask a company that is here already for an invitation."""

from __future__ import annotations

from flask import flash, redirect, request
from werkzeug.wrappers import Response

from portal.accounts.forms.people import RequestForm
from portal.accounts.routes.blueprint import blueprint
from portal.accounts.services import asking as services
from portal.core import access
from portal.core.access import actor
from portal.core.errors import Refused
from portal.core.forms import refuse
from portal.core.i18n import _
from portal.core.links import HOME
from portal.core.pages import page


@blueprint.route("/invitation/request", methods=["GET", "POST"])
@access.signed_in
def request_invitation() -> Response:
    """Say who will be told what, then tell them. Opening the page looks nothing up: it tells nobody who is here."""
    form, status = RequestForm(data={"corporate_number": request.args.get("number", "")[:40]}), None
    if form.validate_on_submit():
        try:
            services.request_invitation(by=actor(), **form.values())
            flash(
                _("The company's administrators have been told. You will get a mail when they invite you."),
                "success",
            )
            return redirect(HOME)
        except Refused as refused:
            refuse(form, refused)
            status = refused.status
    return page("accounts/request_invitation.html", status, form=form)
