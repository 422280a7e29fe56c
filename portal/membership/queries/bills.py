"""The invoices with which a term is billed, and the one on which the contract rests: everybody asks here."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from sqlalchemy import ColumnElement, case, func, or_, select

from portal.billing.enums import OWED, FeeProduct
from portal.billing.models import Invoice, InvoiceLine, InvoiceReplacement, Receivable
from portal.billing.queries.credits import left_of_lines
from portal.billing.queries.invoices import any_invoice
from portal.billing.queries.replacements import asked_by, issued_anew
from portal.core.db import db
from portal.membership.models import ContractTerm, TierChange

TERM_SOURCE = "term:"
CHANGE_SOURCE = "tier_change:"
BACK_SOURCE = "tier_change_back:"  # the invoice for the tier before, once a change was taken back


def term_of_invoice(invoice: Invoice) -> int | None:
    """The term that an invoice bills: its own one, or that of a change of tier."""
    kind, _, number = asked_by(invoice).partition(":")
    if not number.isdigit():
        return None
    if f"{kind}:" == TERM_SOURCE:
        return int(number)
    if f"{kind}:" not in (CHANGE_SOURCE, BACK_SOURCE):
        return None
    return db.session.scalar(select(TierChange.term_id).where(TierChange.id == int(number)))


def bills_of(term_id: int) -> Sequence[Receivable]:
    """What is owed on every invoice of the term's fee: the first, then one for each change, in their order.

    One that was issued anew stands after the one in whose place it is, however late that was.
    """
    key, link, change = f"{TERM_SOURCE}{term_id}", InvoiceReplacement, TierChange.__table__.c
    its = change.term_id == term_id
    changes = select(func.concat(CHANGE_SOURCE, change.id)).where(its)
    backs = select(func.concat(BACK_SOURCE, change.id)).where(its)
    root = func.coalesce(link.root_key, Invoice.source_key)
    number = select(func.min(change.id)).where(
        its, root.in_((func.concat(CHANGE_SOURCE, change.id), func.concat(BACK_SOURCE, change.id)))
    )
    mine = select(Receivable).join(Invoice, Invoice.id == Receivable.invoice_id)
    mine = mine.join(link, link.replaced_by_id == Invoice.id, isouter=True)
    mine = mine.where(or_(*(_is_or_is_for(keys) for keys in ([key], changes, backs))))
    # the first one, then change after change: its invoice, and the one that takes it back
    order = (case((root == key, 0), else_=1), number.scalar_subquery(), func.length(root), Invoice.id)
    return db.session.scalars(mine.order_by(*order), execution_options={"populate_existing": True}).all()


def _is_or_is_for(keys: Any) -> ColumnElement[bool]:
    """An invoice that one of the keys asked for, or one that was issued anew in its place."""
    return or_(Invoice.source_key.in_(keys), Invoice.id.in_(issued_anew(keys)))


def leading_bill(term_id: int) -> Receivable | None:
    """The first of which something of the membership's fee was not given back: on it the contract rests.

    Where nothing of any fee is left, the first of which anything is (seats); None: everything was given back.
    """
    standing = [bill for bill in bills_of(term_id) if bill.given_back_yen < bill.total_yen]
    if len(standing) < 2:
        return standing[0] if standing else None
    return next((bill for bill in standing if bears_fee(bill.invoice_id)), standing[0])


def fee_bill(term_id: int) -> Receivable | None:
    """The leading one, where it is for the membership: on seats alone no contract stands, whatever becomes of their money.

    One that was issued anew with the fee in a line of its own words is for the fee too.
    """
    leading = leading_bill(term_id)
    return leading if leading is not None and _is_for_fee(leading.invoice_id) else None


def _is_for_fee(invoice_id: int) -> bool:
    invoice = any_invoice(invoice_id)
    if bore_fee(invoice):
        return bears_fee(invoice_id)
    return any(line.product != FeeProduct.TRAINING.value for line in invoice.lines)


def bears_fee(invoice_id: int) -> bool:
    """Whether a line of the membership's fee still stands.

    Not where a change of tier gave the whole of it back: what a payment that is undone asks for again is no membership's fee.
    """
    invoice = any_invoice(invoice_id)
    if _is_superseded(invoice):
        return False
    left = left_of_lines(invoice)
    return any(left[line.id] for line in _fee_lines(invoice))


def _is_superseded(invoice: Invoice) -> bool:
    change = TierChange.__table__.c
    whole = change.effective_on <= invoice.period_from
    its = select(change.id).where(
        change.credited_invoice_id == invoice.id, change.credit_note_id.is_not(None), whole
    )
    return db.session.scalar(its) is not None


def bore_fee(invoice: Invoice) -> bool:
    """Whether it was issued for a membership's fee, among others."""
    return bool(_fee_lines(invoice))


def _fee_lines(invoice: Invoice) -> list[InvoiceLine]:
    return [line for line in invoice.lines if line.product == FeeProduct.MEMBERSHIP.value]


def owed_for_ended_contracts(organisation_id: int, fiscal_year: int) -> list[Invoice]:
    """Invoices of fees of the company's cancelled contracts of the year that are still asked for: a new one would bill it twice."""
    return [invoice for invoice, bill in _fees_of_ended(organisation_id, fiscal_year) if bill.state in OWED]


def paid_for_ended_contracts(organisation_id: int, fiscal_year: int) -> list[Invoice]:
    """Those that are asked for no more and of which money has settled something after all, not given back."""
    fees = _fees_of_ended(organisation_id, fiscal_year)
    return [invoice for invoice, bill in fees if bill.state not in OWED and bill.debt.settled_yen]


def _fees_of_ended(organisation_id: int, fiscal_year: int) -> list[tuple[Invoice, Receivable]]:
    ended = select(ContractTerm.id).where(
        ContractTerm.organisation_id == organisation_id, ContractTerm.fiscal_year == fiscal_year, ContractTerm.cancelled_on.is_not(None)
    )  # fmt: skip
    bills = (bill for number in db.session.scalars(ended) for bill in bills_of(number))
    return [(any_invoice(bill.invoice_id), bill) for bill in bills if _is_for_fee(bill.invoice_id)]
