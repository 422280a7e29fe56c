"""The versions of an invoice's paper: as it was issued, and each correction."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from sqlalchemy import bindparam, select

from portal.billing.models import Invoice, InvoiceRevision
from portal.billing.policy import paying_organisations
from portal.core.access import Actor
from portal.core.db import db
from portal.core.errors import NotFound

Version = Invoice | InvoiceRevision


def revisions_of(invoice: Invoice) -> Sequence[InvoiceRevision]:
    """The corrections in the order of issue."""
    return db.session.scalars(_REVISIONS, {"invoice": invoice.id}).all()


_REVISIONS = (
    select(InvoiceRevision)
    .where(InvoiceRevision.invoice_id == bindparam("invoice"))
    .order_by(InvoiceRevision.revision)
)


def latest_version(invoice: Invoice) -> Version:
    """The paper that holds: the last correction, or the invoice itself."""
    last = (
        select(InvoiceRevision)
        .where(InvoiceRevision.invoice_id == invoice.id)
        .order_by(InvoiceRevision.revision.desc())
        .limit(1)
    )
    return db.session.scalars(last).first() or invoice


def line_data(version: Version) -> list[dict[str, Any]]:
    """The lines of a version as data; the invoice's own must be loaded."""
    if isinstance(version, InvoiceRevision):
        return list(version.lines)
    return [
        {
            "position": line.position,
            "product": line.product,
            "description_ja": line.description_ja,
            "description_en": line.description_en,
            "detail": line.detail,
            "quantity": line.quantity,
            "unit_price_yen": line.unit_price_yen,
            "amount_yen": line.amount_yen,
            "category": line.category.value,
        }
        for line in version.lines
    ]


def revision_for(person: Actor, revision_id: int) -> InvoiceRevision:
    """A correction for one of the person's organisations; NotFound otherwise."""
    mine = select(InvoiceRevision).where(
        InvoiceRevision.id == revision_id, InvoiceRevision.organisation_id.in_(paying_organisations(person))
    )
    found = db.session.scalars(mine).one_or_none()
    if found is None:
        raise NotFound
    return found


def any_revision(revision_id: int) -> InvoiceRevision:
    """Any correction, for the secretariat; NotFound when there is none."""
    found = db.session.get(InvoiceRevision, revision_id)
    if found is None:
        raise NotFound
    return found
