"""What is owed as of a day, by age: from the books, so that its sum is the account of receivables by construction of every entry.

An invoice that was paid before it was issued stands with a minus between the two days, as it does in the account. The day due is
the one that held on that day: more time that was given later counts from the day on which it was given.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any

from sqlalchemy import BigInteger, ColumnElement, Select, Subquery, case, cast, func, select

from portal.accounts.models import Organisation
from portal.accounts.queries import name_column
from portal.audit.models import AuditEntry
from portal.billing.enums import MORE_TIME
from portal.billing.models import Invoice, Receivable
from portal.billing.queries.books.parts import BOOKED, debit_of, entries, touches, whole
from portal.core import clock
from portal.core.db import db
from portal.core.i18n import DEFAULT
from portal.core.pages import PAGE_SIZE, Slice, keyset
from portal.core.sql import as_day
from portal.domain.ageing import Band, due_since
from portal.domain.ledger import Account

_bills, _bodies, _claims = (model.__table__.c for model in (Invoice, Organisation, Receivable))
MOST_EXPORTED = 50_000


@dataclass(frozen=True, slots=True)
class Age:
    """What is owed in each band, and on how many invoices."""

    yen: dict[Band, int]
    invoices: dict[Band, int]

    @property
    def total_yen(self) -> int:
        return sum(self.yen.values())

    @property
    def late_yen(self) -> int:
        """Past its day."""
        return self.total_yen - self.yen[Band.NOT_DUE]


def ages(on: date) -> Age:
    """Everything that is owed as of a day; one statement."""
    open_ = _open(on).subquery()
    sums = [func.sum(_in(band, on, open_, open_.c.yen)) for band in Band]
    counts = [func.sum(_in(band, on, open_, 1)) for band in Band]
    row = whole(db.session.execute(select(*sums, *counts)).one())
    width = len(Band)
    return Age(dict(zip(Band, row[:width], strict=True)), dict(zip(Band, row[width:], strict=True)))


def ages_by_company(
    on: date,
    *,
    only_late: bool = False,
    language: str = DEFAULT,
    cursor: str | None = None,
    size: int = PAGE_SIZE,
) -> Slice[Any]:
    """Company's id and name, then yen in each band and in all, the largest sums first; one statement."""
    totals = _by_company(on).subquery()
    name = name_column(language)
    columns = (totals.c.organisation_id, name, *(totals.c[band.value] for band in Band), totals.c.total)
    rows = select(*columns).join_from(totals, Organisation.__table__, _bodies.id == totals.c.organisation_id)
    if only_late:
        rows = rows.where(totals.c.total != totals.c[Band.NOT_DUE.value])
    found = keyset(rows, (totals.c.total, True), (totals.c.organisation_id, False), cursor=cursor, size=size)
    items = [(row[0], row[1], *whole(row[2:-2])) for row in found.items]
    return Slice(items, found.next_cursor)


def open_invoices(on: date, organisation_id: int) -> Sequence[Any]:
    """Id, number, days of issue and due, total and open yen of a company's invoices as of a day, by the day due."""
    open_ = _open(on, _bills.organisation_id == organisation_id).subquery()
    rows = (
        select(_bills.id, _bills.number, _bills.issued_on, open_.c.due_on, _bills.total_yen, open_.c.yen)
        .join_from(open_, Invoice.__table__, _bills.id == open_.c.invoice_id)
        .order_by(open_.c.due_on, _bills.id)
    )
    return [(*row[:5], int(row[5])) for row in db.session.execute(rows.limit(MOST_EXPORTED))]


def _open(on: date, *only: ColumnElement[bool]) -> Select[Any]:
    """Each invoice on which something stands open as of a day: company, day due, yen."""
    yen = func.sum(debit_of(Account.RECEIVABLE))
    moved = (
        select(entries.invoice_id, yen.label("yen"))
        .select_from(BOOKED)
        .where(touches(Account.RECEIVABLE), entries.booked_on <= on)
        .group_by(entries.invoice_id)
        .having(yen != 0)
    )
    if only:
        moved = moved.where(entries.invoice_id.in_(select(_bills.id).where(*only)))
    open_ = moved.subquery()
    claims = open_.join(Receivable.__table__, _claims.invoice_id == open_.c.invoice_id)
    due: Any = _claims.due_on
    if on < clock.today():
        before = _before_more_time(on)
        claims = claims.outerjoin(before, before.c.invoice_id == _claims.invoice_id)
        due = func.coalesce(as_day(before.c.due_on), due).label("due_on")
    return select(_claims.invoice_id, _claims.organisation_id, due, open_.c.yen).select_from(claims)


def _before_more_time(on: date) -> Subquery:
    """The day due of claims that were given more time after a day, as it was then; a day due never moves earlier."""
    trail = AuditEntry.__table__.c
    was = func.min(AuditEntry.changes["due_on"][0].as_string())
    later = select(trail.subject_id.label("invoice_id"), was.label("due_on")).where(
        trail.verb == MORE_TIME, trail.subject_type == Invoice.__tablename__, trail.at >= _midnight_after(on)
    )
    return later.group_by(trail.subject_id).subquery()


def _midnight_after(day: date) -> datetime:
    return datetime.combine(day + timedelta(days=1), time(), clock.OFFICE_ZONE)


def _by_company(on: date) -> Select[Any]:
    open_ = _open(on).subquery()
    bands = [_whole(_in(band, on, open_, open_.c.yen)).label(band.value) for band in Band]
    total = _whole(open_.c.yen).label("total")
    return select(open_.c.organisation_id, *bands, total).group_by(open_.c.organisation_id)


def _whole(value: Any) -> ColumnElement[int]:
    """A sum as a whole number: PostgreSQL makes decimals of sums, and no cursor holds those."""
    return cast(func.sum(value), BigInteger)


def _in(band: Band, on: date, open_: Subquery, value: Any) -> ColumnElement[int]:
    """The value where the invoice is in the band, else nothing."""
    fits = open_.c.due_on >= due_since(band, on)
    if band is not Band.NOT_DUE:
        younger = list(Band)[list(Band).index(band) - 1]
        fits = fits & (open_.c.due_on < due_since(younger, on))
    return case((fits, value), else_=0)
