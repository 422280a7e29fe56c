"""Credit notes, and what of an invoice is left to give back."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from decimal import Decimal

from sqlalchemy import select

from portal.billing.models import CreditNote, DecisionReversal, FeeReturn, Invoice, JournalEntry, Refund
from portal.billing.models.deposits import UNDONE
from portal.billing.policy import paying_organisations
from portal.core.access import Actor
from portal.core.db import db
from portal.core.errors import NotFound
from portal.domain.credits import Left, left_of
from portal.domain.ledger import EntryKind
from portal.domain.tax import Subtotal, TaxCategory


def credit_notes_of(invoice: Invoice) -> Sequence[CreditNote]:
    """In the order of issue."""
    return db.session.scalars(
        select(CreditNote).where(CreditNote.invoice_id == invoice.id).order_by(CreditNote.id)
    ).all()


def refunds_of(invoice: Invoice) -> Sequence[Refund]:
    """Money paid back, in the order in which it was written down."""
    return db.session.scalars(select(Refund).where(Refund.invoice_id == invoice.id).order_by(Refund.id)).all()


def credit_note_for(person: Actor, note_id: int) -> CreditNote:
    """A credit note of one of the person's organisations; NotFound otherwise."""
    mine = select(CreditNote).where(
        CreditNote.id == note_id, CreditNote.organisation_id.in_(paying_organisations(person))
    )
    found = db.session.scalars(mine).one_or_none()
    if found is None:
        raise NotFound
    return found


def any_credit_note(note_id: int) -> CreditNote:
    """Any credit note, for the secretariat; NotFound when there is none."""
    found = db.session.get(CreditNote, note_id)
    if found is None:
        raise NotFound
    return found


def fee_returns_of(invoice: Invoice) -> Sequence[FeeReturn]:
    """Transfer fees that were taken over on the invoice and still are."""
    undone = select(DecisionReversal.decision_id)
    standing = select(FeeReturn).where(
        FeeReturn.invoice_id == invoice.id, FeeReturn.decision_id.not_in(undone)
    )
    return db.session.scalars(standing.order_by(FeeReturn.id)).all()


def borne_fees_yen(invoice: Invoice) -> int:
    """Yen of transfer fees that we bear: given back without a paper of their own."""
    return sum(fee.total_yen for fee in fee_returns_of(invoice))


def left_of_lines(invoice: Invoice) -> dict[int, int]:
    """By number of the invoice's line, the yen ex tax that nothing has given back yet.

    A transfer fee counts on what were the largest lines when it was kept back, whatever has been given back since.
    """
    left = {line.id: line.amount_yen for line in invoice.lines}
    notes = {_note_source(note): note for note in credit_notes_of(invoice)}
    fees = {fee.entry_source: fee for fee in _all_fee_returns(invoice)}
    taken: dict[str, dict[int, int]] = {}
    for source in _in_order(invoice, notes, fees):
        if note := notes.get(source):
            parts = _by_line(note)
        elif fee := fees.get(source):
            parts = taken[source] = _of_largest(invoice, left, fee)
        else:
            parts = {line: -yen for line, yen in taken[source.removesuffix(UNDONE)].items()}
        for line, yen in parts.items():
            left[line] -= yen
    return left


def _by_line(note: CreditNote) -> dict[int, int]:
    return {line["invoice_line_id"]: line["amount_yen"] for line in note.lines}


def _of_largest(invoice: Invoice, left: Mapping[int, int], fee: FeeReturn) -> dict[int, int]:
    """Of which lines at its rate a fee is taken."""
    rest, parts = fee.net_yen, {}
    same_rate = [line.id for line in invoice.lines if line.category is fee.category]
    for line_id in sorted(same_rate, key=lambda each: (-left[each], each)):
        parts[line_id] = min(rest, left[line_id])
        rest -= parts[line_id]
    return parts


def _in_order(invoice: Invoice, notes: Collection[str], fees: Collection[str]) -> Sequence[str]:
    """What gave back of an invoice or took that back, as it was booked; what is not booked yet is the latest."""
    if not fees:
        return list(notes)
    mine = select(JournalEntry.source).where(
        JournalEntry.invoice_id == invoice.id,
        JournalEntry.kind.in_((EntryKind.CREDIT_GIVEN, EntryKind.FEE_RETURNED, EntryKind.FEE_RETURN_UNDONE)),
    )
    booked = db.session.scalars(mine.order_by(JournalEntry.id)).all()
    return [*booked, *(source for source in (*notes, *fees) if source not in set(booked))]


def _note_source(note: CreditNote) -> str:
    return f"credit_note:{note.id}"


def _all_fee_returns(invoice: Invoice) -> Sequence[FeeReturn]:
    """Those that were undone, too."""
    mine = select(FeeReturn).where(FeeReturn.invoice_id == invoice.id)
    return db.session.scalars(mine.order_by(FeeReturn.id)).all()


def left_to_return(invoice: Invoice) -> dict[TaxCategory, Left]:
    """Per tax rate, what neither a credit note nor a transfer fee has given back yet."""
    returned = [row for note in credit_notes_of(invoice) for row in note.subtotals]
    fees = [
        Subtotal(fee.category, Decimal(fee.rate), fee.net_yen, fee.tax_yen, fee.total_yen)
        for fee in fee_returns_of(invoice)
    ]
    return left_of(invoice.subtotals, [*returned, *fees])
