"""Who is who at the provider, and what they have there."""

from __future__ import annotations

from datetime import UTC, datetime

from sqlalchemy import update

from portal.billing.models import PayerBalance
from portal.core.db import db, insert_or_ignore

NEVER = datetime(2000, 1, 1, tzinfo=UTC)


def note_payer(organisation_id: int, customer: str) -> None:
    """The company's name at the provider."""
    insert_or_ignore(
        PayerBalance, customer=customer, organisation_id=organisation_id, balance_yen=0, seen_at=NEVER
    )


def note_balance(customer: str, amount_yen: int, looked_at: datetime) -> None:
    """What a payer has there; a look that is older than the last one changes nothing."""
    newer = update(PayerBalance).where(PayerBalance.customer == customer, PayerBalance.seen_at < looked_at)
    db.session.execute(
        newer.values(balance_yen=max(amount_yen, 0), seen_at=looked_at),
        execution_options={"synchronize_session": "fetch"},
    )
