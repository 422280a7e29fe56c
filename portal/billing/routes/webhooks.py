"""Where the payment provider delivers its news."""

from __future__ import annotations

import structlog
from flask import abort, request
from werkzeug.wrappers import Response

from portal.billing.enums import EventOrigin
from portal.billing.routes.blueprint import blueprint
from portal.billing.services import events
from portal.billing.services.checkouts import online_payments
from portal.core import access, clock
from portal.core.security import csrf
from portal.gateways.payments import BadSignature

log = structlog.get_logger()


@blueprint.post("/billing/webhooks/stripe")
@access.public
def receive_stripe_event() -> Response:
    """Verify the signature on the raw body, write the news down, and say so once it is committed."""
    provider = online_payments()
    if provider is None or not provider.accepts_webhooks:
        abort(404)
    raw = request.get_data(cache=False)
    try:
        event = provider.verify_webhook(raw, request.headers.get("Stripe-Signature", ""), clock.now())
    except BadSignature as error:
        log.warning("webhook_refused", reason=str(error), bytes=len(raw))
        abort(400)
    events.write_down(event, body=raw.decode("utf-8", "replace"), origin=EventOrigin.DELIVERED)
    return Response(status=200)


csrf.exempt(receive_stripe_event)  # the signature says who it is from
