"""Parts of an invoice that arrived: one mail for those of a quarter of an hour, with what is open when it is written."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from portal.billing import mail
from portal.billing.models import Invoice, Payment, Receivable
from portal.billing.queries.invoices import any_invoice
from portal.billing.services.allocations import standing_payments
from portal.core import clock
from portal.core.db import db
from portal.jobs.services import enqueue

SLOT = timedelta(minutes=15)


def announce_part(invoice: Invoice, payment: Payment) -> None:
    """Have the company told at the end of this quarter of an hour; the first part of it asks for the mail."""
    begun = datetime.fromtimestamp(
        clock.now().timestamp() // SLOT.total_seconds() * SLOT.total_seconds(), UTC
    )
    enqueue(
        "billing.tell_of_parts",
        key=f"parts:{invoice.id}:{begun:%Y%m%d%H%M}",
        run_after=begun + SLOT,
        invoice_id=invoice.id,
        first=payment.id,
        until=(begun + SLOT).isoformat(),
    )


def tell_of_parts(invoice_id: int, first: int, until: str) -> None:
    """The mail, unless the rest has arrived (the receipt says so) or every part was undone meanwhile."""
    invoice, end = any_invoice(invoice_id), datetime.fromisoformat(until)
    receivable = db.session.get_one(Receivable, invoice_id)
    came = [
        each
        for each in standing_payments(invoice)
        if each.id >= first and each.created_at < end and each.invoice_id == invoice_id
    ]
    if receivable.outstanding_yen and came:
        mail.send_part_payment(came, invoice, receivable)
