"""Whether memberships stand where their money does, for `renkei books verify`."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from sqlalchemy import func, select

from portal.billing.models import Invoice, InvoiceReplacement, Receivable
from portal.core.db import db
from portal.membership.models import ContractTerm, Renewal, TierChange
from portal.membership.queries.bills import BACK_SOURCE, CHANGE_SOURCE, TERM_SOURCE, fee_bill
from portal.membership.queries.renewals import outlasting


def contract_problems() -> list[str]:
    """In plain words what does not hold; empty when all is well."""
    return [*_active_for_nothing(), *_asked_for_nothing()]


def _active_for_nothing() -> Iterator[str]:
    """An active contract rests on a fee of which money has settled something. One that was never billed here is left out."""
    bills = _bills()
    active = select(ContractTerm.id).where(
        ContractTerm.activated_on.is_not(None), ContractTerm.cancelled_on.is_(None)
    )
    for term_id in db.session.scalars(active.order_by(ContractTerm.id)):
        standing = bills.get(term_id, [])
        if len(standing) == 1 and not standing[0].credited_yen:
            if not standing[0].debt.settled_yen:
                yield f"contract {term_id}: active, and no money has settled anything of its invoice"
            continue
        leading = fee_bill(term_id) if standing else None
        if standing and leading is None:
            yield f"contract {term_id}: active, and no fee is left on its invoices"
        elif leading is not None and not leading.debt.settled_yen:
            yield f"contract {term_id}: active, and no money has settled anything of the invoice on which it rests"


def _bills() -> dict[int, list[Receivable]]:
    """What is owed on every invoice of a contract's fee, by contract; three statements."""
    changes = {row[0]: row[1] for row in db.session.execute(select(TierChange.id, TierChange.term_id))}
    link: Any = InvoiceReplacement
    root = func.coalesce(link.root_key, Invoice.source_key)
    rows = (
        select(root, Receivable)
        .join(Invoice, Invoice.id == Receivable.invoice_id)
        .join(link, link.replaced_by_id == Invoice.id, isouter=True)
    )
    found: dict[int, list[Receivable]] = {}
    for key, bill in db.session.execute(rows):
        kind, _, number = key.partition(":")
        if not number.isdigit():
            continue
        if f"{kind}:" == TERM_SOURCE:
            found.setdefault(int(number), []).append(bill)
        elif f"{kind}:" in (CHANGE_SOURCE, BACK_SOURCE) and int(number) in changes:
            found.setdefault(changes[int(number)], []).append(bill)
    return found


def _asked_for_nothing() -> Iterator[str]:
    """Nobody is asked to renew a contract that was cancelled."""
    for number in db.session.scalars(outlasting().order_by(Renewal.id)):
        yield f"renewal {number}: open, though the contract that it follows was cancelled"
