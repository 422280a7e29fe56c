"""Which invoice stands in the place of another, and which one holds for what asked for the first."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, ScalarSelect, Select, func, select

from portal.billing.models import Invoice, InvoiceReplacement
from portal.core.db import db


@dataclass(frozen=True, slots=True)
class Neighbours:
    """The invoices before and after one in its chain."""

    before: Invoice | None
    after: Invoice | None


def neighbours(invoice: Invoice) -> Neighbours:
    """What an invoice replaces, and what replaces it."""
    chain = select(Invoice).join(InvoiceReplacement, InvoiceReplacement.invoice_id == Invoice.id)
    before = chain.where(InvoiceReplacement.replaced_by_id == invoice.id)
    after = (
        select(Invoice)
        .join(InvoiceReplacement, InvoiceReplacement.replaced_by_id == Invoice.id)
        .where(InvoiceReplacement.invoice_id == invoice.id)
    )
    return Neighbours(db.session.scalars(before).first(), db.session.scalars(after).first())


def is_replaced(invoice: Invoice) -> bool:
    """Whether another stands in its place."""
    found = select(InvoiceReplacement.id).where(InvoiceReplacement.invoice_id == invoice.id)
    return db.session.scalar(found) is not None


def asked_by(invoice: Invoice) -> str:
    """The key of what asked for the first invoice of the chain (`term:17`), whichever of the chain this is."""
    return _link(invoice)[0]


def place_of(invoice: Invoice) -> int:
    """How many invoices the chain had before this one."""
    return _link(invoice)[1]


def _link(invoice: Invoice) -> tuple[str, int]:
    mine = select(InvoiceReplacement.root_key, InvoiceReplacement.place)
    row = db.session.execute(mine.where(InvoiceReplacement.replaced_by_id == invoice.id)).one_or_none()
    return (row[0], row[1]) if row else (invoice.source_key, 0)


def standing_id(key: Any) -> ColumnElement[Any]:
    """SQL: the id of the invoice that holds for a source key (a value or a column); NULL without one."""
    first = Invoice.__table__.alias("first_invoice")
    original = select(first.c.id).where(first.c.source_key == key).scalar_subquery()
    link = InvoiceReplacement.__table__.alias("replacement")
    latest: ScalarSelect[Any] = (
        select(link.c.replaced_by_id)
        .where(link.c.root_key == key)
        .order_by(link.c.place.desc())
        .limit(1)
        .scalar_subquery()
    )
    return func.coalesce(latest, original)


def issued_anew(keys: Any) -> Select[Any]:
    """SQL: every invoice in the place of one that these source keys (a list or a select) asked for."""
    return select(InvoiceReplacement.replaced_by_id).where(InvoiceReplacement.root_key.in_(keys))


def standing_invoice(key: str) -> Invoice | None:
    """The invoice that holds for a source key."""
    return db.session.scalars(select(Invoice).where(Invoice.id == standing_id(key))).first()


def standing_invoices(keys: Iterable[str]) -> dict[str, Invoice]:
    """By source key, the invoice that holds for it."""
    wanted = list(keys)
    found = {
        row.source_key: row
        for row in db.session.scalars(select(Invoice).where(Invoice.source_key.in_(wanted)))
    }
    later = (
        select(InvoiceReplacement.root_key, Invoice)
        .join(Invoice, Invoice.id == InvoiceReplacement.replaced_by_id)
        .where(InvoiceReplacement.root_key.in_(wanted))
        .order_by(InvoiceReplacement.place)
    )
    return found | {row[0]: row[1] for row in db.session.execute(later)}
