"""Rows become papers: the PDF of a quote, an invoice or a receipt, kept byte for byte with its SHA-256."""

from portal.billing.documents.invoices import (
    credit_note_document,
    credit_note_pdf,
    invoice_document,
    invoice_pdf,
    revision_document,
    revision_pdf,
)
from portal.billing.documents.keeping import file_name, keep_pdf
from portal.billing.documents.offers import order_pdf, quote_pdf
from portal.billing.documents.parts import bank_accounts, issuer_snapshot, party, tax_row_data
from portal.billing.documents.receipts import receipt_pdf

__all__ = [
    "bank_accounts",
    "credit_note_document",
    "credit_note_pdf",
    "file_name",
    "invoice_document",
    "invoice_pdf",
    "issuer_snapshot",
    "keep_pdf",
    "order_pdf",
    "party",
    "quote_pdf",
    "receipt_pdf",
    "revision_document",
    "revision_pdf",
    "tax_row_data",
]
