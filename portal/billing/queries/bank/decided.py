"""What was decided about a deposit, and what it paid."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from sqlalchemy import func, select

from portal.accounts.models import Organisation, Person
from portal.billing.models import (
    Allocation,
    DecisionReversal,
    DepositDecision,
    DepositPart,
    FeeReturn,
    Invoice,
)
from portal.core.db import db


def decisions_of(deposit_id: int) -> Sequence[Any]:
    """Rows of decision, its reversal if it was undone, and who did each; the latest first."""
    decider, undoer = Person.__table__.alias("decider"), Person.__table__.alias("undoer")
    statement = (
        select(
            DepositDecision,
            DecisionReversal,
            decider.c.name.label("decided_by"),
            undoer.c.name.label("undone_by"),
        )
        .outerjoin(DecisionReversal, DecisionReversal.decision_id == DepositDecision.id)
        .outerjoin(decider, decider.c.id == DepositDecision.decided_by_id)
        .outerjoin(undoer, undoer.c.id == DecisionReversal.reversed_by_id)
        .where(DepositDecision.deposit_id == deposit_id)
        .order_by(DepositDecision.id.desc())
    )
    return db.session.execute(statement).all()


def parts_of(deposit_id: int) -> Sequence[Any]:
    """Rows of invoice id, number, company (ja, en), amount, fee of the decision that holds, and how much of the amount settled it."""
    undone = select(DecisionReversal.decision_id)
    settled = (
        select(func.coalesce(func.sum(Allocation.amount_yen), 0))
        .where(Allocation.payment_id == DepositPart.payment_id, Allocation.invoice_id == Invoice.id)
        .correlate(DepositPart, Invoice)
        .scalar_subquery()
    )
    statement = (
        select(
            Invoice.id,
            Invoice.number,
            Organisation.name_ja,
            Organisation.name_en,
            DepositPart.amount_yen,
            FeeReturn.total_yen.label("fee_yen"),
            settled,
        )
        .join(DepositDecision, DepositDecision.id == DepositPart.decision_id)
        .join(Invoice, Invoice.id == DepositPart.invoice_id)
        .join(Organisation, Organisation.id == Invoice.organisation_id)
        .outerjoin(
            FeeReturn,
            (FeeReturn.decision_id == DepositPart.decision_id) & (FeeReturn.invoice_id == Invoice.id),
        )
        .where(DepositDecision.deposit_id == deposit_id, DepositDecision.id.not_in(undone))
    )
    return db.session.execute(statement.order_by(Invoice.id)).all()


def deposit_of(payment_id: int) -> int | None:
    """The deposit that a payment came from."""
    found = (
        select(DepositDecision.deposit_id)
        .join(DepositPart, DepositPart.decision_id == DepositDecision.id)
        .where(DepositPart.payment_id == payment_id)
    )
    return db.session.scalar(found)
