"""What the members of a campaign were asked for and have paid: by their invoices, so credit notes and changes of tier count."""

from __future__ import annotations

from typing import Any

from sqlalchemy import Select, func, select, union, union_all

from portal.billing.models import Invoice, InvoiceReplacement, Receivable
from portal.core.db import db
from portal.membership.models import Renewal, TierChange
from portal.membership.queries.bills import BACK_SOURCE, CHANGE_SOURCE, TERM_SOURCE


def money_of(campaign_id: int) -> tuple[int, int]:
    """Yen billed less what was given back, and yen that have arrived of it, tax included; of renewals that stand agreed."""
    keys = _keys(campaign_id).subquery()
    issued = select(Invoice.id).join(keys, keys.c.key == Invoice.source_key)
    anew = select(InvoiceReplacement.replaced_by_id).join(keys, keys.c.key == InvoiceReplacement.root_key)
    bills = union(issued, anew).subquery()
    owed = Receivable.__table__.c
    net = owed.total_yen - owed.credited_yen
    row = db.session.execute(
        select(
            func.coalesce(func.sum(net + owed.written_off_yen), 0),
            func.coalesce(func.sum(net - owed.outstanding_yen), 0),
        ).where(owed.invoice_id.in_(select(bills.c[0])))
    ).one()
    return int(row[0]), int(row[1])


def _keys(campaign_id: int) -> Any:
    """What asked for the invoices of the new contracts: the contract itself, a change of its tier, one taken back."""
    mine = (Renewal.campaign_id == campaign_id, Renewal.is_agreed)
    terms: Select[Any] = select(func.concat(TERM_SOURCE, Renewal.term_id).label("key")).where(*mine)
    changes = [
        select(func.concat(source, TierChange.id).label("key"))
        .join(Renewal, Renewal.term_id == TierChange.term_id)
        .where(*mine)
        for source in (CHANGE_SOURCE, BACK_SOURCE)
    ]
    return union_all(terms, *changes)
