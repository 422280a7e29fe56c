"""Quotes and order confirmations on paper."""

from __future__ import annotations

from portal.billing.documents.keeping import printed
from portal.billing.documents.parts import kept_lines, shared
from portal.billing.models import Order, Quote
from portal.domain.documents import OrderDocument, QuoteDocument


def quote_pdf(quote: Quote, payment_terms: str = "") -> bytes:
    """The quote on paper."""
    document = QuoteDocument(
        **shared(quote),
        lines=kept_lines(quote),
        valid_until=quote.valid_until,
        begins_on_approval=quote.begins_on_approval,
        payment_terms=payment_terms,
    )
    return printed("billing/quote.typ", document.as_data(), timestamp=quote.created_at.replace(microsecond=0))


def order_pdf(order: Order, quote: Quote) -> bytes:
    """The order confirmation on paper; it names the quote."""
    document = OrderDocument(
        **shared(order),
        lines=kept_lines(order),
        ordered_on=order.ordered_on,
        quote_number=quote.number,
        quote_issued_on=quote.issued_on,
    )
    return printed("billing/order.typ", document.as_data(), timestamp=order.created_at.replace(microsecond=0))
