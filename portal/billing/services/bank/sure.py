"""Apply by itself what is sure: the exact amount, from a payer whose name or code somebody has confirmed."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from datetime import date

import structlog
from sqlalchemy import select

from portal.billing.deposits import DepositState
from portal.billing.models import BankDeposit, DepositStanding
from portal.billing.services.bank.accounts import applies_itself, matching_rules
from portal.billing.services.bank.applying import Share, apply_deposit
from portal.billing.services.bank.cancellations import taken_back_until
from portal.billing.services.bank.owing import open_claims
from portal.billing.services.bank.proposing import asked_of
from portal.billing.services.bank.twins import doubles_on
from portal.core.db import db
from portal.core.errors import Refused
from portal.core.transaction import rollback, transaction
from portal.domain.reconciliation import Grade, OpenClaims, match_one
from portal.jobs.services import enqueue

BATCH = 100
log = structlog.get_logger()


def apply_sure_deposits(after: int = 0) -> int:
    """Apply up to `BATCH` sure deposits, each in a transaction of its own; the next batch is a job of its own.

    Gives how many were applied. What has changed since the deposits were compared is left for somebody to look at.
    """
    if not applies_itself():
        return 0
    ids = _sure(after)
    days, amounts = _about(ids)
    claims, doubles, back, applied = open_claims(days), doubles_on(days, amounts), taken_back_until(), 0
    rollback()
    for deposit_id in ids:
        try:
            with transaction():
                applied += _apply(deposit_id, claims, doubles, back)
        except Refused as refused:
            log.info("deposit_left", deposit=deposit_id, why=str(refused))
    if len(ids) == BATCH:
        with transaction():
            enqueue("billing.apply_sure_deposits", after=ids[-1])
    return applied


def _sure(after: int) -> list[int]:
    sure = select(DepositStanding.deposit_id).where(
        DepositStanding.state == DepositState.OPEN,
        DepositStanding.grade == Grade.AUTOMATIC,
        DepositStanding.deposit_id > after,
    )
    return list(db.session.scalars(sure.order_by(DepositStanding.deposit_id).limit(BATCH)))


def _about(ids: Collection[int]) -> tuple[set[date], set[int]]:
    """Days and amounts of these deposits."""
    rows = db.session.execute(
        select(BankDeposit.booked_on, BankDeposit.amount_yen).where(BankDeposit.id.in_(ids))
    )
    found = rows.all()
    return {row.booked_on for row in found}, {row.amount_yen for row in found}


def _apply(
    deposit_id: int,
    claims: OpenClaims,
    doubles: Collection[int],
    back: Mapping[tuple[int, int, str], date],
) -> bool:
    deposit = db.session.get_one(BankDeposit, deposit_id)
    until = back.get((deposit.bank_account_id, deposit.amount_yen, deposit.payer_name))
    if until is not None and deposit.booked_on <= until:  # the bank may have taken this money back
        return False
    standing = db.session.get_one(DepositStanding, deposit_id, populate_existing=True)
    asked = asked_of(deposit, standing, is_told_twice=deposit_id in doubles)
    match = match_one(asked, claims, matching_rules())
    still = standing.state is DepositState.OPEN and standing.grade is Grade.AUTOMATIC
    if not still or match.grade is not Grade.AUTOMATIC:
        return False
    best = match.proposals[0]
    share = Share(best.parts[0].invoice_id, deposit.amount_yen, 0, deposit.amount_yen)
    apply_deposit(
        deposit=deposit,
        shares=[share],
        seen=standing.round,
        by=None,
        reasons=",".join(sorted(best.reasons)),
        is_automatic=True,
    )
    return True
