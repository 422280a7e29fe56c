"""Money received by month and method, and what else moved our accounts, beside what the books say."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from typing import Any

from sqlalchemy import String, cast, func, select

from portal.billing.enums import PayMethod
from portal.billing.models import JournalEntry, Payment, PaymentReversal, Receivable
from portal.billing.queries.books.parts import (
    BOOKED,
    debit_of,
    entries,
    touches,
    whole,
    year_and_month,
)
from portal.core.db import db
from portal.domain.deferral import Month, months_of
from portal.domain.ledger import Account, EntryKind
from portal.domain.terms import FiscalYear

MONEY = (Account.BANK, Account.STRIPE_CLEARING)
_PAID = (EntryKind.PAYMENT_RECEIVED, EntryKind.PAYMENT_REVERSED)
_PARKED = (EntryKind.DEPOSIT_PARKED, EntryKind.DEPOSIT_TAKEN_UP, EntryKind.DEPOSIT_SENT_BACK)
_BACK = (EntryKind.PAID_BACK, EntryKind.TAKEN_BACK)
_KNOWN = (*_PAID, *_PARKED, *_BACK)


@dataclass(frozen=True, slots=True)
class CashMonth:
    """A month: payments by method, payments undone and money paid back (both positive), suspense receipts less what was sent
    back, anything else; `closing_yen` is the money on our accounts at its end, `paid_in_books_yen` payments less undone there."""

    month: Month
    by_method: dict[PayMethod, int]
    undone_yen: int
    paid_back_yen: int
    parked_yen: int
    other_yen: int
    closing_yen: int
    paid_in_books_yen: int

    @property
    def received_yen(self) -> int:
        """Payments less those undone."""
        return sum(self.by_method.values()) - self.undone_yen

    @property
    def moved_yen(self) -> int:
        """All that the month changed on our accounts."""
        return self.received_yen - self.paid_back_yen + self.parked_yen + self.other_yen

    @property
    def kept_yen(self) -> int:
        """What stayed of it: less what went back, was contested, or was kept as a fee."""
        return self.received_yen - self.paid_back_yen + self.other_yen

    @property
    def fits(self) -> bool:
        """Whether payments as written down are what the books say."""
        return self.received_yen == self.paid_in_books_yen


def cash_by_month(year: FiscalYear) -> tuple[CashMonth, ...]:
    """The twelve months of a fiscal year; three statements."""
    received, undone, moved = _received(year), _undone(year), _moved(year)
    months = months_of(year)
    standing = sum(yen for (month, _kind), yen in moved.items() if month < months[0])
    found = []
    for month in months:
        here = {kind: yen for (each, kind), yen in moved.items() if each == month}
        standing += sum(here.values())
        found.append(
            CashMonth(
                month=month,
                by_method={method: received[month, method] for method in PayMethod},
                undone_yen=undone[month],
                paid_back_yen=-sum(here.get(kind, 0) for kind in _BACK),
                parked_yen=sum(here.get(kind, 0) for kind in _PARKED),
                other_yen=sum(yen for kind, yen in here.items() if kind not in _KNOWN),
                closing_yen=standing,
                paid_in_books_yen=sum(here.get(kind, 0) for kind in _PAID),
            )
        )
    return tuple(found)


def _received(year: FiscalYear) -> Counter[tuple[Month, PayMethod]]:
    when = year_and_month(Payment.received_on)
    rows = (
        select(*when, Payment.method, func.sum(Payment.amount_yen))
        .where(Payment.received_on >= year.starts_on, Payment.received_on <= year.ends_on)
        .group_by(*when, Payment.method)
    )
    return Counter({(Month(y, m), method): int(yen) for y, m, method, yen in db.session.execute(rows)})


def _undone(year: FiscalYear) -> Counter[Month]:
    """Payments taken back, in the month in which the books took them back."""
    of_payment = func.concat("reversal:", cast(Payment.provider, String), ":", Payment.provider_reference)
    when = year_and_month(JournalEntry.booked_on)
    rows = (
        select(*when, func.sum(Payment.amount_yen))
        .select_from(PaymentReversal)
        .join(Payment, Payment.id == PaymentReversal.payment_id)
        .join(JournalEntry, JournalEntry.source == of_payment)
        .where(JournalEntry.booked_on >= year.starts_on, JournalEntry.booked_on <= year.ends_on)
        .group_by(*when)
    )
    return Counter({Month(y, m): int(yen) for y, m, yen in db.session.execute(rows)})


def _moved(year: FiscalYear) -> dict[tuple[Month, Any], int]:
    """What each kind of entry moved on our accounts a month, from the beginning of the books."""
    when = year_and_month(entries.booked_on)
    rows = (
        select(*when, entries.kind, func.sum(debit_of(*MONEY)))
        .select_from(BOOKED)
        .where(touches(*MONEY), entries.booked_on <= year.ends_on)
        .group_by(*when, entries.kind)
    )
    return {(Month(y, m), kind): whole((yen,))[0] for y, m, kind, yen in db.session.execute(rows)}


def due_by_month(year: FiscalYear) -> Counter[Month]:
    """What invoices ask for by the month in which they are due, less what was given back; one statement."""
    when = year_and_month(Receivable.due_on)
    rows = (
        select(*when, func.sum(Receivable.total_yen - Receivable.credited_yen))
        .where(Receivable.due_on >= year.starts_on, Receivable.due_on <= year.ends_on)
        .group_by(*when)
    )
    return Counter({Month(y, m): int(yen) for y, m, yen in db.session.execute(rows)})
