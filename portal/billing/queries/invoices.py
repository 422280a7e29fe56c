"""Invoices as a person may see them."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from sqlalchemy import Select, bindparam, select
from sqlalchemy.orm import joinedload

from portal.billing.models import Invoice, Receipt
from portal.billing.policy import paying_organisations
from portal.core.access import Actor
from portal.core.db import any_of, db
from portal.core.errors import NotFound
from portal.core.pages import Listing, Slice
from portal.files.models import StoredFile


def invoice_for(person: Actor, invoice_id: int) -> Invoice:
    """An invoice of one of the person's organisations, with lines and receivable; NotFound otherwise."""
    return _one(_MINE, id=invoice_id, organisations=paying_organisations(person))


def any_invoice(invoice_id: int) -> Invoice:
    """Any invoice, for the secretariat and for jobs; NotFound when there is none."""
    return _one(_ANY, id=invoice_id)


_ANY = (
    select(Invoice)
    .where(Invoice.id == bindparam("id"))
    .options(joinedload(Invoice.receivable), joinedload(Invoice.organisation), joinedload(Invoice.lines))
    .execution_options(populate_existing=True)
)
_MINE = _ANY.where(Invoice.organisation_id.in_(any_of("organisations")))


def _one(statement: Select[Invoice], **asked: Any) -> Invoice:
    found: Invoice | None = db.session.scalars(statement, asked).unique().one_or_none()
    if found is None:
        raise NotFound
    return found


def invoices_for(person: Actor, *, cursor: str | None = None) -> Slice[Invoice]:
    """The invoices of the person's organisations, newest first."""
    return _THEIRS.objects(cursor, organisations=paying_organisations(person))


_THEIRS = Listing(
    select(Invoice)
    .where(Invoice.organisation_id.in_(any_of("organisations")))
    .options(joinedload(Invoice.receivable), joinedload(Invoice.organisation)),
    (Invoice.id, True),
)


def receipts_of(invoice: Invoice) -> Sequence[Receipt]:
    """Receipts of an invoice in the order of issue, voided ones included."""
    return db.session.scalars(_RECEIPTS, {"invoice": invoice.id}).all()


_RECEIPTS = (
    select(Receipt)
    .where(Receipt.invoice_id == bindparam("invoice"))
    .options(joinedload(Receipt.void))
    .order_by(Receipt.id)
)


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
