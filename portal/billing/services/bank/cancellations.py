"""Transfers that the bank took back (01: 取消区分 1; 03: 訂正 that goes out): paired with the deposit that they cancel while nobody has used it."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import date

from sqlalchemy import ColumnElement, Select, and_, or_, select

from portal.audit.services import record
from portal.billing.deposits import DepositState
from portal.billing.models import BankDeposit, DepositStanding
from portal.billing.services.bank.decisions import decide, standing_of
from portal.core.access import Actor
from portal.core.db import db
from portal.domain.reconciliation import Grade

_UNDECIDED = and_(DepositStanding.state == DepositState.OPEN, DepositStanding.grade == Grade.NONE)


def cancel_pairs(*, by: Actor | None) -> int:
    """Settle each undecided cancellation with an equal undecided deposit; gives how many.

    Also those of earlier files: the bank's files may be imported in any order. One whose deposit has been applied stays undecided:
    the office undoes that first.
    """
    paired = 0
    for cancellation in db.session.scalars(_cancellations(_UNDECIDED)).all():
        deposit = pair_of(cancellation)
        if deposit is not None:
            settle_pair(cancellation, deposit, by=by)
            paired += 1
    return paired


def taken_back_until() -> dict[tuple[int, int, str], date]:
    """Of each account, amount and payer the last day of a cancellation that settles no deposit: undecided, or set aside as alone."""
    found = _cancellations(or_(_UNDECIDED, DepositStanding.state == DepositState.ASIDE))
    return {(c.bank_account_id, c.amount_yen, c.payer_name): c.booked_on for c in db.session.scalars(found)}


def _cancellations(where: ColumnElement[bool]) -> Select[BankDeposit]:
    """Nothing fits a cancellation, so the index of grades leads to them."""
    told = select(BankDeposit).join(DepositStanding, DepositStanding.deposit_id == BankDeposit.id)
    return told.where(where, BankDeposit.is_cancellation).order_by(BankDeposit.booked_on, BankDeposit.id)


def pair_of(cancellation: BankDeposit) -> BankDeposit | None:
    """The newest undecided deposit of the same payer, amount and account, not later than its cancellation."""
    return newest_equal(
        cancellation.bank_account_id,
        cancellation.amount_yen,
        cancellation.payer_name,
        cancellation.booked_on,
    )


def newest_equal(
    account_id: int,
    amount_yen: int,
    payer_name: str,
    until: date,
    *,
    states: Sequence[DepositState] = (DepositState.OPEN,),
    but: Collection[int] = (),
) -> BankDeposit | None:
    """The newest deposit of this account, amount and payer until that day, in one of the states and not one of `but`."""
    same = (
        select(BankDeposit)
        .join(DepositStanding, DepositStanding.deposit_id == BankDeposit.id)
        .where(
            DepositStanding.state.in_(states),
            BankDeposit.is_cancellation.is_(False),
            BankDeposit.bank_account_id == account_id,
            BankDeposit.amount_yen == amount_yen,
            BankDeposit.payer_name == payer_name,
            BankDeposit.booked_on <= until,
            BankDeposit.id.not_in(but),
        )
    )
    newest = same.order_by(BankDeposit.booked_on.desc(), BankDeposit.id.desc())
    return db.session.scalars(newest.limit(1)).first()


def settle_pair(cancellation: BankDeposit, deposit: BankDeposit, *, by: Actor | None) -> None:
    """Neither counts any more."""
    for each in (deposit, cancellation):
        decide(each, DepositState.CANCELLED, seen=standing_of(each.id).round, by=by)
        record(
            verb="deposit.cancelled",
            subject=each,
            by=by,
            changes={"amount_yen": each.amount_yen, "payer_name": each.payer_name},
        )
