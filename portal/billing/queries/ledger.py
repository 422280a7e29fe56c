"""The books: sums that must be nothing, the trial balance."""

from __future__ import annotations

from datetime import date

from sqlalchemy import func, select, union_all

from portal.billing.models import JournalEntry, LedgerTransfer
from portal.core.db import db
from portal.domain.ledger import Account, Balance


def ledger_sum() -> int:
    """All legs added up, debit as positive: 0 at every moment."""
    legs = union_all(
        select(LedgerTransfer.amount_yen.label("amount")),
        select((-LedgerTransfer.amount_yen).label("amount")),
    ).subquery()
    return int(db.session.scalar(select(func.coalesce(func.sum(legs.c.amount), 0))) or 0)


def trial_balance(until: date | None = None) -> tuple[Balance, ...]:
    """Every account with its turnover up to and with a day (None: all)."""
    debits, credits = _turnover(LedgerTransfer.debit, until), _turnover(LedgerTransfer.credit, until)
    return tuple(Balance(each, debits.get(each, 0), credits.get(each, 0)) for each in Account)


def _turnover(side: object, until: date | None) -> dict[Account, int]:
    statement = select(side, func.sum(LedgerTransfer.amount_yen)).group_by(side)  # type: ignore[call-overload]
    if until is not None:
        statement = statement.join(JournalEntry, JournalEntry.id == LedgerTransfer.entry_id)
        statement = statement.where(JournalEntry.booked_on <= until)
    return {account: int(total) for account, total in db.session.execute(statement)}
