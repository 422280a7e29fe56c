"""Refunds, contested payments and payers' balances: of an invoice, and all that wait for somebody."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import TypeVar

from sqlalchemy import String, and_, cast, exists, or_, select
from sqlalchemy.orm import joinedload

from portal.accounts.models import Organisation
from portal.billing.models import (
    AdvanceMove,
    AdvancePart,
    Dispute,
    Invoice,
    PayerBalance,
    Payment,
    PaymentWithdrawal,
    Receivable,
    RefundOrder,
    WriteOff,
)
from portal.billing.queries.invoices import any_invoice
from portal.billing.returns import OPEN_DISPUTES, UNDER_WAY, DisputeState
from portal.core.db import db
from portal.core.errors import NotFound

Row = TypeVar("Row")


def customer_of(organisation_id: int) -> str | None:
    """The company's name at the provider."""
    latest = select(PayerBalance.customer).where(PayerBalance.organisation_id == organisation_id)
    return db.session.scalar(latest.order_by(PayerBalance.id.desc()).limit(1))


@dataclass(frozen=True, slots=True)
class Aftermath:
    """What came after the payments of an invoice; `balance`: what its company has at the provider."""

    disputes: Sequence[Dispute]
    orders: Sequence[RefundOrder]
    balance: PayerBalance | None

    @property
    def contested(self) -> list[Dispute]:
        """Cases that nobody has won yet."""
        return [each for each in self.disputes if each.is_open]

    @property
    def lost(self) -> list[Dispute]:
        """Cases that were lost."""
        return [each for each in self.disputes if each.state is DisputeState.LOST]

    @property
    def under_way(self) -> list[RefundOrder]:
        """Refunds that have not reached the payer yet."""
        return [each for each in self.orders if each.state in UNDER_WAY]


def aftermath_of(invoice: Invoice) -> Aftermath:
    """For the pages of an invoice that was loaded through its reader."""
    return Aftermath(disputes_of(invoice), orders_of(invoice), balance_of(invoice.organisation_id))


def orders_of(invoice: Invoice) -> Sequence[RefundOrder]:
    """Refunds at the provider, in the order in which they were asked for."""
    return db.session.scalars(
        select(RefundOrder).where(RefundOrder.invoice_id == invoice.id).order_by(RefundOrder.id)
    ).all()


def disputes_of(invoice: Invoice) -> Sequence[Dispute]:
    """Contested payments of an invoice, and of one whose money was moved to it: while the case is open, or when it was lost."""
    took = "dispute:" + cast(Dispute.id, String) + f":at:{invoice.id}"
    moved = exists().where(PaymentWithdrawal.invoice_id == invoice.id, PaymentWithdrawal.source == took)
    brought = (
        select(Payment.attempt_id)
        .join(AdvancePart, AdvancePart.payment_id == Payment.id)
        .join(AdvanceMove, AdvanceMove.id == AdvancePart.move_id)
        .where(AdvanceMove.to_invoice_id == invoice.id, Payment.attempt_id.is_not(None))
    )
    here = and_(Dispute.state.in_(OPEN_DISPUTES), Dispute.attempt_id.in_(brought))
    mine = select(Dispute).where(or_(Dispute.invoice_id == invoice.id, moved, here))
    return db.session.scalars(mine.order_by(Dispute.id)).all()


def claim_of(dispute: Dispute) -> Invoice:
    """The invoice that a lost case is about: one that is owed first, then the latest to which its money had been moved."""
    moved = select(PaymentWithdrawal.invoice_id).where(
        PaymentWithdrawal.source.startswith(f"dispute:{dispute.id}:at:", autoescape=True)
    )
    touched = select(Receivable.invoice_id).where(
        or_(Receivable.invoice_id == dispute.invoice_id, Receivable.invoice_id.in_(moved))
    )
    first = (Receivable.outstanding_yen == 0, Receivable.invoice_id.desc())
    return any_invoice(db.session.scalars(touched.order_by(*first).limit(1)).one())


def open_orders() -> Sequence[tuple[RefundOrder, str]]:
    """Refunds that have not come to their end, with the invoice's number, oldest first."""
    joined = select(RefundOrder, Invoice.number).join(Invoice, Invoice.id == RefundOrder.invoice_id)
    mine = joined.where(RefundOrder.state.in_(UNDER_WAY)).order_by(RefundOrder.id).limit(200)
    return [(row[0], row[1]) for row in db.session.execute(mine)]


def list_disputes(*, most: int = 200) -> Sequence[tuple[Dispute, str]]:
    """Contested payments with the invoice's number: those that are open first, by the day of the answer."""
    first = (Dispute.state.not_in(OPEN_DISPUTES), Dispute.evidence_due_at, Dispute.id.desc())
    joined = select(Dispute, Invoice.number).join(Invoice, Invoice.id == Dispute.invoice_id)
    return [(row[0], row[1]) for row in db.session.execute(joined.order_by(*first).limit(most))]


def balances() -> Sequence[tuple[PayerBalance, Organisation]]:
    """Payers who have money with the provider that pays nothing, the most first."""
    some = (
        select(PayerBalance, Organisation)
        .join(Organisation, Organisation.id == PayerBalance.organisation_id)
        .where(PayerBalance.balance_yen > 0)
    )
    rows = db.session.execute(some.order_by(PayerBalance.balance_yen.desc()).limit(200))
    return [(row[0], row[1]) for row in rows]


def balance_of(organisation_id: int) -> PayerBalance | None:
    """What a company has there; None when it has nothing."""
    mine = select(PayerBalance).where(
        PayerBalance.organisation_id == organisation_id, PayerBalance.balance_yen > 0
    )
    return db.session.scalars(mine.order_by(PayerBalance.id.desc()).limit(1)).first()


def company_of(balance: PayerBalance) -> Organisation:
    """Whose balance it is."""
    return db.session.get_one(Organisation, balance.organisation_id)


def open_invoices_of(organisation_id: int) -> Sequence[tuple[Invoice, date, int]]:
    """What a company still owes: invoices with the day and the amount, by the day."""
    owed = (
        select(Invoice, Receivable.due_on, Receivable.outstanding_yen)
        .join(Receivable, Receivable.invoice_id == Invoice.id)
        .where(Receivable.organisation_id == organisation_id, Receivable.outstanding_yen > 0)
        .order_by(Receivable.due_on, Invoice.id)
    )
    return [(row[0], row[1], int(row[2])) for row in db.session.execute(owed)]


def written_off_of(*organisation_ids: int) -> Sequence[tuple[Invoice, int]]:
    """Claims of companies that are written off, with the amount: money of theirs is for these first."""
    lost = (
        select(Invoice, Receivable.written_off_yen)
        .join(Receivable, Receivable.invoice_id == Invoice.id)
        .where(Receivable.organisation_id.in_(organisation_ids), Receivable.written_off_yen > 0)
        .order_by(Invoice.id)
    )
    return [(row[0], int(row[1])) for row in db.session.execute(lost)]


def write_offs_of(invoice: Invoice) -> Sequence[WriteOff]:
    """What nobody will pay of an invoice, what was undone again among it, in the order in which it was written down."""
    mine = select(WriteOff).where(WriteOff.invoice_id == invoice.id).options(joinedload(WriteOff.reversal))
    return db.session.scalars(mine.order_by(WriteOff.id), execution_options={"populate_existing": True}).all()


def find_write_off(write_off_id: int) -> WriteOff:
    """A write-off with what undid it; NotFound when there is none."""
    mine = select(WriteOff).where(WriteOff.id == write_off_id).options(joinedload(WriteOff.reversal))
    return _found(db.session.scalars(mine, execution_options={"populate_existing": True}).one_or_none())


def find_dispute(dispute_id: int) -> Dispute:
    """A contested payment; NotFound when there is none."""
    return _found(db.session.get(Dispute, dispute_id))


def find_balance(balance_id: int) -> PayerBalance:
    """What a payer has there; NotFound when there is no such payer."""
    return _found(db.session.get(PayerBalance, balance_id))


def _found(row: Row | None) -> Row:
    if row is None:
        raise NotFound
    return row
