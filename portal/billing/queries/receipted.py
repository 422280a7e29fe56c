"""What receipts say of money: each yen of a payment is stated as received on one receipt that holds.

When a part of a payment moves on as an advance, the receipt of the invoice that it came for goes on to hold; the receipt of the
invoice that it settles then names that part as taken from an advance, not as received.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from sqlalchemy import func, select

from portal.billing.models import (
    Allocation,
    AllocationRelease,
    Invoice,
    Payment,
    Receipt,
    ReceiptVoid,
    Receivable,
)
from portal.core.db import db

_HOLDS = Receipt.id.not_in(select(ReceiptVoid.receipt_id))


def holding_receipts(invoice_id: int) -> list[str]:
    """Numbers of the invoice's receipts that hold."""
    mine = select(Receipt.number).where(Receipt.invoice_id == invoice_id, Receipt.issue == 0, _HOLDS)
    return list(db.session.scalars(mine.order_by(Receipt.id)))


@dataclass(frozen=True, slots=True)
class Stated:
    """A receipt that says so much of a payment was received."""

    number: str
    invoice_number: str
    amount_yen: int


def part_of(payment: Payment, invoice: Invoice, settles_yen: int) -> dict[str, Any]:
    """What a new receipt of `invoice` says of the `settles_yen` that a payment settles there; as `Receipt.parts` keeps it."""
    said = _stated_elsewhere(payment.id, invoice.id)
    received = min(settles_yen, max(0, payment.amount_yen - sum(each.amount_yen for each in said)))
    named, left = [], settles_yen - received
    for each in said:
        share = min(left, each.amount_yen)
        if share:
            named.append({"number": each.number, "invoice": each.invoice_number, "amount_yen": share})
            left -= share
    return {"payment_id": payment.id, "received_yen": received, "from": named}


def renamed(part: dict[str, Any]) -> dict[str, Any]:
    """The same part of a receipt's money, naming the receipts that hold now; `part` as `part_of` made it."""
    return part | {"from": [each | {"number": _in_its_place(each)} for each in part["from"]]}


def _in_its_place(named: dict[str, Any]) -> str:
    """The number of the receipt that holds for the invoice of one that was named."""
    receipts = select(Receipt.number).join(Invoice, Invoice.id == Receipt.invoice_id)
    mine = receipts.where(Invoice.number == named["invoice"], Receipt.issue == 0, _HOLDS)
    return str(db.session.scalar(mine.order_by(Receipt.id.desc()).limit(1)) or named["number"])


def _stated_elsewhere(payment_id: int, invoice_id: int) -> list[Stated]:
    """Receipts of other invoices that state money of a payment, oldest first."""
    settled = select(Allocation.invoice_id).where(Allocation.payment_id == payment_id)
    receipts = (
        select(Receipt, Invoice.number)
        .join(Invoice, Invoice.id == Receipt.invoice_id)
        .where(Receipt.invoice_id.in_(settled), Receipt.invoice_id != invoice_id, Receipt.issue == 0, _HOLDS)
        .order_by(Receipt.id)
    )
    found = [
        Stated(receipt.number, number, _received_of(receipt, payment_id))
        for receipt, number in db.session.execute(receipts).all()
    ]
    return [each for each in found if each.amount_yen]


def _received_of(receipt: Receipt, payment_id: int) -> int:
    """How much of a payment a receipt says was received. One of an older version says so of all that settled its invoice."""
    if receipt.parts:
        return sum(int(part["received_yen"]) for part in receipt.parts if part["payment_id"] == payment_id)
    totals = []
    for model in (Allocation, AllocationRelease):
        mine = select(func.coalesce(func.sum(model.amount_yen), 0)).where(
            model.payment_id == payment_id,
            model.invoice_id == receipt.invoice_id,
            model.created_at <= receipt.created_at,
        )
        totals.append(int(db.session.scalar(mine) or 0))
    return totals[0] - totals[1]


def void_receipt_of(invoice_id: int) -> str:
    """The number of the newest receipt of an invoice, none of which holds; "" when there is none, or one holds."""
    receipts = select(Receipt.number, _HOLDS).where(Receipt.invoice_id == invoice_id, Receipt.issue == 0)
    newest = db.session.execute(receipts.order_by(Receipt.id.desc()).limit(1)).one_or_none()
    return "" if newest is None or newest[1] else str(newest[0])


def receipt_problems() -> Iterator[str]:
    """In plain words: receipts whose parts do not add up, and money that more than one receipt states."""
    settled = Receivable.total_yen - Receivable.credited_yen - Receivable.outstanding_yen
    naming = (
        select(Receipt, settled)
        .join(Receivable, Receivable.invoice_id == Receipt.invoice_id)
        .where(Receipt.issue == 0, _HOLDS, Receipt.moved_yen > 0)
    )
    payments: set[int] = set()
    for receipt, now in db.session.execute(naming).all():
        payments |= {int(part["payment_id"]) for part in receipt.parts}
        said = (sum(int(part["received_yen"]) for part in receipt.parts), sum(int(row["amount_yen"]) for row in receipt.from_receipts))  # fmt: skip
        if said != (receipt.received_yen, receipt.moved_yen):
            yield f"{receipt.number}: its parts do not add up to what it states"
        if sum(said) < now:
            yield f"{receipt.number}: it states {sum(said)}, {now} are settled"
    for payment in db.session.scalars(select(Payment).where(Payment.id.in_(payments)).order_by(Payment.id)):
        stated = sum(each.amount_yen for each in _stated_elsewhere(payment.id, 0))
        if stated > payment.amount_yen:
            yield f"payment {payment.id}: receipts state {stated} as received, {payment.amount_yen} came"
