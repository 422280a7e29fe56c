"""What must hold between books, payments and documents: a list of rules, each with what it expects and what is found."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from sqlalchemy import and_, exists, or_, select

from portal.billing.deposits import DepositState
from portal.billing.models import (
    CheckoutAttempt,
    CreditNote,
    DepositDecision,
    DepositPart,
    DepositStanding,
    Dispute,
    FeeReturn,
    Invoice,
    Payment,
    Receipt,
    ReceiptVoid,
    Receivable,
    Refund,
    RefundOrder,
    RefundReversal,
)
from portal.billing.queries.book_figures import UNDONE, Figures, count, deposits, last_number, total
from portal.billing.queries.ledger import ledger_sum
from portal.billing.returns import Booking, OrderState
from portal.core.i18n import _l
from portal.domain.ledger import Account
from portal.domain.numbering import DocumentKind

_BY_ORDER = select(RefundOrder.refund_id).where(RefundOrder.refund_id.is_not(None))
_IS_SETTLED = and_(
    Receivable.outstanding_yen == 0,
    Receivable.total_yen - Receivable.credited_yen > 0,
    Receivable.written_off_yen == 0,
)
_HOLDS = exists().where(
    DepositDecision.deposit_id == DepositStanding.deposit_id, DepositDecision.id.not_in(UNDONE)
)
_STANDS_ELSEWHERE = or_(
    and_(DepositStanding.state == DepositState.OPEN, _HOLDS),
    and_(
        DepositStanding.state != DepositState.OPEN,
        ~_HOLDS.where(DepositDecision.state == DepositStanding.state),
    ),
)
_WITH_RECEIPT = select(Receipt.invoice_id).where(Receipt.id.not_in(select(ReceiptVoid.receipt_id)))


@dataclass(frozen=True, slots=True)
class Rule:
    """Two figures that must be the same, in yen or numbers of rows."""

    words: Any  # lazy
    expected: Callable[[Figures], int]
    found: Callable[[Figures], int]


@dataclass(frozen=True, slots=True)
class Problem:
    """Something that must hold and does not."""

    rule: Any  # lazy words
    expected: int
    found: int


def book_problems() -> list[Problem]:
    """What must hold between books, payments and documents, and does not; empty when all is well."""
    figures = Figures()
    compared = ((rule.words, rule.expected(figures), rule.found(figures)) for rule in RULES)
    return [Problem(words, expected, found) for words, expected, found in compared if expected != found]


def _money_in_books(all_: Figures) -> int:
    return all_.books[Account.BANK] + all_.books[Account.STRIPE_CLEARING] + all_.books[Account.DISPUTED]


def _money_at_hand(all_: Figures) -> int:
    provider_fees = all_.books[Account.STRIPE_FEES] + all_.books[Account.DISPUTE_FEES]
    return all_.received - all_.paid_back - all_.taken + all_.parked - provider_fees


def _where_money_is(all_: Figures) -> int:
    gone = all_.paid_back + all_.promised + all_.taken_settled + all_.taken_excess
    return all_.kept + all_.excess + gone


def _given_back_by_provider(_all: Figures) -> int:
    is_done = RefundOrder.state == OrderState.SUCCEEDED
    return total(RefundOrder.amount_yen, RefundOrder.booking == Booking.ADVANCE, is_done)


def _refunds_by_order(_all: Figures) -> int:
    stands = Refund.id.not_in(select(RefundReversal.refund_id))
    return total(Refund.amount_yen, Refund.id.in_(_BY_ORDER), stands)


def _lost(all_: Figures) -> int:
    return all_.written_off + all_.taken - all_.taken_settled - all_.taken_excess


def _transfer_fees() -> int:
    return total(FeeReturn.total_yen, FeeReturn.decision_id.not_in(UNDONE))


_MONEY = (
    Rule(_l("Ledger adds up to nothing"), lambda _all: 0, lambda _all: ledger_sum()),
    Rule(_l("Receivables in the books are what is owed"), lambda a: a.owed, lambda a: a.books[Account.RECEIVABLE]),
    Rule(_l("Advances in the books are what came in too much"), lambda a: a.excess, lambda a: -a.books[Account.ADVANCE_RECEIVED]),
    Rule(_l("Money in the books is what was received and not paid back, taken back or kept as a fee"), _money_at_hand, _money_in_books),
    Rule(_l("What was received settles, is an advance, or was paid or taken back"), lambda a: a.received, _where_money_is),
)  # fmt: skip

_PROVIDER = (
    Rule(_l("Refunds under way in the books are the orders that are"), lambda a: a.promised, lambda a: -a.books[Account.REFUNDS_UNDER_WAY]),
    Rule(_l("Every refund that was given back by the provider is booked once"), _given_back_by_provider, _refunds_by_order),
    Rule(_l("Contested money in the books is what the provider holds"), lambda _all: total(Dispute.held_yen), lambda a: a.books[Account.DISPUTED]),
    Rule(_l("Fees for contested payments are booked once"), lambda _all: total(Dispute.fee_yen), lambda a: a.books[Account.DISPUTE_FEES]),
    Rule(_l("Losses are what was written off or taken after it had gone elsewhere"), _lost, lambda a: a.books[Account.LOSSES]),
)  # fmt: skip

_PAPERS = (
    Rule(_l("What was asked for is owed, settled or credited"), lambda _all: total(Receivable.total_yen), lambda a: a.owed + a.kept + a.credited),
    Rule(_l("What was credited stands on credit notes, is a transfer fee or was written off"), lambda a: a.credited,
         lambda a: total(CreditNote.total_yen) + _transfer_fees() + a.written_off),
    Rule(_l("What claims say was written off is what write-offs say"), lambda _all: total(Receivable.written_off_yen), lambda a: a.written_off),
    Rule(_l("Fees in the books are those of the papers"), lambda a: a.on_papers[0],
         lambda a: -a.books[Account.FEE_DEFERRED] - a.books[Account.FEE_REVENUE]),
    Rule(_l("Tax in the books is that of the papers"), lambda a: a.on_papers[1], lambda a: -a.books[Account.TAX_PAYABLE]),
)  # fmt: skip

_DEPOSITS = (
    Rule(_l("Suspense receipts are the parked deposits"), lambda a: a.parked, lambda a: -a.books[Account.SUSPENSE]),
    Rule(_l("Applied deposits stand in payments to the last yen"), lambda _all: deposits(DepositState.APPLIED),
         lambda _all: total(DepositPart.amount_yen, DepositPart.decision_id.not_in(UNDONE))),
    Rule(_l("Where a deposit stands is what was decided last"), lambda _all: 0, lambda _all: count(DepositStanding, _STANDS_ELSEWHERE)),
)  # fmt: skip

_RECEIPTS = (
    Rule(_l("Every settled invoice has its receipt"), lambda _all: 0,
         lambda _all: count(Receivable, _IS_SETTLED, Receivable.invoice_id.not_in(_WITH_RECEIPT))),
    Rule(_l("No receipt for what is still owed"), lambda _all: 0,
         lambda _all: count(Receivable, Receivable.outstanding_yen > 0, Receivable.invoice_id.in_(_WITH_RECEIPT))),
    Rule(_l("The provider's money is booked once"), lambda _all: total(CheckoutAttempt.received_yen),
         lambda _all: total(Payment.amount_yen, Payment.attempt_id.is_not(None))),
)  # fmt: skip

_NUMBERS = (
    Rule(_l("Invoice numbers have no gap"), lambda _all: last_number(DocumentKind.INVOICE), lambda _all: count(Invoice)),
    Rule(_l("Credit note numbers have no gap"), lambda _all: last_number(DocumentKind.CREDIT_NOTE), lambda _all: count(CreditNote)),
    Rule(_l("Receipt numbers have no gap"), lambda _all: last_number(DocumentKind.RECEIPT), lambda _all: count(Receipt, Receipt.issue == 0)),
)  # fmt: skip

RULES = (*_MONEY, *_PROVIDER, *_PAPERS, *_DEPOSITS, *_RECEIPTS, *_NUMBERS)
