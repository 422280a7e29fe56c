"""Lists for the secretariat: all invoices, filtered, by key; and what waits for a hand."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Any

from sqlalchemy import Select, func, or_, select

from portal.accounts.models import Organisation
from portal.billing.enums import OWED, SETTLED, EventState, ReceivableState
from portal.billing.models import (
    Invoice,
    Payment,
    PaymentReversal,
    ProviderDifference,
    ProviderLook,
    Receivable,
    WebhookEvent,
)
from portal.core.db import db
from portal.core.errors import NotFound
from portal.core.i18n import _l
from portal.core.pages import Slice, keyset

MOST_EXPORTED = 50_000


class Chip(StrEnum):
    """The filters of the list."""

    ALL = "all"
    UNPAID = "unpaid"
    OVERDUE = "overdue"
    PAID = "paid"
    OVERPAID = "overpaid"

    @property
    def label(self) -> object:
        return CHIP_LABELS[self]


CHIP_LABELS = {
    Chip.ALL: _l("All"),
    Chip.UNPAID: _l("Unpaid"),
    Chip.OVERDUE: _l("Overdue"),
    Chip.PAID: _l("Paid"),
    Chip.OVERPAID: _l("Overpaid"),
}


@dataclass(frozen=True, slots=True)
class Filter:
    """What the list shows. `year` is the fiscal year of the fee, `text` a part of a number or a name."""

    chip: Chip
    today: date
    year: int | None = None
    text: str = ""


_ROW = (
    Invoice.id,
    Invoice.number,
    Invoice.organisation_id,
    Organisation.name_ja,
    Organisation.name_en,
    Invoice.subject_ja,
    Invoice.subject_en,
    Invoice.fiscal_year,
    Invoice.issued_on,
    Invoice.purchase_order,
    Invoice.net_yen,
    Invoice.tax_yen,
    Receivable.due_on,
    Receivable.total_yen,
    Receivable.outstanding_yen,
    Receivable.excess_yen,
    Receivable.state,
    Receivable.settled_on,
)


def _shown(language: str) -> tuple[Any, ...]:
    """The columns of a row on the page, in the reader's language."""
    english = language == "en"
    name = (
        func.coalesce(func.nullif(Organisation.name_en, ""), Organisation.name_ja)
        if english
        else Organisation.name_ja
    )
    subject = Invoice.subject_en if english else Invoice.subject_ja
    owed = (Receivable.due_on, Receivable.total_yen, Receivable.outstanding_yen, Receivable.state)
    return (Invoice.id, Invoice.number, name, subject, Invoice.issued_on, *owed)


def _filtered(chosen: Filter, columns: tuple[Any, ...] = _ROW) -> Select[*tuple[Any, ...]]:
    statement: Select[*tuple[Any, ...]] = (
        select(*columns)
        .join(Receivable, Receivable.invoice_id == Invoice.id)
        .join(Organisation, Organisation.id == Invoice.organisation_id)
    )
    if chosen.chip in (Chip.UNPAID, Chip.OVERDUE):
        statement = statement.where(Receivable.state.in_(OWED))
    if chosen.chip is Chip.OVERDUE:
        statement = statement.where(Receivable.due_on < chosen.today)
    if chosen.chip is Chip.PAID:
        statement = statement.where(Receivable.state.in_(SETTLED))
    if chosen.chip is Chip.OVERPAID:
        statement = statement.where(Receivable.state == ReceivableState.OVERPAID)
    if chosen.year is not None:
        statement = statement.where(Invoice.fiscal_year == chosen.year)
    if chosen.text:
        statement = statement.where(_matches(chosen.text))
    return statement


def _matches(text: str) -> Any:
    wanted = text.replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_")
    return or_(
        Invoice.number.ilike(f"%{wanted}%", escape="\\"),
        Organisation.name_ja.ilike(f"%{wanted}%", escape="\\"),
        Organisation.name_kana.ilike(f"%{wanted}%", escape="\\"),
        Organisation.name_en.ilike(f"%{wanted}%", escape="\\"),
        Invoice.purchase_order.ilike(f"%{wanted}%", escape="\\"),
    )


def _order(chosen: Filter) -> tuple[tuple[Any, bool], ...]:
    """What is owed by the day it is due, the rest newest first."""
    if chosen.chip in (Chip.UNPAID, Chip.OVERDUE):
        return ((Receivable.due_on, False), (Invoice.id, False))
    return ((Invoice.id, True),)


def list_invoices(chosen: Filter, *, cursor: str | None, language: str) -> Slice[Any]:
    """One page of id, number, company, subject, days of issue and due, total, open amount, state."""
    return keyset(_filtered(chosen, _shown(language)), *_order(chosen), cursor=cursor, plain=True)


def all_invoices(chosen: Filter) -> Iterator[Any]:
    """Every row of the list, for the export."""
    order = [column.desc() if down else column.asc() for column, down in _order(chosen)]
    rows = db.session.execute(
        _filtered(chosen).order_by(*order).limit(MOST_EXPORTED).execution_options(yield_per=500)
    )
    yield from rows


def fiscal_years() -> Sequence[int]:
    """Years for which something was billed, the latest first."""
    return db.session.scalars(
        select(Invoice.fiscal_year).distinct().order_by(Invoice.fiscal_year.desc())
    ).all()


def payments_of(invoice: Invoice) -> Sequence[tuple[Payment, PaymentReversal | None]]:
    """The payments for an invoice, each with its reversal if it was undone."""
    statement = (
        select(Payment, PaymentReversal)
        .outerjoin(PaymentReversal, PaymentReversal.payment_id == Payment.id)
        .where(Payment.invoice_id == invoice.id)
        .order_by(Payment.id)
    )
    return [(row[0], row[1]) for row in db.session.execute(statement)]


def find_payment(payment_id: int) -> Payment:
    """A payment; NotFound when there is none."""
    found = db.session.get(Payment, payment_id)
    if found is None:
        raise NotFound
    return found


def find_difference(difference_id: int) -> ProviderDifference:
    """A difference; NotFound when there is none."""
    found = db.session.get(ProviderDifference, difference_id)
    if found is None:
        raise NotFound
    return found


def open_differences() -> Sequence[ProviderDifference]:
    """What nobody has resolved yet, oldest first."""
    unresolved = select(ProviderDifference).where(ProviderDifference.resolved_at.is_(None))
    return db.session.scalars(unresolved.order_by(ProviderDifference.id).limit(200)).all()


def waiting_events() -> Sequence[WebhookEvent]:
    """News that is not applied yet, oldest first."""
    waiting = select(WebhookEvent).where(WebhookEvent.state == EventState.RECEIVED)
    return db.session.scalars(waiting.order_by(WebhookEvent.id).limit(50)).all()


def recent_events(*, cursor: str | None) -> Slice[WebhookEvent]:
    """News as it came, the latest first."""
    return keyset(select(WebhookEvent), (WebhookEvent.id, True), cursor=cursor, scalars=True)


def last_look() -> ProviderLook | None:
    """The latest comparison with the provider."""
    return db.session.scalars(select(ProviderLook).order_by(ProviderLook.id.desc()).limit(1)).first()


@dataclass(frozen=True, slots=True)
class Unpaid:
    """How much is owed, for the secretariat's home page."""

    count: int
    yen: int
    overdue_count: int
    overdue_yen: int


def unpaid(today: date) -> Unpaid:
    """Owed in all, and of that past its day."""
    late = Receivable.due_on < today
    row = db.session.execute(
        select(
            func.count(),
            func.coalesce(func.sum(Receivable.outstanding_yen), 0),
            func.count().filter(late),
            func.coalesce(func.sum(Receivable.outstanding_yen).filter(late), 0),
        ).where(Receivable.state.in_(OWED))
    ).one()
    return Unpaid(int(row[0]), int(row[1]), int(row[2]), int(row[3]))
