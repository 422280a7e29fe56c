"""Undo a decision about a deposit: everything stays, and its opposite is added."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import select

from portal.audit.services import record
from portal.billing.deposits import DepositState
from portal.billing.models import BankDeposit, DepositDecision, DepositPart, FeeReturn, Payment
from portal.billing.queries.invoices import any_invoice
from portal.billing.queries.receipted import holding_receipts
from portal.billing.services import settlement
from portal.billing.services.bank.aliases import forget_name
from portal.billing.services.bank.decisions import take_back
from portal.billing.services.bank.fees import undo_fee
from portal.billing.services.bank.parking import unpost
from portal.billing.services.bank.proposing import refresh
from portal.billing.services.reopening import tell_if_less
from portal.billing.services.reversals import reverse_payment
from portal.core.access import Actor
from portal.core.db import db
from portal.core.errors import Refused
from portal.core.i18n import _l


def undo_deposit(*, deposit: BankDeposit, reason: str, seen: int, by: Actor) -> None:
    """Make a decided deposit undecided again; what it had paid is owed again, unless an advance covers it.

    Raises Refused without a reason or when money of it was paid back since, OutOfDate for the slower of two.
    """
    if not reason.strip():
        raise Refused(_l("Please say why this is undone."), field="reason")
    decision = take_back(deposit, seen=seen, reason=reason, by=by)
    if decision.state is DepositState.APPLIED:
        _undo_payments(deposit, decision, reason, by)
    elif decision.state in (DepositState.PARKED, DepositState.RETURNED):
        unpost(deposit, decision)
    record(
        verb="deposit.undone",
        subject=deposit,
        by=by,
        changes={"amount_yen": deposit.amount_yen, "state": [decision.state, DepositState.OPEN]},
        note=reason[:300],
    )
    refresh(deposit)


def _undo_payments(deposit: BankDeposit, decision: DepositDecision, reason: str, by: Actor) -> None:
    fees = {fee.invoice_id: fee for fee in _fees(decision)}
    payers = set()
    for part in _parts(decision):
        invoice = any_invoice(part.invoice_id)
        payers.add(invoice.organisation_id)
        before, held = settlement.debt_of(invoice.id), holding_receipts(invoice.id)
        fee = fees.get(invoice.id)
        if fee is not None:  # first: the receipt that is made void stood on both
            undo_fee(fee, invoice, reason=reason, by=by)
        payment = db.session.get_one(Payment, part.payment_id)
        reverse_payment(payment=payment, invoice=invoice, reason=reason, by=by, with_deposit=True, held=held)
        if fee is not None:
            tell_if_less(invoice, before)
    for organisation_id in payers:
        forget_name(deposit, organisation_id, by=by)


def _parts(decision: DepositDecision) -> Sequence[DepositPart]:
    mine = select(DepositPart).where(DepositPart.decision_id == decision.id)
    return db.session.scalars(mine.order_by(DepositPart.invoice_id)).all()


def _fees(decision: DepositDecision) -> Sequence[FeeReturn]:
    return db.session.scalars(select(FeeReturn).where(FeeReturn.decision_id == decision.id)).all()
