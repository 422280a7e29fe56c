"""What credit notes gave back of money that was paid, and where it is: for the page of the company."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import func, select

from portal.billing.models import CreditNote, Invoice, Refund, RefundOrder, RefundReversal
from portal.billing.queries.advances import moves_of
from portal.billing.returns import UNDER_WAY, Booking
from portal.core.db import db


@dataclass(frozen=True, slots=True)
class GivenBack:
    """Yen that credit notes released; all yen of the invoice that settle nothing here, by where they are.

    `moved` are numbers and ids of the invoices that they settle now, with the amount.
    """

    released_yen: int
    advance_yen: int
    under_way_yen: int
    paid_back_yen: int
    moved: tuple[tuple[str, int, int], ...]

    @property
    def too_much_yen(self) -> int:
        """What of it had come in too much, and was given back by no credit note."""
        there = self.advance_yen + self.under_way_yen + self.paid_back_yen
        return max(0, there + sum(each[2] for each in self.moved) - self.released_yen)


def given_back(invoice: Invoice, notes: Sequence[CreditNote]) -> GivenBack | None:
    """None when no credit note of the invoice gave back what was paid already."""
    released = sum(note.released_yen for note in notes)
    if not released:
        return None
    asked = select(func.coalesce(func.sum(RefundOrder.amount_yen), 0)).where(
        RefundOrder.invoice_id == invoice.id,
        RefundOrder.booking == Booking.ADVANCE,
        RefundOrder.state.in_(UNDER_WAY),
    )
    returned = select(RefundReversal.refund_id)
    gone = select(func.coalesce(func.sum(Refund.amount_yen), 0)).where(
        Refund.invoice_id == invoice.id, Refund.id.not_in(returned)
    )
    under_way, paid_back = db.session.execute(select(asked.scalar_subquery(), gone.scalar_subquery())).one()
    moved = tuple(
        (number, other_id, move.amount_yen)
        for move, other_id, number, undone in moves_of(invoice)
        if move.from_invoice_id == invoice.id and not undone and move.undoes_id is None
    )
    return GivenBack(released, invoice.receivable.excess_yen, int(under_way), int(paid_back), moved)
