"""Fees and returns as the books hold them, with the months over which each is spread.

What a change (of tier) gives back is spread over the rest that it gives back, which the invoice bills that the same change asked
for: both papers have one `source_key`. What ends before its period does (seats) is given back by a note of the rest (`REST` begins its
key) and spread from the day of the note on. Every other return mirrors the period of its invoice.
"""

from __future__ import annotations

from datetime import date
from typing import Any

from sqlalchemy import BigInteger, and_, case, cast, func, literal_column, not_, or_

from portal.billing.models import CreditNote, Invoice
from portal.billing.models.credits import REST
from portal.billing.queries.books.parts import BOOKED, NOTHING, entries, touches, transfers
from portal.core.db import written
from portal.domain.deferral import Month, Share
from portal.domain.ledger import Account, EntryKind

FEES = (Account.FEE_DEFERRED, Account.FEE_REVENUE)
bills = Invoice.__table__.c
_notes, _SWAP = CreditNote.__table__.c, Invoice.__table__.alias("swap")
_NOTE = "credit_note:"  # how `services.credits` names the entry of a credit note
_NOTE_ID = case(
    (
        entries.kind == written(EntryKind.CREDIT_GIVEN)[0],
        cast(func.substr(entries.source, literal_column(str(len(_NOTE) + 1))), BigInteger),
    )
)


def _with_swap(booked: Any) -> Any:
    """Beside a return, the invoice of the change that asked for both."""
    noted = booked.outerjoin(CreditNote.__table__, _notes.id == _NOTE_ID)
    return noted.outerjoin(_SWAP, _SWAP.c.source_key == _notes.source_key)


WITH_BILL: Any = _with_swap(BOOKED.outerjoin(Invoice.__table__, bills.id == entries.invoice_id))
_OF_THE_REST = and_(
    _notes.source_key.like(literal_column(f"'{REST}%'")), _notes.returned_on > bills.period_from
)
PERIOD = (
    case((_OF_THE_REST, _notes.returned_on), else_=func.coalesce(_SWAP.c.period_from, bills.period_from)),
    func.coalesce(_SWAP.c.period_to, bills.period_to),
)
# An entry that only turns deferred income into income moves no fee.
MOVES_A_FEE = and_(
    touches(*FEES), not_(and_(transfers.debit.in_(written(*FEES)), transfers.credit.in_(written(*FEES))))
)


def in_income() -> Any:
    """1 where an entry moved income itself: a fee kept back on a day before the period, written down after it began."""
    moved = or_(*(side == written(Account.FEE_REVENUE)[0] for side in (transfers.debit, transfers.credit)))
    return case((moved, literal_column("1")), else_=NOTHING)


def is_return() -> Any:
    """1 for what was given back, and for a return that was undone: it was never charged."""
    return case((entries.kind == written(EntryKind.INVOICE_ISSUED)[0], NOTHING), else_=literal_column("1"))


def share(
    year: int, month: int, first: date | None, last: date | None, net: int, in_income: int = 0, is_return: int = 0, count: int = 1
) -> Share:  # fmt: skip
    booked = Month(year, month)
    return Share(
        booked, first or booked.first_day, last or booked.last_day, int(net), count, in_income=bool(in_income),
        is_return=bool(is_return),
    )  # fmt: skip
