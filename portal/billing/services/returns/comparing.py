"""Refunds, contested payments, fees and movements at the provider against ours."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import func, select

from portal.billing.enums import DifferenceKind
from portal.billing.models import (
    Dispute,
    JournalEntry,
    LedgerTransfer,
    ProviderDifference,
    RefundOrder,
)
from portal.billing.returns import UNDER_WAY, OrderState
from portal.billing.services import ledger
from portal.billing.services.differences import alone, note_difference
from portal.billing.services.returns import disputes, foreign
from portal.billing.services.returns.whereabouts import taken_by
from portal.core import clock
from portal.core.db import db
from portal.core.transaction import rollback, transaction
from portal.domain import ledger as books
from portal.domain.ledger import Account, EntryKind
from portal.gateways.payments import Dispute as FoundDispute
from portal.gateways.payments import Movement, PaymentProvider, ProviderRefused
from portal.gateways.payments import Refund as FoundRefund
from portal.jobs.services import enqueue

PAID = ("charge", "payment")
OF_REFUNDS = ("refund", "payment_refund", "refund_failure", "payment_failure_refund")
PAYOUTS = ("payout", "payout_cancel", "payout_failure")


def compare_refunds(provider: PaymentProvider, since: datetime) -> int:
    """Adopt what is not ours, bring ours up to date, note what differs; how many differences are new."""
    listed = {each.id: each for each in provider.list_refunds(since)}
    ours = select(RefundOrder.id, RefundOrder.provider_id).where(
        RefundOrder.provider_id.is_not(None),
        (RefundOrder.created_at >= since) | RefundOrder.state.in_(UNDER_WAY),
    )
    wanted = [(row[0], str(row[1])) for row in db.session.execute(ours)]
    rollback()
    gone = []
    for order_id, name in wanted:
        if name in listed or name.endswith(":released"):
            continue
        found = _refund(provider, name)
        if found is None:
            gone.append(order_id)
        else:
            listed[found.id] = found
    count = 0
    for found in listed.values():
        with alone(refund=found.id), transaction():
            before = count_differences()
            foreign.take_note(found)
            count += count_differences() - before + _wrong_refund(found)
    with transaction():
        count += sum(_missing_refund(order_id) for order_id in gone)
        _ask_again()
    return count


def _refund(provider: PaymentProvider, name: str) -> FoundRefund | None:
    try:
        return provider.fetch_refund(name)
    except ProviderRefused as error:
        if error.is_missing:
            return None
        raise


def _wrong_refund(found: FoundRefund) -> bool:
    mine = select(RefundOrder).where(RefundOrder.provider_id == found.id)
    order = db.session.scalars(mine).one_or_none()
    if order is None or order.amount_yen == found.amount_yen:
        return False
    details = {"amount_yen": found.amount_yen, "here_yen": order.amount_yen}
    return note_difference(
        DifferenceKind.REFUND_DIFFERS, reference=found.id, details=details, invoice_id=order.invoice_id
    )


def _missing_refund(order_id: int) -> bool:
    order = db.session.get_one(RefundOrder, order_id)
    return note_difference(
        DifferenceKind.REFUND_UNKNOWN,
        reference=str(order.provider_id),
        details={"amount_yen": order.amount_yen},
        invoice_id=order.invoice_id,
    )


def _ask_again() -> None:
    """An order that was never sent, because its job gave up, is sent: nothing waits for ever."""
    now = clock.now()
    unsent = select(RefundOrder.id).where(
        RefundOrder.state == OrderState.REQUESTED, RefundOrder.provider_id.is_(None)
    )
    for order_id in db.session.scalars(unsent).all():
        enqueue("billing.send_refund", key=f"refund_order:{order_id}:{now:%Y%m%d%H}", order_id=order_id)


def compare_disputes(provider: PaymentProvider, since: datetime) -> int:
    """As with refunds."""
    listed = {each.id: each for each in provider.list_disputes(since)}
    ours = select(Dispute.provider_id).where((Dispute.opened_at >= since) | (Dispute.held_yen > 0))
    wanted = [str(name) for name in db.session.scalars(ours)]
    rollback()
    gone = []
    for name in wanted:
        if name in listed:
            continue
        found = _dispute(provider, name)
        if found is None:
            gone.append(name)
        else:
            listed[name] = found
    count = 0
    for found in listed.values():
        with alone(dispute=found.id), transaction():
            before = count_differences()
            disputes.take_note(found)
            count += count_differences() - before + _wrong_dispute(found)
    with transaction():
        count += sum(_missing_dispute(name) for name in gone)
    return count


def _dispute(provider: PaymentProvider, name: str) -> FoundDispute | None:
    try:
        return provider.fetch_dispute(name)
    except ProviderRefused as error:
        if error.is_missing:
            return None
        raise


def _wrong_dispute(found: FoundDispute) -> bool:
    mine = select(Dispute).where(Dispute.provider_id == found.id)
    dispute = db.session.scalars(mine, execution_options={"populate_existing": True}).one_or_none()
    if dispute is None:
        return False
    here = dispute.held_yen + taken_by(f"dispute:{dispute.id}")
    if (here, dispute.fee_yen) == (max(found.withdrawn_yen, 0), found.fee_yen):
        return False
    details = {"amount_yen": found.withdrawn_yen + found.fee_yen, "here_yen": here + dispute.fee_yen}
    reference = f"{found.id}:{found.withdrawn_yen}:{found.fee_yen}"
    return note_difference(
        DifferenceKind.DISPUTE_DIFFERS, reference=reference, details=details, invoice_id=dispute.invoice_id
    )


def _missing_dispute(name: str) -> bool:
    dispute = db.session.scalars(select(Dispute).where(Dispute.provider_id == name)).one()
    return note_difference(
        DifferenceKind.DISPUTE_UNKNOWN,
        reference=name,
        details={"amount_yen": dispute.amount_yen},
        invoice_id=dispute.invoice_id,
    )


def book_fees(movements: Sequence[Movement]) -> int:
    """What the provider keeps of each payment, once; what moves for no reason that we know is a difference."""
    new = 0
    for each in movements:
        if each.kind in PAID:
            with transaction():
                new += _book_fee(each)
        elif each.kind not in (*OF_REFUNDS, *PAYOUTS) and not (each.source_id or "").startswith("dp_"):
            with transaction():
                details = {"amount_yen": each.amount_yen - each.fee_yen, "kind": each.kind}
                new += note_difference(DifferenceKind.MOVEMENT, reference=each.id, details=details)
    return new


def fee_source(movement_id: str) -> str:
    """The name of a movement's fee in the books."""
    return f"fee:{movement_id}"


def _book_fee(moved: Movement) -> int:
    total = (
        select(func.coalesce(func.sum(LedgerTransfer.amount_yen), 0))
        .join(JournalEntry, JournalEntry.id == LedgerTransfer.entry_id)
        .where(JournalEntry.source == fee_source(moved.id))
    )
    booked = int(db.session.scalar(total) or 0)
    if booked == moved.fee_yen:
        return 0
    if not booked:
        ledger.post(
            EntryKind.PROVIDER_FEE,
            source=fee_source(moved.id),
            transfers=books.provider_fee(Account.STRIPE_FEES, moved.fee_yen),
            booked_on=clock.day_told(moved.created),
            memo=moved.source_id or "",
        )
        return 0
    details = {"amount_yen": moved.fee_yen, "here_yen": booked}
    return note_difference(DifferenceKind.FEE_DIFFERS, reference=moved.id, details=details)


def count_differences() -> int:
    return int(db.session.scalar(select(func.count(ProviderDifference.id))) or 0)
