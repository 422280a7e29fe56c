"""A company's invoices."""

from __future__ import annotations

from werkzeug.wrappers import Response

from portal.billing.policy import PAYING_ROLES
from portal.billing.queries.invoices import invoice_for, invoices_for
from portal.billing.routes.blueprint import blueprint
from portal.core import access
from portal.core.access import actor
from portal.core.pages import cursor_argument, page


@blueprint.get("/billing/invoices")
@access.roles(*PAYING_ROLES)
def list_invoices() -> Response:
    """All invoices of the person's organisations."""
    return page("billing/list_invoices.html", invoices=invoices_for(actor(), cursor=cursor_argument()))


@blueprint.get("/billing/invoices/<id:invoice_id>")
@access.roles(*PAYING_ROLES)
def show_invoice(invoice_id: int) -> Response:
    """One invoice: what is owed, how to pay, what happened."""
    return page("billing/show_invoice.html", invoice=invoice_for(actor(), invoice_id))
