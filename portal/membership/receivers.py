"""News from billing that moves terms. Membership derives from terms; a term only remembers the day it was paid."""

from __future__ import annotations

from datetime import date
from typing import Any

from portal.billing.models import Invoice
from portal.billing.signals import invoice_cancelled, invoice_paid, invoice_reopened
from portal.core import clock
from portal.membership.services import activate_term, cancel_term, deactivate_term
from portal.membership.services.invoices import SOURCE


def _term_of(invoice: Invoice) -> int | None:
    kind, _, number = invoice.source_key.partition(":")
    return int(number) if f"{kind}:" == SOURCE and number.isdigit() else None


@invoice_paid.connect
def invoice_was_paid(invoice: Invoice, paid_on: date | None = None, **more: Any) -> None:
    """The last yen arrived."""
    term_id = _term_of(invoice)
    if term_id is not None:
        activate_term(term_id=term_id, paid_on=paid_on or clock.today())


@invoice_reopened.connect
def invoice_was_reopened(invoice: Invoice, **more: Any) -> None:
    """A payment was undone."""
    term_id = _term_of(invoice)
    if term_id is not None:
        deactivate_term(term_id=term_id)


@invoice_cancelled.connect
def invoice_was_cancelled(invoice: Invoice, **more: Any) -> None:
    """All of it was given back."""
    term_id = _term_of(invoice)
    if term_id is not None:
        cancel_term(term_id=term_id, on=clock.today())
