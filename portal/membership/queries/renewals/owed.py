"""The invoice of a term, and what lapsed renewals still owe."""

from __future__ import annotations

from typing import Any

from sqlalchemy import func, select

from portal.accounts.models import Organisation
from portal.billing.enums import ReceivableState
from portal.billing.models import Invoice, Receivable
from portal.billing.queries.replacements import standing_id
from portal.core.db import db
from portal.domain.renewal_flow import RenewalState
from portal.membership.models import (
    ContractTerm,
    Renewal,
)

TERM_SOURCE = "term:"


def receivable_of(term_id: int) -> tuple[Invoice, Receivable] | None:
    """The invoice of a term and what is owed on it."""
    found = select(Invoice, Receivable).join(Receivable, Receivable.invoice_id == Invoice.id)
    row = db.session.execute(found.where(Invoice.id == standing_id(f"{TERM_SOURCE}{term_id}"))).one_or_none()
    return (row[0], row[1]) if row else None


def owed_by_lapsed(most: int = 50) -> list[Any]:
    """(renewal, invoice's id and number, company, yen still open) of lapsed renewals whose invoice was neither paid nor given
    back: the place where the secretariat sees what a credit note has to settle."""
    rows = (
        select(
            Renewal.id, Invoice.id, Invoice.number, Organisation.name_ja, Organisation.name_en, Receivable.outstanding_yen
        )
        .join(ContractTerm, ContractTerm.id == Renewal.term_id)
        .join(Invoice, Invoice.id == standing_id(func.concat(TERM_SOURCE, ContractTerm.id)))
        .join(Receivable, Receivable.invoice_id == Invoice.id)
        .join(Organisation, Organisation.id == Renewal.organisation_id)
        .where(
            Renewal.state == RenewalState.LAPSED,
            Receivable.state.in_((ReceivableState.UNPAID, ReceivableState.PARTLY_PAID)),
        )
        .order_by(Renewal.id)
        .limit(most)
    )  # fmt: skip
    return list(db.session.execute(rows))
