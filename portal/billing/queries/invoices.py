"""Invoices as a person may see them."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import Select, select
from sqlalchemy.orm import joinedload, selectinload

from portal.billing.models import Invoice, Receipt
from portal.billing.policy import paying_organisations
from portal.core.access import Actor
from portal.core.db import db
from portal.core.errors import NotFound
from portal.core.pages import Slice, keyset
from portal.files.models import StoredFile


def invoice_for(person: Actor, invoice_id: int) -> Invoice:
    """An invoice of one of the person's organisations, with lines and receivable; NotFound otherwise."""
    mine = select(Invoice).where(
        Invoice.id == invoice_id, Invoice.organisation_id.in_(paying_organisations(person))
    )
    return _whole(mine)


def any_invoice(invoice_id: int) -> Invoice:
    """Any invoice, for the secretariat and for jobs; NotFound when there is none."""
    return _whole(select(Invoice).where(Invoice.id == invoice_id))


def _whole(statement: Select[Invoice]) -> Invoice:
    options = (joinedload(Invoice.receivable), joinedload(Invoice.organisation), selectinload(Invoice.lines))
    fresh = statement.options(*options).execution_options(populate_existing=True)
    found = db.session.scalars(fresh).one_or_none()
    if found is None:
        raise NotFound
    return found


def invoices_for(person: Actor, *, cursor: str | None = None) -> Slice[Invoice]:
    """The invoices of the person's organisations, newest first."""
    mine = (
        select(Invoice)
        .where(Invoice.organisation_id.in_(paying_organisations(person)))
        .options(joinedload(Invoice.receivable), joinedload(Invoice.organisation))
    )
    return keyset(mine, (Invoice.id, True), cursor=cursor, scalars=True)


def receipts_of(invoice: Invoice) -> Sequence[Receipt]:
    """Receipts of an invoice in the order of issue, voided ones included."""
    statement = select(Receipt).where(Receipt.invoice_id == invoice.id).options(joinedload(Receipt.void))
    return db.session.scalars(statement.order_by(Receipt.id)).all()


def receipt_for(person: Actor, receipt_id: int) -> Receipt:
    """A receipt of one of the person's organisations; NotFound otherwise."""
    mine = select(Receipt).where(
        Receipt.id == receipt_id, Receipt.organisation_id.in_(paying_organisations(person))
    )
    found = db.session.scalars(mine).one_or_none()
    if found is None:
        raise NotFound
    return found


def paper(file_id: int) -> StoredFile:
    """The kept file of a document that the caller has already loaded through the person."""
    return db.session.get_one(StoredFile, file_id)


def any_receipt(receipt_id: int) -> Receipt:
    """Any receipt, for the secretariat; NotFound when there is none."""
    found = db.session.get(Receipt, receipt_id)
    if found is None:
        raise NotFound
    return found
