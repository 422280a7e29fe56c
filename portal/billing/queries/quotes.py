"""Quotes as a person may see them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from sqlalchemy import and_, or_, select

from portal.billing.models import Invoice, Order, Quote, QuoteStanding, Receipt, ReceiptVoid
from portal.billing.policy import paying_organisations
from portal.billing.queries.replacements import asked_by, standing_invoice
from portal.core.access import Actor
from portal.core.db import db
from portal.core.errors import NotFound
from portal.core.pages import Slice, keyset
from portal.domain.quote_flow import QuoteState


def _mine(person: Actor) -> Any:
    """Those of the person's organisations that were sent, and those asked for before there was one."""
    asked = and_(Quote.organisation_id.is_(None), Quote.issued_by_id == person.id)
    unsent = select(QuoteStanding.quote_id).where(QuoteStanding.state == QuoteState.DRAFTED)
    theirs = and_(Quote.organisation_id.in_(paying_organisations(person)), Quote.id.not_in(unsent))
    return or_(theirs, asked)


def quote_for(person: Actor, quote_id: int) -> Quote:
    """A quote that the person may see; NotFound otherwise."""
    found = db.session.scalars(select(Quote).where(Quote.id == quote_id, _mine(person))).one_or_none()
    if found is None:
        raise NotFound
    return found


def quotes_for(person: Actor, *, cursor: str | None = None) -> Slice[Quote]:
    """The quotes that the person may see, newest first."""
    return keyset(select(Quote).where(_mine(person)), (Quote.id, True), cursor=cursor, scalars=True)


def any_quote(quote_id: int) -> Quote:
    """A quote of the office, for the secretariat; NotFound when there is none."""
    ours = select(Quote).join(QuoteStanding, QuoteStanding.quote_id == Quote.id).where(Quote.id == quote_id)
    found = db.session.scalars(ours).one_or_none()
    if found is None:
        raise NotFound
    return found


def quotes_of_office(*, cursor: str | None) -> Slice[Any]:
    """Quotes of the office with where they stand, newest first: rows of (Quote, QuoteStanding)."""
    columns: tuple[Any, ...] = (Quote, QuoteStanding)
    statement = select(*columns).join(QuoteStanding, QuoteStanding.quote_id == Quote.id)
    return keyset(statement, (Quote.id, True), cursor=cursor)


def order_for(person: Actor, order_id: int) -> Order:
    """An order of one of the person's organisations; NotFound otherwise."""
    mine = select(Order).where(Order.id == order_id, Order.organisation_id.in_(paying_organisations(person)))
    found = db.session.scalars(mine).one_or_none()
    if found is None:
        raise NotFound
    return found


def any_order(order_id: int) -> Order:
    """Any order, for the secretariat; NotFound when there is none."""
    found = db.session.get(Order, order_id)
    if found is None:
        raise NotFound
    return found


@dataclass(frozen=True, slots=True)
class Chain:
    """What came of a quote: each the next of the one before; None where it has not come yet."""

    quote: Quote
    state: QuoteState
    order: Order | None = None
    invoice: Invoice | None = None
    receipt: Receipt | None = None


def chain_of(quote: Quote) -> Chain | None:
    """From a quote of the office forward; None for another quote."""
    standing = db.session.get(QuoteStanding, quote.id, populate_existing=True)
    if standing is None:
        return None
    order = db.session.scalars(select(Order).where(Order.quote_id == quote.id)).one_or_none()
    invoice = standing_invoice(f"order:{order.id}") if order else None
    return Chain(quote, standing.state, order, invoice, _receipt(invoice) if invoice else None)


def chain_with(invoice: Invoice) -> Chain | None:
    """The chain in which an invoice stands; None when nobody ordered it."""
    kind, _, number = asked_by(invoice).partition(":")
    order = db.session.get(Order, int(number)) if kind == "order" and number.isdigit() else None
    return chain_of(db.session.get_one(Quote, order.quote_id)) if order else None


def _receipt(invoice: Invoice) -> Receipt | None:
    void = select(ReceiptVoid.receipt_id)
    holding = select(Receipt).where(Receipt.invoice_id == invoice.id, Receipt.id.not_in(void))
    return db.session.scalars(holding.order_by(Receipt.id.desc()).limit(1)).first()
