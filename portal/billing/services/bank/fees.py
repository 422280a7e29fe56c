"""A transfer fee that the payer kept back: less income at the rate of the sale, as a line in the books."""

from __future__ import annotations

from datetime import date

from sqlalchemy import exists, select

from portal.audit.enums import Audience
from portal.audit.services import record
from portal.billing.models import DepositDecision, FeeReturn, Invoice, JournalEntry, LedgerTransfer
from portal.billing.models.deposits import UNDONE
from portal.billing.queries.credits import left_to_return
from portal.billing.queries.deferrals import deferred_yen
from portal.billing.services import ledger, settlement
from portal.billing.services.receipts import void_receipts
from portal.core import clock
from portal.core.access import Actor
from portal.core.db import db
from portal.core.errors import Refused
from portal.core.i18n import _l
from portal.domain import ledger as books
from portal.domain import settlement as rules
from portal.domain.credits import Left, net_of_gross
from portal.domain.ledger import Account, EntryKind
from portal.domain.tax import RoundingMode


def return_fee(
    invoice: Invoice, decision: DepositDecision, amount_yen: int, *, on: date, by: Actor | None
) -> FeeReturn:
    """Ask for less by the fee, at the rate that most of the invoice has (消費税法 第57条の4 第3項). Raises Refused."""
    left = max(left_to_return(invoice).values(), key=lambda each: (each.gross_yen, each.row.category))
    if left.gross_yen < amount_yen:
        raise Refused(_l("The fee is more than what is left of this invoice."))
    net, tax = _split(amount_yen, left, RoundingMode(invoice.rounding))
    made = FeeReturn(
        decision_id=decision.id,
        invoice_id=invoice.id,
        category=left.row.category,
        rate=str(left.row.rate),
        net_yen=net,
        tax_yen=tax,
        total_yen=amount_yen,
        returned_on=on,
    )
    db.session.add(made)
    db.session.flush()
    settlement.move(invoice.id, lambda debt: rules.give_credit(debt, amount_yen), on=on)
    ledger.post(
        EntryKind.FEE_RETURNED,
        source=made.entry_source,
        transfers=books.credit_given(net, tax, deferred_yen=deferred_yen(invoice.id), released_yen=0),
        booked_on=on,
        memo=invoice.number,
        invoice_id=invoice.id,
    )
    _tell("fee.taken_over", made, invoice, by)
    return made


def undo_fee(made: FeeReturn, invoice: Invoice, *, reason: str, by: Actor | None) -> None:
    """The fee is owed again; receipts that stood on it no longer hold."""
    today = clock.today()
    done = settlement.move(invoice.id, lambda debt: rules.take_credit_back(debt, made.total_yen), on=today)
    ledger.post(
        EntryKind.FEE_RETURN_UNDONE,
        source=f"{made.entry_source}{UNDONE}",
        transfers=books.credit_taken_back(made.net_yen, made.tax_yen, deferred=_is_deferred(made)),
        booked_on=today,
        memo=invoice.number,
        invoice_id=invoice.id,
    )
    if done.is_reopened:
        void_receipts(invoice, reason=reason, by=by)
    _tell("fee.no_longer_taken_over", made, invoice, by)


def _split(amount_yen: int, left: Left, mode: RoundingMode) -> tuple[int, int]:
    """Net and tax of the fee, neither more than is left of it."""
    net, tax = net_of_gross(amount_yen, left.row, mode)
    tax = max(min(tax, left.tax_yen), amount_yen - left.net_yen)
    return amount_yen - tax, tax


def _is_deferred(made: FeeReturn) -> bool:
    """Whether the fee went from what was deferred, and the rest of that is no income yet."""
    was = (
        select(LedgerTransfer.id)
        .join(JournalEntry, JournalEntry.id == LedgerTransfer.entry_id)
        .where(JournalEntry.source == made.entry_source, LedgerTransfer.debit == Account.FEE_DEFERRED)
    )
    earned = exists().where(
        JournalEntry.invoice_id == made.invoice_id, JournalEntry.kind == EntryKind.FEE_EARNED
    )
    return db.session.scalar(was) is not None and not db.session.scalar(select(earned))


def _tell(verb: str, made: FeeReturn, invoice: Invoice, by: Actor | None) -> None:
    record(
        verb=verb,
        subject=invoice,
        organisation_id=invoice.organisation_id,
        by=by,
        changes={"amount_yen": made.total_yen, "tax_yen": made.tax_yen},
        audience=Audience.PARTY,
    )
