"""Invoices, corrected invoices and credit notes on paper."""

from __future__ import annotations

from collections.abc import Iterable

from portal.billing.documents.keeping import printed
from portal.billing.documents.parts import bank_accounts, kept_lines, shared
from portal.billing.models import CreditNote, Invoice, InvoiceLine, InvoiceRevision
from portal.billing.models.issued import Issued
from portal.domain.documents import CreditNoteDocument, DocumentLine, InvoiceDocument


def invoice_document(
    invoice: Invoice, lines: Iterable[InvoiceLine], replaces: Issued | None = None
) -> InvoiceDocument:
    """The invoice as values; it names the one in whose place it stands."""
    return InvoiceDocument(
        **shared(invoice),
        lines=tuple(
            DocumentLine(
                description=line.description(invoice.language),
                detail=line.detail,
                quantity=line.quantity,
                unit_price_yen=line.unit_price_yen,
                category=line.category,
            )
            for line in lines
        ),
        due_on=invoice.due_on,
        bank_accounts=bank_accounts(invoice),
        transfer_reference=invoice.number,
        prepaid_yen=invoice.prepaid_yen,
        replaces_number=replaces.number if replaces else "",
        replaces_issued_on=replaces.issued_on if replaces else None,
    )


def invoice_pdf(invoice: Invoice, lines: Iterable[InvoiceLine], replaces: Issued | None = None) -> bytes:
    """The invoice on paper; raises Refused when a character has no glyph."""
    document = invoice_document(invoice, lines, replaces)
    return printed(
        "billing/invoice.typ", document.as_data(), timestamp=invoice.created_at.replace(microsecond=0)
    )


def revision_document(revision: InvoiceRevision) -> InvoiceDocument:
    """The corrected invoice as values; it names the one that it replaces."""
    return InvoiceDocument(
        **shared(revision),
        lines=kept_lines(revision),
        due_on=revision.due_on,
        bank_accounts=bank_accounts(revision),
        transfer_reference=revision.number.rpartition("-")[0],
        prepaid_yen=revision.prepaid_yen,
        replaces_number=revision.replaces_number,
        replaces_issued_on=revision.replaces_issued_on,
    )


def revision_pdf(revision: InvoiceRevision) -> bytes:
    """The corrected invoice on paper."""
    document = revision_document(revision)
    return printed(
        "billing/invoice.typ", document.as_data(), timestamp=revision.created_at.replace(microsecond=0)
    )


def credit_note_document(note: CreditNote, invoice: Invoice | InvoiceRevision) -> CreditNoteDocument:
    """The credit note as values."""
    return CreditNoteDocument(
        **shared(note),
        lines=kept_lines(note),
        returned_on=note.returned_on,
        invoice_number=invoice.number,
        invoice_issued_on=invoice.issued_on,
        reason=note.reason,
    )


def credit_note_pdf(note: CreditNote, invoice: Invoice | InvoiceRevision) -> bytes:
    """The credit note on paper."""
    document = credit_note_document(note, invoice)
    return printed(
        "billing/credit_note.typ", document.as_data(), timestamp=note.created_at.replace(microsecond=0)
    )
