"""Open the provider's payment page: written down first, asked for without a lock, stored afterwards.

A crash in between loses nothing: the attempt stands, and asking again with its key gives the same page.
"""

from __future__ import annotations

import uuid
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import structlog
from sqlalchemy import select, update
from sqlalchemy.exc import IntegrityError

from portal.audit.enums import Audience
from portal.audit.services import record
from portal.billing.enums import LIVE_ATTEMPTS, AttemptState, PayMethod
from portal.billing.models import CheckoutAttempt, Invoice
from portal.billing.services.settlement import debt_of
from portal.core import clock
from portal.core.access import Actor
from portal.core.context import gateway
from portal.core.db import db
from portal.core.errors import Refused
from portal.core.i18n import _l
from portal.core.transaction import outside_transaction
from portal.gateways.payments import (
    Checkout,
    PaymentProvider,
    ProviderError,
    ProviderRefused,
)
from portal.jobs.services import enqueue

LIFETIME = timedelta(hours=23)
STILL_USEFUL = timedelta(minutes=40)
ONLINE_METHODS = (PayMethod.CARD, PayMethod.BANK_TRANSFER)
ASK_US = _l("For how to pay this invoice, please write to the secretariat.")
log = structlog.get_logger()

Address = Callable[[CheckoutAttempt], str]


def online_payments() -> PaymentProvider | None:
    """The provider; None when no key is configured, and only plain transfers are taken."""
    provider: PaymentProvider | None = gateway("payments")
    return provider


def open_checkout(
    *, invoice: Invoice, method: PayMethod, by: Actor, return_to: Address, cancel_to: Address
) -> CheckoutAttempt:
    """The page on which what is owed now can be paid; an open one for the same amount is used again.

    Raises Refused when nothing is owed, or when the provider cannot be reached (the attempt waits for the next try).
    """
    provider = online_payments()
    if provider is None or method not in ONLINE_METHODS:
        raise Refused(_l("Payment over the internet is not set up here. Please pay by bank transfer."))
    attempt = _attempt(invoice, method, by)
    if attempt.url is not None:
        return attempt
    asked = _request(invoice, attempt, return_to(attempt), cancel_to(attempt))
    attempt_id = attempt.id
    try:
        with outside_transaction():
            checkout = provider.create_checkout(**asked)
    except ProviderRefused as error:
        log.error("checkout_refused", invoice=invoice.number, code=error.code, param=error.param)
        _close(attempt_id)
        raise Refused(
            _l(
                "The payment service did not accept this payment. Please pay by bank transfer, or tell the secretariat."
            )
        ) from error
    except ProviderError as error:
        log.warning("checkout_unavailable", invoice=invoice.number)
        raise Refused(
            _l(
                "The payment service cannot be reached at the moment. Nothing was charged. Please try again in a few minutes, or pay by bank transfer."
            )
        ) from error
    return _opened(attempt_id, checkout)


def _attempt(invoice: Invoice, method: PayMethod, by: Actor) -> CheckoutAttempt:
    """The live attempt for what is owed now, or a new one."""
    owed = debt_of(invoice.id).outstanding_yen
    if not owed:
        is_quiet = debt_of(invoice.id).written_off_yen > 0
        raise Refused(ASK_US if is_quiet else _l("This invoice is paid; there is nothing more to pay."))
    for _try in range(2):
        live = _live(invoice.id, method)
        if live is not None and _is_useful(live, owed):
            return live
        if live is not None:
            _replace(live)
        attempt = _new_attempt(invoice, method, owed, by)
        try:
            with db.session.begin_nested():
                db.session.add(attempt)
        except IntegrityError:
            continue  # a second click was faster: use what it made
        _tell(invoice, attempt, by)
        return attempt
    raise Refused(_l("This invoice is being paid in another window. Please reload the page."))


def _live(invoice_id: int, method: PayMethod) -> CheckoutAttempt | None:
    live = select(CheckoutAttempt).where(
        CheckoutAttempt.invoice_id == invoice_id,
        CheckoutAttempt.method == method,
        CheckoutAttempt.state.in_(LIVE_ATTEMPTS),
    )
    return db.session.scalars(live).one_or_none()


def _is_useful(live: CheckoutAttempt, owed: int) -> bool:
    if live.state in (AttemptState.AWAITING_TRANSFER, AttemptState.PARTLY_FUNDED):
        return live.amount_yen - live.received_yen == owed
    return live.amount_yen == owed and live.expires_at > clock.now() + STILL_USEFUL


def _replace(live: CheckoutAttempt) -> None:
    """Another amount is owed now, or the page is nearly over: it makes room, a job closes it at the provider."""
    live.state = AttemptState.CLOSED
    db.session.flush()
    enqueue("billing.close_checkouts", invoice_id=live.invoice_id)


def _new_attempt(invoice: Invoice, method: PayMethod, owed: int, by: Actor) -> CheckoutAttempt:
    now = clock.now()
    return CheckoutAttempt(
        key=uuid.uuid4().hex,
        invoice_id=invoice.id,
        organisation_id=invoice.organisation_id,
        method=method,
        amount_yen=owed,
        language=by.language,
        expires_at=(now + LIFETIME).replace(microsecond=0),
        created_at=now,
        created_by_id=by.id,
    )


def _request(invoice: Invoice, attempt: CheckoutAttempt, return_to: str, cancel_to: str) -> dict[str, Any]:
    """What the provider is asked: made of rows that never change, so that asking again asks the same."""
    return {
        "amount_yen": attempt.amount_yen,
        "description": f"{invoice.number} {invoice.subject(attempt.language)}",
        "reference": invoice.number,
        "customer_email": str(invoice.buyer.get("email") or ""),
        "customer_ref": f"organisation-{invoice.organisation_id}",
        "methods": {attempt.method.value},
        "success_url": return_to,
        "cancel_url": cancel_to,
        "idempotency_key": attempt.key,
        "metadata": {"attempt": attempt.key, "invoice": invoice.number},
        "language": attempt.language,
        "expires_at": attempt.expires_at,
    }


def _opened(attempt_id: int, checkout: Checkout) -> CheckoutAttempt:
    """Store the page, unless news from the provider has overtaken us."""
    opened = (
        update(CheckoutAttempt)
        .where(CheckoutAttempt.id == attempt_id)
        .values(session_id=checkout.id, url=checkout.url)
    )
    db.session.execute(opened, execution_options={"synchronize_session": "fetch"})
    first = (
        update(CheckoutAttempt)
        .where(CheckoutAttempt.id == attempt_id, CheckoutAttempt.state == AttemptState.STARTED)
        .values(state=AttemptState.OPEN)
    )
    db.session.execute(first, execution_options={"synchronize_session": "fetch"})
    return db.session.get_one(CheckoutAttempt, attempt_id, populate_existing=True)


def _close(attempt_id: int) -> None:
    """Give an attempt up that the provider refused; committed although the request ends in a refusal."""
    closed = update(CheckoutAttempt).where(CheckoutAttempt.id == attempt_id)
    db.session.execute(closed.values(state=AttemptState.CLOSED))
    with outside_transaction():
        pass


def _tell(invoice: Invoice, attempt: CheckoutAttempt, by: Actor) -> None:
    record(
        verb="checkout.opened",
        subject=invoice,
        organisation_id=invoice.organisation_id,
        by=by,
        changes={"method": attempt.method, "amount_yen": attempt.amount_yen},
        audience=Audience.PARTY,
    )
