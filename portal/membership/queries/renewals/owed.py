"""The invoice on which a contract rests, and what lapsed renewals still owe."""

from __future__ import annotations

from typing import Any

from sqlalchemy import ColumnElement, func, select, union_all

from portal.accounts.models import Organisation
from portal.billing.enums import OWED
from portal.billing.models import Invoice, Receivable
from portal.billing.queries.replacements import standing_id
from portal.core.db import db
from portal.domain.renewal_flow import RenewalState
from portal.membership.models import Renewal, TierChange
from portal.membership.queries.bills import BACK_SOURCE, CHANGE_SOURCE, TERM_SOURCE, leading_bill


def receivable_of(term_id: int) -> tuple[Invoice, Receivable] | None:
    """The invoice on which a contract rests (`leading_bill`) and what is owed on it; the first one where all was given back."""
    leading = leading_bill(term_id)
    number = leading.invoice_id if leading else standing_id(f"{TERM_SOURCE}{term_id}")
    found = select(Invoice, Receivable).join(Receivable, Receivable.invoice_id == Invoice.id)
    row = db.session.execute(found.where(Invoice.id == number)).one_or_none()
    return (row[0], row[1]) if row else None


def is_quiet(renewal: Renewal) -> bool:
    """Whether the claim on which its contract rests is written off: no mail and no page asks for that money."""
    found = receivable_of(renewal.term_id) if renewal.is_agreed and renewal.term_id else None
    return found is not None and found[1].written_off_yen > 0


def owed_by_lapsed(most: int = 50) -> list[Any]:
    """(renewal, invoice's id and number, company, yen still open) of lapsed renewals for every invoice of the contract that was
    neither paid nor given back: the place where the secretariat sees what a credit note has to settle."""
    bills = bills_of_renewals(Renewal.state == RenewalState.LAPSED).subquery()
    rows = (
        select(
            bills.c.renewal_id, Invoice.id, Invoice.number, Organisation.name_ja, Organisation.name_en, Receivable.outstanding_yen
        )
        .join(Invoice, Invoice.id == bills.c.invoice_id)
        .join(Receivable, Receivable.invoice_id == Invoice.id)
        .join(Organisation, Organisation.id == Invoice.organisation_id)
        .where(Receivable.state.in_(OWED))
        .order_by(bills.c.renewal_id, Invoice.id)
        .limit(most)
    )  # fmt: skip
    return list(db.session.execute(rows))


def bills_of_renewals(are_wanted: ColumnElement[bool]) -> Any:
    """SQL: (renewal_id, invoice_id) of the renewals that are so: the contract's invoice, those of its changes and of what was taken back."""
    first = select(
        Renewal.id.label("renewal_id"), standing_id(func.concat(TERM_SOURCE, Renewal.term_id)).label("invoice_id")
    ).where(are_wanted, Renewal.term_id.is_not(None))  # fmt: skip
    changes = [
        select(Renewal.id, standing_id(func.concat(source, TierChange.id)))
        .join(TierChange, TierChange.term_id == Renewal.term_id)
        .where(are_wanted)
        for source in (CHANGE_SOURCE, BACK_SOURCE)
    ]
    return union_all(first, *changes)
