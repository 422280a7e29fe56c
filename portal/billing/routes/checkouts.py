"""To the provider's payment page and back."""

from __future__ import annotations

from flask import abort, redirect, request, url_for
from werkzeug.wrappers import Response

from portal.billing.enums import LIVE_ATTEMPTS, AttemptState, PayMethod
from portal.billing.models import CheckoutAttempt
from portal.billing.policy import PAYING_ROLES
from portal.billing.queries.checkouts import attempt_for
from portal.billing.queries.invoices import invoice_for
from portal.billing.routes.blueprint import blueprint
from portal.billing.services.checkouts import ONLINE_METHODS
from portal.billing.services.checkouts import open_checkout as open_page
from portal.core import access
from portal.core.access import actor
from portal.core.links import absolute_url
from portal.core.pages import page

paying = access.roles(*PAYING_ROLES)


@blueprint.post("/billing/invoices/<id:invoice_id>/checkout")
@paying
def open_checkout(invoice_id: int) -> Response:
    """Open the payment page for what is owed now; the amount is ours, never the form's."""
    invoice = invoice_for(actor(), invoice_id)
    method = request.form.get("method", "")
    if method not in {each.value for each in ONLINE_METHODS}:
        abort(400)
    attempt = open_page(
        invoice=invoice, method=PayMethod(method), by=actor(), return_to=_return_to, cancel_to=_cancel_to
    )
    if attempt.state is AttemptState.OPEN and attempt.url:
        return redirect(attempt.url, 303)
    return redirect(url_for("billing.show_checkout", key=attempt.key), 303)


def _return_to(attempt: CheckoutAttempt) -> str:
    return absolute_url("billing.show_checkout", key=attempt.key)


def _cancel_to(attempt: CheckoutAttempt) -> str:
    return absolute_url("billing.show_invoice", invoice_id=attempt.invoice_id, unpaid=1)


@blueprint.get("/billing/checkouts/<string(length=32):key>")
@paying
def show_checkout(key: str) -> Response:
    """Back from the payment page: what has arrived, and what happens next."""
    return _answer("billing/show_checkout.html", key)


@blueprint.get("/billing/checkouts/<string(length=32):key>/progress")
@paying
def show_checkout_progress(key: str) -> Response:
    """The part of that page that renews itself."""
    return _answer("billing/checkout_progress.html", key)


MOST_LOOKS = 40  # a page that is left open stops asking after some minutes


def _answer(template: str, key: str) -> Response:
    attempt = attempt_for(actor(), key)
    invoice = invoice_for(actor(), attempt.invoice_id)
    asked = request.args.get("look", "")
    look = int(asked) if asked.isascii() and asked.isdigit() and len(asked) < 4 else 0
    is_under_way = invoice.receivable.state.is_owed and attempt.state in LIVE_ATTEMPTS
    return page(
        template,
        attempt=attempt,
        invoice=invoice,
        receivable=invoice.receivable,
        next_look=look + 1 if is_under_way and look < MOST_LOOKS else None,
        seconds=2 if attempt.state in (AttemptState.STARTED, AttemptState.OPEN) else 5,
    )
