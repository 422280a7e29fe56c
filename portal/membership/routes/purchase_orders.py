"""The purchase order number for the invoice, once the application has been sent in."""

from __future__ import annotations

from flask import flash, redirect, url_for
from werkzeug.wrappers import Response

from portal.core import access
from portal.core.access import actor
from portal.core.context import current_settings
from portal.core.errors import NotFound, Refused
from portal.core.forms import refuse
from portal.core.i18n import _
from portal.core.pages import page
from portal.domain.application_flow import ApplicationState
from portal.membership import queries
from portal.membership.forms import PurchaseOrderForm
from portal.membership.policy import may_change_order
from portal.membership.routes.blueprint import blueprint
from portal.membership.routes.progress import step_url
from portal.membership.services import set_purchase_order


@blueprint.route("/membership/applications/<id:application_id>/purchase-order", methods=["GET", "POST"])
@access.signed_in
def edit_purchase_order(application_id: int) -> Response:
    """Add or change the number; where that is over, say whom to ask."""
    application = queries.application_for(actor(), application_id)
    if application.state.is_editable:
        return redirect(step_url(application, "payment"))
    if not may_change_order(application) and application.state is not ApplicationState.APPROVED:
        raise NotFound
    form = PurchaseOrderForm(data={"number": application.purchase_order})
    if form.validate_on_submit():
        try:
            set_purchase_order(application=application, number=form.number.data or "", by=actor())
            flash(_("The purchase order number is saved."), "success")
            return redirect(url_for("membership.show_application", application_id=application.id))
        except Refused as refused:
            refuse(form, refused)
    return page(
        "membership/edit_purchase_order.html",
        form=form,
        application=application,
        is_open=may_change_order(application),
        contact=current_settings().contact_address,
    )
