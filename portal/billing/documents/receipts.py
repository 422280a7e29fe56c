"""Receipts on paper."""

from __future__ import annotations

from datetime import date

from portal.billing.documents.keeping import printed
from portal.billing.documents.parts import shared
from portal.billing.enums import METHOD_LABELS
from portal.billing.models import Receipt
from portal.core.i18n import in_language
from portal.domain.documents import ReceiptDocument


def receipt_pdf(receipt: Receipt, invoice_number: str, *, reissued_on: date | None = None) -> bytes:
    """The receipt on paper."""
    with in_language(receipt.language):
        method = str(METHOD_LABELS[receipt.method])
    document = ReceiptDocument(
        **shared(receipt),
        received_on=receipt.received_on,
        received_yen=receipt.received_yen,
        from_receipts=tuple(
            (each["number"], each["invoice"], each["amount_yen"]) for each in receipt.from_receipts
        ),
        purpose=receipt.subject(receipt.language),
        payment_method=method,
        invoice_number=invoice_number,
        reissued_on=reissued_on,
    )
    return printed(
        "billing/receipt.typ", document.as_data(), timestamp=receipt.created_at.replace(microsecond=0)
    )
