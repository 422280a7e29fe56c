"""Advances that were moved from one invoice to another, and where one may go."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from sqlalchemy import or_, select
from sqlalchemy.orm import aliased

from portal.billing.models import AdvanceMove, AdvancePart, Invoice, Payment, Receivable
from portal.core.db import db
from portal.core.errors import NotFound


def undone_by(move: AdvanceMove) -> AdvanceMove | None:
    """The move that took this one back, if there is one."""
    return db.session.scalars(select(AdvanceMove).where(AdvanceMove.undoes_id == move.id)).first()


def find_move(move_id: int) -> AdvanceMove:
    """A move; NotFound when there is none."""
    found = db.session.get(AdvanceMove, move_id)
    if found is None:
        raise NotFound
    return found


def moves_of(invoice: Invoice) -> Sequence[Any]:
    """Moves to and from an invoice, oldest first: the move, the number of the other invoice, who took it back (or None)."""
    other, undo = aliased(Invoice), aliased(AdvanceMove)
    here = or_(AdvanceMove.from_invoice_id == invoice.id, AdvanceMove.to_invoice_id == invoice.id)
    there = other.id.in_([AdvanceMove.from_invoice_id, AdvanceMove.to_invoice_id])
    statement = (
        select(AdvanceMove, other.id, other.number, undo.id.label("undone_by"))
        .join(other, there & (other.id != invoice.id))
        .join(undo, undo.undoes_id == AdvanceMove.id, isouter=True)
        .where(here)
        .order_by(AdvanceMove.id)
    )
    return db.session.execute(statement).all()


def where_money_went(payment: Payment) -> str | None:
    """The number of the invoice that a part of a payment settles instead of its own; None: all of it is at home."""
    statement = (
        select(Invoice.number)
        .join(AdvanceMove, AdvanceMove.to_invoice_id == Invoice.id)
        .join(AdvancePart, AdvancePart.move_id == AdvanceMove.id)
        .where(AdvancePart.payment_id == payment.id, AdvanceMove.to_invoice_id != payment.invoice_id)
        .where(AdvanceMove.id.not_in(select(AdvanceMove.undoes_id).where(AdvanceMove.undoes_id.is_not(None))))
        .where(AdvanceMove.undoes_id.is_(None))
        .order_by(AdvanceMove.id.desc())
    )
    return db.session.scalars(statement.limit(1)).first()


def owed_beside(invoice: Invoice, *, also: str | None = None) -> Sequence[Any]:
    """Other invoices of the company on which something is owed (id, number, subjects, day due, open amount), first due first.

    `also` is an id that was typed: that invoice is among them though it is paid by now.
    """
    chosen = int(also) if also and also.isascii() and also.isdigit() and len(also) < 19 else 0
    statement = (
        select(
            Invoice.id,
            Invoice.number,
            Invoice.subject_ja,
            Invoice.subject_en,
            Receivable.due_on,
            Receivable.outstanding_yen,
        )
        .join(Receivable, Receivable.invoice_id == Invoice.id)
        .where(
            Receivable.organisation_id == invoice.organisation_id,
            (Receivable.outstanding_yen > 0) | (Invoice.id == chosen),
            Invoice.id != invoice.id,
        )
    )
    return db.session.execute(statement.order_by(Receivable.due_on, Invoice.id).limit(50)).all()
