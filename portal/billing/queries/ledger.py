"""The books: sums that must be nothing, the trial balance, and what must hold between books and documents."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import and_, func, select, union_all

from portal.billing.deposits import DepositState
from portal.billing.models import (
    AdvancePart,
    Allocation,
    AllocationRelease,
    BankDeposit,
    CheckoutAttempt,
    CreditNote,
    DecisionReversal,
    DepositDecision,
    DepositPart,
    DepositStanding,
    Dispute,
    FeeReturn,
    Invoice,
    JournalEntry,
    LedgerTransfer,
    NumberSeries,
    Payment,
    PaymentReversal,
    PaymentWithdrawal,
    Receipt,
    ReceiptVoid,
    Receivable,
    Refund,
    RefundOrder,
    RefundReversal,
    WriteOff,
)
from portal.billing.returns import UNDER_WAY, Booking, OrderState
from portal.core.db import db
from portal.core.i18n import _l
from portal.domain.ledger import Account, Balance
from portal.domain.numbering import DocumentKind


def ledger_sum() -> int:
    """All legs added up, debit as positive: 0 at every moment."""
    legs = union_all(
        select(LedgerTransfer.amount_yen.label("amount")),
        select((-LedgerTransfer.amount_yen).label("amount")),
    ).subquery()
    return int(db.session.scalar(select(func.coalesce(func.sum(legs.c.amount), 0))) or 0)


def trial_balance(until: date | None = None) -> tuple[Balance, ...]:
    """Every account with its turnover up to and with a day (None: all)."""
    debits, credits = _turnover(LedgerTransfer.debit, until), _turnover(LedgerTransfer.credit, until)
    return tuple(Balance(each, debits.get(each, 0), credits.get(each, 0)) for each in Account)


def _turnover(side: object, until: date | None) -> dict[Account, int]:
    statement = select(side, func.sum(LedgerTransfer.amount_yen)).group_by(side)  # type: ignore[call-overload]
    if until is not None:
        statement = statement.join(JournalEntry, JournalEntry.id == LedgerTransfer.entry_id)
        statement = statement.where(JournalEntry.booked_on <= until)
    return {account: int(total) for account, total in db.session.execute(statement)}


_UNDONE = select(DecisionReversal.decision_id)
_BY_ORDER = select(RefundOrder.refund_id).where(RefundOrder.refund_id.is_not(None))
_IS_SETTLED = and_(Receivable.outstanding_yen == 0, Receivable.total_yen - Receivable.credited_yen > 0)


@dataclass(frozen=True, slots=True)
class Problem:
    """Something that must hold and does not."""

    rule: Any  # lazy words
    expected: int
    found: int


def book_problems() -> list[Problem]:
    """What must hold between books, payments and documents, and does not; empty when all is well."""
    balances = {balance.account: balance.net_yen for balance in trial_balance()}
    received = _sum(Payment.amount_yen) - _sum(
        Payment.amount_yen, Payment.id.in_(select(PaymentReversal.payment_id))
    )
    kept = _sum(Allocation.amount_yen) - _sum(
        Allocation.amount_yen, Allocation.payment_id.in_(select(PaymentReversal.payment_id))
    )
    kept -= _sum(
        AllocationRelease.amount_yen, AllocationRelease.payment_id.not_in(select(PaymentReversal.payment_id))
    )
    kept -= _sum(AdvancePart.released_yen, AdvancePart.payment_id.not_in(select(PaymentReversal.payment_id)))
    taken = _sum(PaymentWithdrawal.settled_yen)
    taken_excess = _sum(PaymentWithdrawal.excess_yen)
    withdrawn = _sum(PaymentWithdrawal.amount_yen)
    kept -= taken
    owed, excess = _sum(Receivable.outstanding_yen), _sum(Receivable.excess_yen)
    back = _sum(Refund.amount_yen) - _sum(Refund.amount_yen, Refund.id.in_(select(RefundReversal.refund_id)))
    credited, written_off = _sum(Receivable.credited_yen), _sum(WriteOff.amount_yen)
    promised = _sum(
        RefundOrder.amount_yen, RefundOrder.booking == Booking.ADVANCE, RefundOrder.state.in_(UNDER_WAY)
    )
    at_provider = balances[Account.STRIPE_CLEARING] + balances[Account.DISPUTED]
    provider_fees = balances[Account.STRIPE_FEES] + balances[Account.DISPUTE_FEES]
    fees = _sum(FeeReturn.total_yen, FeeReturn.decision_id.not_in(_UNDONE))
    net_yen, tax_yen = _on_papers()
    parked, applied = _deposits(DepositState.PARKED), _deposits(DepositState.APPLIED)
    receipts = select(Receipt.invoice_id).where(Receipt.id.not_in(select(ReceiptVoid.receipt_id)))
    checks = (
        (_l("Ledger adds up to nothing"), 0, ledger_sum()),
        (_l("Receivables in the books are what is owed"), owed, balances[Account.RECEIVABLE]),
        (_l("Advances in the books are what came in too much"), excess, -balances[Account.ADVANCE_RECEIVED]),
        (_l("Money in the books is what was received and not paid back, taken back or kept as a fee"), received - back - withdrawn + parked - provider_fees, balances[Account.BANK] + at_provider),
        (_l("What was received settles, is an advance, or was paid or taken back"), received, kept + excess + back + promised + taken + taken_excess),
        (_l("Refunds under way in the books are the orders that are"), promised, -balances[Account.REFUNDS_UNDER_WAY]),
        (_l("Every refund that was given back by the provider is booked once"), _sum(RefundOrder.amount_yen, RefundOrder.booking == Booking.ADVANCE, RefundOrder.state == OrderState.SUCCEEDED),
         _sum(Refund.amount_yen, Refund.id.in_(_BY_ORDER), Refund.id.not_in(select(RefundReversal.refund_id)))),
        (_l("Contested money in the books is what the provider holds"), _sum(Dispute.held_yen), balances[Account.DISPUTED]),
        (_l("Fees for contested payments are booked once"), _sum(Dispute.fee_yen), balances[Account.DISPUTE_FEES]),
        (_l("Losses are what was written off or taken after it had gone elsewhere"), written_off + withdrawn - taken - taken_excess, balances[Account.LOSSES]),
        (_l("What was asked for is owed, settled or credited"), _sum(Receivable.total_yen), owed + kept + credited),
        (_l("What was credited stands on credit notes, is a transfer fee or was written off"), credited, _sum(CreditNote.total_yen) + fees + written_off),
        (_l("Fees in the books are those of the papers"), net_yen, -balances[Account.FEE_DEFERRED] - balances[Account.FEE_REVENUE]),
        (_l("Tax in the books is that of the papers"), tax_yen, -balances[Account.TAX_PAYABLE]),
        (_l("Suspense receipts are the parked deposits"), parked, -balances[Account.SUSPENSE]),
        (_l("Applied deposits stand in payments to the last yen"), applied,
         _sum(DepositPart.amount_yen, DepositPart.decision_id.not_in(_UNDONE))),
        (_l("Where a deposit stands is what was decided last"), _count(DepositStanding, DepositStanding.state != DepositState.OPEN),
         _count(DepositDecision, DepositDecision.id.not_in(_UNDONE))),
        (_l("Every settled invoice has its receipt"), 0,
         _count(Receivable, _IS_SETTLED, Receivable.invoice_id.not_in(receipts))),
        (_l("No receipt for what is still owed"), 0,
         _count(Receivable, Receivable.outstanding_yen > 0, Receivable.invoice_id.in_(receipts))),
        (_l("The provider's money is booked once"), _sum(CheckoutAttempt.received_yen),
         _sum(Payment.amount_yen, Payment.attempt_id.is_not(None))),
        (_l("Invoice numbers have no gap"), _last_numbers(DocumentKind.INVOICE), _count(Invoice)),
        (_l("Credit note numbers have no gap"), _last_numbers(DocumentKind.CREDIT_NOTE), _count(CreditNote)),
        (_l("Receipt numbers have no gap"), _last_numbers(DocumentKind.RECEIPT), _count(Receipt, Receipt.issue == 0)),
    )  # fmt: skip
    return [Problem(rule, expected, found) for rule, expected, found in checks if expected != found]


def _on_papers() -> tuple[int, int]:
    """Net and tax of invoices, less credit notes and transfer fees that payers keep back; one statement."""

    def total(model: Any, amount: str, *where: Any) -> Any:
        return select(func.coalesce(func.sum(getattr(model, amount)), 0)).where(*where).scalar_subquery()

    stands = FeeReturn.decision_id.not_in(_UNDONE)
    net, tax = db.session.execute(
        select(
            *(total(Invoice, each) - total(CreditNote, each) - total(FeeReturn, each, stands) for each in ("net_yen", "tax_yen"))
        )
    ).one()  # fmt: skip
    return int(net), int(tax)


def _deposits(state: DepositState) -> int:
    """The money of the deposits that stand there."""
    there = select(DepositStanding.deposit_id).where(DepositStanding.state == state)
    return _sum(BankDeposit.amount_yen, BankDeposit.id.in_(there))


def _sum(column: object, *where: object) -> int:
    return int(db.session.scalar(select(func.coalesce(func.sum(column), 0)).where(*where)) or 0)  # type: ignore[arg-type]


def _count(model: object, *where: object) -> int:
    return int(db.session.scalar(select(func.count()).select_from(model).where(*where)) or 0)  # type: ignore[arg-type]


def _last_numbers(kind: DocumentKind) -> int:
    return _sum(NumberSeries.last, NumberSeries.kind == kind)
