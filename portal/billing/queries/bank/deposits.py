"""Deposits as the office lists and opens them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from functools import cache
from typing import Any

from sqlalchemy import String, and_, case, func, not_, or_, select, type_coerce

from portal.accounts.models import Organisation
from portal.accounts.queries.organisations import name_column
from portal.billing.deposits import DepositState
from portal.billing.models import (
    BankAccount,
    BankDeposit,
    BankFile,
    DepositStanding,
    Invoice,
    Receivable,
)
from portal.core.db import db
from portal.core.errors import NotFound
from portal.core.i18n import _l
from portal.core.pages import PAGE_SIZE, Listing, Slice
from portal.domain.reconciliation import Grade


class DepositChip(StrEnum):
    """The filters of the list."""

    UNDECIDED = "undecided"
    PROPOSED = "proposed"
    APPLIED = "applied"
    PARKED = "parked"
    ASIDE = "set_aside"
    ALL = "all"

    @property
    def label(self) -> object:
        return CHIP_LABELS[self]


CHIP_LABELS = {
    DepositChip.UNDECIDED: _l("To be decided"),
    DepositChip.PROPOSED: _l("With a proposal"),
    DepositChip.APPLIED: _l("Applied to invoices"),
    DepositChip.PARKED: _l("Parked"),
    DepositChip.ASIDE: _l("Set aside"),
    DepositChip.ALL: _l("All"),
}

_STATES = {
    DepositChip.APPLIED: DepositState.APPLIED,
    DepositChip.PARKED: DepositState.PARKED,
    DepositChip.ASIDE: DepositState.ASIDE,
}
_PAYS_NOTHING = (DepositState.RETURNED, DepositState.ASIDE, DepositState.CANCELLED)


def list_deposits(
    chip: DepositChip, *, language: str, cursor: str | None = None, size: int = PAGE_SIZE
) -> Slice[Any]:
    """Rows of id, day, payer, amount, state, grade, invoice, company, number of invoices, whether it cancels; newest first."""
    return _deposits(chip, language).slice(cursor, size)


@cache
def _deposits(chip: DepositChip, language: str) -> Listing:
    deposit, standing, invoice = BankDeposit.__table__.c, DepositStanding.__table__.c, Invoice.__table__.c
    owed: Any = Receivable.__table__
    # settled since they were compared: a proposal is none any more, before the next comparison says so
    is_stale = or_(
        and_(standing.state == DepositState.OPEN, owed.c.outstanding_yen == 0),
        standing.state.in_(_PAYS_NOTHING),
    )
    statement = (
        select(
            deposit.id,
            deposit.booked_on,
            deposit.payer_name,
            deposit.amount_yen,
            type_coerce(standing.state, String),
            case((is_stale, Grade.NONE.value), else_=type_coerce(standing.grade, String)),
            invoice.number,
            name_column(language),
            standing.invoices,
            deposit.is_cancellation,
        )
        .select_from(DepositStanding.__table__)
        .join(BankDeposit.__table__, deposit.id == standing.deposit_id)
        .outerjoin(owed, owed.c.invoice_id == standing.invoice_id)
        .outerjoin(Invoice.__table__, and_(invoice.id == standing.invoice_id, not_(is_stale)))
        .outerjoin(Organisation.__table__, Organisation.__table__.c.id == invoice.organisation_id)
    )
    if chip is DepositChip.ALL:
        return Listing(statement, (standing.deposit_id, True))
    statement = statement.where(standing.state == _STATES.get(chip, DepositState.OPEN))
    if chip is DepositChip.PROPOSED:
        statement = statement.where(standing.grade != Grade.NONE, not_(is_stale))
    return Listing(statement, (standing.booked_on, True), (standing.deposit_id, True))


@dataclass(frozen=True, slots=True)
class Seen:
    """A deposit with where it stands and where it came from."""

    deposit: BankDeposit
    standing: DepositStanding
    file: BankFile
    account: BankAccount


def find_deposit(deposit_id: int) -> Seen:
    """A deposit; NotFound when there is none."""
    statement = (
        select(BankDeposit, DepositStanding, BankFile, BankAccount)
        .join(DepositStanding, DepositStanding.deposit_id == BankDeposit.id)
        .join(BankFile, BankFile.id == BankDeposit.bank_file_id)
        .join(BankAccount, BankAccount.id == BankDeposit.bank_account_id)
        .where(BankDeposit.id == deposit_id)
        .execution_options(populate_existing=True)
    )
    row = db.session.execute(statement).one_or_none()
    if row is None:
        raise NotFound
    return Seen(*row)


def next_open_deposit(standing: DepositStanding) -> tuple[int, int | None]:
    """How many deposits are still to be decided, and the next of them below this one on the list (then from its top)."""
    there = DepositStanding.state == DepositState.OPEN
    others = (there, DepositStanding.deposit_id != standing.deposit_id)
    below = or_(
        DepositStanding.booked_on < standing.booked_on,
        and_(
            DepositStanding.booked_on == standing.booked_on, DepositStanding.deposit_id < standing.deposit_id
        ),
    )
    order = (below.desc(), DepositStanding.booked_on.desc(), DepositStanding.deposit_id.desc())
    following = select(DepositStanding.deposit_id).where(*others).order_by(*order).limit(1)
    count = db.session.scalar(select(func.count()).select_from(DepositStanding).where(*others)) or 0
    return int(count), db.session.scalar(following)


@dataclass(frozen=True, slots=True)
class Outside:
    """How many deposits stand in no account of the books, and what they come to: undecided, and set aside."""

    undecided: tuple[int, int] = (0, 0)
    aside: tuple[int, int] = (0, 0)


def money_outside(until: date) -> Outside:
    """Deposits until a day that are not in the books."""
    outside = (
        select(DepositStanding.state, func.count(), func.sum(BankDeposit.amount_yen))
        .join(BankDeposit, BankDeposit.id == DepositStanding.deposit_id)
        .where(
            DepositStanding.state.in_((DepositState.OPEN, DepositState.ASIDE)),
            DepositStanding.booked_on <= until,
            BankDeposit.is_cancellation.is_(False),
        )
        .group_by(DepositStanding.state)
    )
    found = {state: (int(count), int(amount)) for state, count, amount in db.session.execute(outside)}
    return Outside(found.get(DepositState.OPEN, (0, 0)), found.get(DepositState.ASIDE, (0, 0)))
