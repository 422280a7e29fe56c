"""What the home pages show of billing."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import select
from sqlalchemy.orm import joinedload

from portal.billing.enums import OWED
from portal.billing.models import Invoice, Receivable
from portal.billing.policy import paying_organisations
from portal.core.access import Actor
from portal.core.db import db


def owed_by(person: Actor, *, most: int = 10) -> Sequence[Invoice]:
    """Invoices that the person's organisations still have to pay, by the day they are due."""
    statement = (
        select(Invoice)
        .join(Receivable, Receivable.invoice_id == Invoice.id)
        .where(Receivable.organisation_id.in_(paying_organisations(person)), Receivable.state.in_(OWED))
        .options(joinedload(Invoice.receivable), joinedload(Invoice.organisation))
        .order_by(Receivable.due_on, Invoice.id)
        .limit(most)
    )
    return db.session.scalars(statement).all()
