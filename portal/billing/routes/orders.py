"""A company orders what a quote offers, or declines it."""

from __future__ import annotations

from flask import flash, redirect, url_for
from werkzeug.wrappers import Response

from portal.billing.queries.invoices import paper
from portal.billing.queries.quotes import order_for, quote_for
from portal.billing.quote_forms import EndForm, OrderForm
from portal.billing.routes.blueprint import blueprint
from portal.billing.routes.quotes import quote_page
from portal.billing.services import orders
from portal.core import access
from portal.core.access import actor
from portal.core.errors import Refused
from portal.core.forms import refuse
from portal.core.i18n import _
from portal.files.downloads import download


@blueprint.post("/billing/quotes/<id:quote_id>/order")
@access.signed_in
def submit_order(quote_id: int) -> Response:
    """One click orders; pressed twice, it is one order."""
    quote, form = quote_for(actor(), quote_id), OrderForm()
    orders.standing_of(quote)
    if form.validate():
        try:
            orders.order_quote(quote=quote, purchase_order=form.purchase_order.data or "", by=actor())
            flash(_("Thank you. We have taken your order, and its confirmation is on its way."), "success")
            return redirect(url_for("billing.show_quote", quote_id=quote_id), 303)
        except Refused as refused:
            refuse(form, refused)
    return quote_page(quote, order=form)


@blueprint.post("/billing/quotes/<id:quote_id>/decline")
@access.signed_in
def decline_quote(quote_id: int) -> Response:
    """The company does not want it."""
    quote, form = quote_for(actor(), quote_id), EndForm()
    orders.standing_of(quote)
    if form.validate():
        try:
            orders.decline_quote(quote=quote, reason=form.reason.data or "", by=actor())
            flash(_("You have declined the quote. We have noted it."), "success")
            return redirect(url_for("billing.show_quote", quote_id=quote_id), 303)
        except Refused as refused:
            refuse(form, refused)
    return quote_page(quote, end=form)


@blueprint.get("/billing/orders/<id:order_id>/file")
@access.signed_in
def download_order(order_id: int) -> Response:
    """The confirmation as it was issued."""
    return download(paper(order_for(actor(), order_id).file_id))
