"""Payments that somebody has recorded by hand: the bank's file may tell of the same money later."""

from __future__ import annotations

from collections.abc import Collection
from datetime import date, timedelta

from sqlalchemy import select

from portal.billing.enums import PaymentSource
from portal.billing.models import Payment, PaymentReversal
from portal.billing.services.reversals import DEPOSIT
from portal.core.db import db
from portal.domain.reconciliation import Recorded
from portal.domain.reconciliation.claims import MOST_DAYS_APART


def recorded_about(days: Collection[date]) -> list[Recorded]:
    """What was recorded by hand about these days, came from no deposit, and was not undone."""
    if not days:
        return []
    apart = timedelta(days=MOST_DAYS_APART)
    first = min(days) - apart if min(days) > date.min + apart else date.min
    payment = Payment.__table__.c
    mine = select(
        payment.organisation_id,
        payment.amount_yen,
        payment.received_on,
        payment.invoice_id,
        payment.payer_name,
    ).where(
        payment.provider == PaymentSource.BANK,
        payment.received_on.between(first, max(days) + apart),
        payment.provider_reference.not_like(f"{DEPOSIT}%"),
        payment.id.not_in(select(PaymentReversal.payment_id)),
    )
    return [Recorded._make(row) for row in db.session.connection().execute(mine)]
