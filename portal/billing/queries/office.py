"""Lists for the secretariat: all invoices, filtered, by key; and what waits for a hand."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date
from enum import StrEnum
from functools import lru_cache
from typing import Any

from sqlalchemy import (
    ColumnElement,
    Select,
    String,
    bindparam,
    func,
    literal_column,
    or_,
    select,
    type_coerce,
)

from portal.accounts.models import Organisation
from portal.accounts.queries import name_column
from portal.billing.enums import SETTLED, EventState, ReceivableState
from portal.billing.models import (
    Invoice,
    Payment,
    PaymentReversal,
    ProviderDifference,
    ProviderLook,
    Receivable,
    WebhookEvent,
)
from portal.billing.queries.shown import office_state
from portal.core.db import db
from portal.core.errors import NotFound
from portal.core.i18n import _l
from portal.core.pages import Listing, Slice, keyset

MOST_EXPORTED = 50_000


class Chip(StrEnum):
    """The filters of the list."""

    ALL = "all"
    UNPAID = "unpaid"
    OVERDUE = "overdue"
    PAID = "paid"
    OVERPAID = "overpaid"
    WRITTEN_OFF = "written_off"

    @property
    def label(self) -> object:
        return CHIP_LABELS[self]


CHIP_LABELS = {
    Chip.ALL: _l("All"),
    Chip.UNPAID: _l("Unpaid"),
    Chip.OVERDUE: _l("Overdue"),
    Chip.PAID: _l("Paid"),
    Chip.OVERPAID: _l("Advance held"),
    Chip.WRITTEN_OFF: _l("Written off"),
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
    office_state(),
    Receivable.settled_on,
)


def _filtered(chosen: Filter, columns: tuple[Any, ...] = _ROW) -> Select[*tuple[Any, ...]]:
    """The rows that fit; what was typed and the day are given as `like` and `today` when it is asked."""
    statement: Select[*tuple[Any, ...]] = (
        select(*columns)
        .join_from(Invoice.__table__, Receivable.__table__, Receivable.invoice_id == Invoice.id)
        .join(Organisation.__table__, Organisation.id == Invoice.organisation_id)
    )
    if chosen.chip in (Chip.UNPAID, Chip.OVERDUE):
        statement = statement.where(is_owed())
    if chosen.chip is Chip.OVERDUE:
        statement = statement.where(Receivable.due_on < bindparam("today"))
    if chosen.chip is Chip.PAID:
        statement = statement.where(Receivable.state.in_(SETTLED), ~_is_written_off())
    if chosen.chip is Chip.OVERPAID:
        statement = statement.where(Receivable.state == ReceivableState.OVERPAID)
    if chosen.chip is Chip.WRITTEN_OFF:
        statement = statement.where(_is_written_off())
    if chosen.year is not None:
        statement = statement.where(Invoice.fiscal_year == chosen.year)
    if chosen.text:
        named = (
            Invoice.number,
            Organisation.name_ja,
            Organisation.name_kana,
            Organisation.name_en,
            Invoice.purchase_order,
        )
        statement = statement.where(or_(*(each.ilike(bindparam("like"), escape="\\") for each in named)))
    return statement


def is_owed() -> ColumnElement[bool]:
    """Something is still to be paid (state in OWED), in the words of `ix_receivables_owed`: rows come by the day due."""
    return Receivable.__table__.c.outstanding_yen > literal_column("0")


def _is_written_off() -> ColumnElement[bool]:
    return Receivable.__table__.c.written_off_yen > literal_column("0")


def _typed(chosen: Filter) -> dict[str, Any]:
    typed: dict[str, Any] = {"today": chosen.today} if chosen.chip is Chip.OVERDUE else {}
    if chosen.text:
        wanted = chosen.text.replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_")
        typed["like"] = f"%{wanted}%"
    return typed


def _order(chosen: Filter) -> tuple[tuple[Any, bool], ...]:
    """What is owed by the day it is due, the rest newest first."""
    if chosen.chip in (Chip.UNPAID, Chip.OVERDUE):
        return ((Receivable.__table__.c.due_on, False), (Receivable.__table__.c.invoice_id, False))
    return ((Invoice.__table__.c.id, True),)


def list_invoices(chosen: Filter, *, cursor: str | None, language: str) -> Slice[Any]:
    """One page of id, number, company, subject, days of issue and due, total, open amount, state."""
    kind = replace(chosen, today=date.min, text="…" if chosen.text else "")
    return _listing(kind, language).slice(cursor, **_typed(chosen))


@lru_cache(maxsize=200)
def _listing(chosen: Filter, language: str) -> Listing:
    bills, owed, name = Invoice.__table__.c, Receivable.__table__.c, name_column(language)
    subject = bills.subject_en if language == "en" else bills.subject_ja
    state = type_coerce(office_state(), String)
    columns = (
        bills.id,
        bills.number,
        name,
        subject,
        bills.issued_on,
        owed.due_on,
        owed.total_yen,
        owed.outstanding_yen,
        state,
    )
    return Listing(_filtered(chosen, columns), *_order(chosen))


def all_invoices(chosen: Filter) -> Iterator[Any]:
    """Every row of the list, for the export."""
    order = [column.desc() if down else column.asc() for column, down in _order(chosen)]
    rows = db.session.execute(
        _filtered(chosen).order_by(*order).limit(MOST_EXPORTED).execution_options(yield_per=500),
        _typed(chosen),
    )
    yield from rows


def fiscal_years() -> Sequence[int]:
    """Years from the first to the latest for which something was billed, the latest first."""
    first, last = db.session.connection().execute(_FIRST_AND_LAST_YEAR).one()
    return [] if first is None else range(last, first - 1, -1)


_FIRST_AND_LAST_YEAR = select(  # two looks into the index, however many invoices there are
    *(select(edge(Invoice.__table__.c.fiscal_year)).scalar_subquery() for edge in (func.min, func.max))
)


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
        ).where(is_owed())
    ).one()
    return Unpaid(int(row[0]), int(row[1]), int(row[2]), int(row[3]))
