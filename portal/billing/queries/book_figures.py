"""Sums of payments, claims, papers and deposits that the books are held to, each asked for once."""

from __future__ import annotations

from functools import cached_property
from typing import Any

from sqlalchemy import func, select

from portal.billing.deposits import DepositState
from portal.billing.models import (
    AdvancePart,
    Allocation,
    AllocationRelease,
    BankDeposit,
    CreditNote,
    DecisionReversal,
    DepositStanding,
    FeeReturn,
    Invoice,
    NumberSeries,
    Payment,
    PaymentReversal,
    PaymentWithdrawal,
    Receivable,
    Refund,
    RefundOrder,
    RefundReversal,
    WriteOff,
    WriteOffReversal,
)
from portal.billing.queries.ledger import trial_balance
from portal.billing.returns import UNDER_WAY, Booking
from portal.core.db import db
from portal.domain.ledger import Account
from portal.domain.numbering import DocumentKind

UNDONE = select(DecisionReversal.decision_id)
_REVERSED = select(PaymentReversal.payment_id)


class Figures:
    """What stands in the rows now, in yen; books by account, debit as positive."""

    @cached_property
    def books(self) -> dict[Account, int]:
        """Every account's balance."""
        return {balance.account: balance.net_yen for balance in trial_balance()}

    @cached_property
    def received(self) -> int:
        """Payments that were not undone."""
        return total(Payment.amount_yen) - total(Payment.amount_yen, Payment.id.in_(_REVERSED))

    @cached_property
    def kept(self) -> int:
        """What settles claims and goes on doing so."""
        allocated = total(Allocation.amount_yen) - total(
            Allocation.amount_yen, Allocation.payment_id.in_(_REVERSED)
        )
        released = total(AllocationRelease.amount_yen, AllocationRelease.payment_id.not_in(_REVERSED))
        moved = total(AdvancePart.released_yen, AdvancePart.payment_id.not_in(_REVERSED))
        return allocated - released - moved - self.taken_settled

    @cached_property
    def taken_settled(self) -> int:
        """What the provider took back of money that settled something."""
        return total(PaymentWithdrawal.settled_yen)

    @cached_property
    def taken_excess(self) -> int:
        """What it took back of advances."""
        return total(PaymentWithdrawal.excess_yen)

    @cached_property
    def taken(self) -> int:
        """All that it took back."""
        return total(PaymentWithdrawal.amount_yen)

    @cached_property
    def owed(self) -> int:
        return total(Receivable.outstanding_yen)

    @cached_property
    def excess(self) -> int:
        """Advances."""
        return total(Receivable.excess_yen)

    @cached_property
    def paid_back(self) -> int:
        """Refunds that were not undone."""
        return total(Refund.amount_yen) - total(
            Refund.amount_yen, Refund.id.in_(select(RefundReversal.refund_id))
        )

    @cached_property
    def promised(self) -> int:
        """Refunds of advances that the provider has under way."""
        return total(
            RefundOrder.amount_yen, RefundOrder.booking == Booking.ADVANCE, RefundOrder.state.in_(UNDER_WAY)
        )

    @cached_property
    def credited(self) -> int:
        return total(Receivable.credited_yen)

    @cached_property
    def written_off(self) -> int:
        """Write-offs that were not undone."""
        undone = select(WriteOffReversal.write_off_id)
        return total(WriteOff.amount_yen) - total(WriteOff.amount_yen, WriteOff.id.in_(undone))

    @cached_property
    def parked(self) -> int:
        """Deposits that wait."""
        return deposits(DepositState.PARKED)

    @cached_property
    def on_papers(self) -> tuple[int, int]:
        """Net and tax of invoices, less credit notes and transfer fees that payers keep back; one statement."""

        def part(model: Any, amount: str, *where: Any) -> Any:
            return select(func.coalesce(func.sum(getattr(model, amount)), 0)).where(*where).scalar_subquery()

        def left(amount: str) -> Any:
            stands = FeeReturn.decision_id.not_in(UNDONE)
            return part(Invoice, amount) - part(CreditNote, amount) - part(FeeReturn, amount, stands)

        net, tax = db.session.execute(select(left("net_yen"), left("tax_yen"))).one()
        return int(net), int(tax)


def deposits(state: DepositState) -> int:
    """The money of the deposits that stand there."""
    there = select(DepositStanding.deposit_id).where(DepositStanding.state == state)
    return total(BankDeposit.amount_yen, BankDeposit.id.in_(there))


def total(column: object, *where: object) -> int:
    """The sum of a column, 0 of no rows."""
    return int(db.session.scalar(select(func.coalesce(func.sum(column), 0)).where(*where)) or 0)  # type: ignore[arg-type]


def count(model: object, *where: object) -> int:
    """How many rows."""
    return int(db.session.scalar(select(func.count()).select_from(model).where(*where)) or 0)  # type: ignore[arg-type]


def last_number(kind: DocumentKind) -> int:
    """Numbers given so far, all years together."""
    return total(NumberSeries.last, NumberSeries.kind == kind)
