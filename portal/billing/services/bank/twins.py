"""Deposits that another file of the bank has told of, too: looked for by day and amount in few statements."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import date
from typing import Any

from sqlalchemy import String, and_, func, or_, select, type_coerce

from portal.billing.deposits import DepositState
from portal.billing.models import BankAccount, BankDeposit, BankFile, DepositStanding
from portal.billing.services.bank.reading import FilePlan
from portal.core.db import db
from portal.domain.reconciliation import Line, may_be_same, told_twice

MOST_LISTED = 1_000  # values in one statement
MOST_SHOWN = 20
_deposit, _state, _file = BankDeposit.__table__.c, DepositStanding.__table__.c.state, BankFile.__table__.c
_LINE = (
    _deposit.id, _deposit.bank_file_id, _deposit.booked_on, _deposit.amount_yen, _deposit.payer_name,
    type_coerce(_file.kind, String), and_(_state.is_not(None), _state == DepositState.CANCELLED),
)  # fmt: skip


def doubles_on(days: Collection[date], amounts: Collection[int] = ()) -> frozenset[int]:
    """Deposits of these days (and amounts, where they are few) that may be money of another file's deposit."""
    crowded = _crowded(days)
    return frozenset(told_twice(_lines(crowded, amounts))) if crowded else frozenset()


def twins_of(deposit: BankDeposit) -> Sequence[tuple[BankDeposit, DepositState]]:
    """The deposits of other files that may be the same money, and where each stands."""
    if deposit.is_cancellation:
        return []
    kind = db.session.get_one(BankFile, deposit.bank_file_id).kind
    same = (
        select(BankDeposit, DepositStanding.state)
        .join(DepositStanding, DepositStanding.deposit_id == BankDeposit.id)
        .join(BankFile, BankFile.id == BankDeposit.bank_file_id)
        .where(
            *_on([deposit.booked_on]),
            BankDeposit.amount_yen == deposit.amount_yen,
            BankDeposit.bank_file_id != deposit.bank_file_id,
            BankDeposit.is_cancellation.is_(False),
            or_(DepositStanding.state != DepositState.CANCELLED, BankFile.kind != kind),
        )
        .order_by(BankDeposit.id)
    )
    found = [(other, state) for other, state in db.session.execute(same)]
    return [each for each in found if may_be_same(deposit.payer_name, each[0].payer_name)][:MOST_SHOWN]


def known_before(plan: FilePlan, but: int | None = None) -> dict[str, int]:
    """New deposits of a file that may be here already, by identity, each with one of those; `but` is the file itself."""
    here = _lines(
        {each.entry.booked_on for each in plan.deposits}, {e.entry.amount_yen for e in plan.deposits}
    )
    coming = [
        Line(-place, 0, each.entry.booked_on, each.entry.amount_yen, each.entry.payer_name, plan.kind)
        for place, each in enumerate(plan.deposits, start=1)
    ]
    found = told_twice([*(line for line in here if line.file_id != but), *coming])
    return {plan.deposits[-id - 1].identity: others[0] for id, others in found.items() if id < 0}


def _crowded(days: Collection[date]) -> set[date]:
    """Those days of which more than one file told."""
    told = select(_deposit.booked_on).group_by(_deposit.booked_on)
    told = told.having(func.min(_deposit.bank_file_id) < func.max(_deposit.bank_file_id))
    return set(db.session.connection().execute(told.where(*_on(days))).scalars())


def _lines(days: Collection[date], amounts: Collection[int]) -> list[Line]:
    """All money of these days, whatever became of it."""
    standing = DepositStanding.__table__
    lines = (
        select(*_LINE)
        .join_from(BankDeposit.__table__, BankFile.__table__, _file.id == _deposit.bank_file_id)
        .outerjoin(standing, standing.c.deposit_id == _deposit.id)  # those of a new file stand nowhere yet
        .where(*_on(days), _deposit.is_cancellation.is_(False))
    )
    if 0 < len(amounts) <= MOST_LISTED:
        lines = lines.where(_deposit.amount_yen.in_(sorted(amounts)))
    return [Line._make(row) for row in db.session.connection().execute(lines)]


def _on(days: Collection[date]) -> tuple[Any, ...]:
    """These days of any account, along the index; more of them than a statement takes are one span."""
    accounts = _deposit.bank_account_id.in_(select(BankAccount.id))
    if len(days) > MOST_LISTED:
        return accounts, _deposit.booked_on.between(min(days), max(days))
    return accounts, _deposit.booked_on.in_(sorted(days))
