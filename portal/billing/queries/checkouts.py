"""Attempts to pay, as a person may see them."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import String, bindparam, select, type_coerce

from portal.billing.enums import AttemptState
from portal.billing.models import CheckoutAttempt, Invoice
from portal.billing.policy import paying_organisations
from portal.core.access import Actor
from portal.core.db import db, written
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
    """Attempts for which the provider waits for just what is owed; an account for another amount is shown to nobody."""
    owed = invoice.receivable.outstanding_yen
    found = db.session.scalars(_AWAITED, {"invoice": invoice.id}).all()
    return [each for each in found if each.amount_yen - each.received_yen == owed]


_AWAITED = (
    select(CheckoutAttempt)
    .where(
        CheckoutAttempt.invoice_id == bindparam("invoice"),
        type_coerce(CheckoutAttempt.__table__.c.state, String).in_(written(*WAITING)),
    )
    .order_by(CheckoutAttempt.id)
)
