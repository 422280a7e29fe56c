"""Attempts to pay, as a person may see them."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import select

from portal.billing.enums import AttemptState
from portal.billing.models import CheckoutAttempt, Invoice
from portal.billing.policy import paying_organisations
from portal.core.access import Actor
from portal.core.db import db
from portal.core.errors import NotFound

WAITING = (AttemptState.AWAITING_TRANSFER, AttemptState.PARTLY_FUNDED)


def attempt_for(person: Actor, key: str) -> CheckoutAttempt:
    """An attempt of one of the person's organisations by its key; NotFound otherwise."""
    mine = select(CheckoutAttempt).where(
        CheckoutAttempt.key == key, CheckoutAttempt.organisation_id.in_(paying_organisations(person))
    )
    found = db.session.scalars(mine).one_or_none()
    if found is None:
        raise NotFound
    return found


def transfers_awaited(invoice: Invoice) -> Sequence[CheckoutAttempt]:
    """Attempts for which the provider waits for a transfer."""
    waiting = select(CheckoutAttempt).where(
        CheckoutAttempt.invoice_id == invoice.id, CheckoutAttempt.state.in_(WAITING)
    )
    return db.session.scalars(waiting.order_by(CheckoutAttempt.id)).all()
