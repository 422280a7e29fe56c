"""Rows become papers: the PDF of a quote, an invoice or a receipt, kept byte for byte with its SHA-256."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping
from dataclasses import asdict, fields
from datetime import date, datetime
from typing import Any

from portal.billing.enums import METHOD_LABELS
from portal.billing.models import (
    CreditNote,
    Invoice,
    InvoiceLine,
    InvoiceRevision,
    IssuerProfile,
    Order,
    Quote,
    Receipt,
)
from portal.billing.models.issued import Issued
from portal.core import clock
from portal.core.db import db
from portal.core.errors import Refused
from portal.core.i18n import _, _l, in_language
from portal.core.pdf import PdfError, render_pdf
from portal.domain.documents import (
    BankAccount,
    CreditNoteDocument,
    DocumentLine,
    InvoiceDocument,
    Language,
    OrderDocument,
    PartySnapshot,
    Period,
    QuoteDocument,
    ReceiptDocument,
    TaxRow,
)
from portal.domain.tax import TaxCategory
from portal.files.enums import Confidentiality
from portal.files.models import StoredFile

PDF = "application/pdf"


def issuer_snapshot(profile: IssuerProfile, language: str) -> dict[str, Any]:
    """The issuer as it stands on a document in `language`."""
    english = language == "en"
    party = PartySnapshot(
        name=profile.name_en if english else profile.name_ja,
        postal_code=profile.postal_code,
        address=profile.address_en if english else profile.address_ja,
        department=(english and profile.department_en) or profile.department,
        telephone=profile.telephone,
        email=profile.email,
        registration_number=profile.registration_number,
    )
    accounts = [asdict(_bank_account(profile))] if profile.has_bank_account else []
    return {"profile_id": profile.id, "party": asdict(party), "bank_accounts": accounts}


def _bank_account(profile: IssuerProfile) -> BankAccount:
    return BankAccount(
        bank=profile.bank_name,
        bank_code=profile.bank_code,
        branch=profile.branch_name,
        branch_code=profile.branch_code,
        kind=profile.account_kind,
        number=profile.account_number,
        holder=profile.account_holder,
        bank_en=profile.bank_name_en,
        branch_en=profile.branch_name_en,
        holder_en=profile.account_holder_en,
    )


def bank_accounts(issued: Issued) -> tuple[BankAccount, ...]:
    """Where the money goes, as the document said."""
    return tuple(BankAccount(**account) for account in issued.issuer["bank_accounts"])


def tax_row_data(row: TaxRow) -> dict[str, Any]:
    """A subtotal as it is kept."""
    return {
        "category": row.category.value,
        "rate": str(row.rate),
        "net_yen": row.net_yen,
        "tax_yen": row.tax_yen,
        "gross_yen": row.gross_yen,
    }


def party(data: Mapping[str, Any]) -> PartySnapshot:
    """A kept party as a value; keys that this version does not know are left out."""
    known = {field.name for field in fields(PartySnapshot)}
    return PartySnapshot(**{name: value for name, value in data.items() if name in known})


def _shared(issued: Issued) -> dict[str, Any]:
    return {
        "language": Language(issued.language),
        "number": issued.number,
        "issued_on": issued.issued_on,
        "issuer": party(issued.issuer["party"]),
        "buyer": party(issued.buyer),
        "subject": issued.subject(issued.language),
        "supply": Period(issued.period_from, issued.period_to),
        "tax_rows": issued.subtotals,
        "purchase_order_number": issued.purchase_order,
        "notes": issued.notes,
    }


def _printed(template: str, data: Mapping[str, Any], *, timestamp: datetime) -> bytes:
    """The paper; raises Refused naming the characters that no font shows."""
    try:
        return render_pdf(template, data, timestamp=timestamp)
    except PdfError as error:
        if not error.missing:
            raise
        strange = " ".join(error.missing)
        raise Refused(
            _l("These characters cannot be printed on documents: %(characters)s", characters=strange)
        ) from error


def invoice_document(
    invoice: Invoice, lines: Iterable[InvoiceLine], replaces: Issued | None = None
) -> InvoiceDocument:
    """The invoice as values; it names the one in whose place it stands."""
    return InvoiceDocument(
        **_shared(invoice),
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
        replaces_number=replaces.number if replaces else "",
        replaces_issued_on=replaces.issued_on if replaces else None,
    )


def invoice_pdf(invoice: Invoice, lines: Iterable[InvoiceLine], replaces: Issued | None = None) -> bytes:
    """The invoice on paper; raises Refused when a character has no glyph."""
    document = invoice_document(invoice, lines, replaces)
    return _printed(
        "billing/invoice.typ", document.as_data(), timestamp=invoice.created_at.replace(microsecond=0)
    )


def _kept_lines(issued: Quote | Order | CreditNote | InvoiceRevision) -> tuple[DocumentLine, ...]:
    return tuple(
        DocumentLine(
            description=line[f"description_{issued.language}"],
            detail=line["detail"],
            quantity=line["quantity"],
            unit_price_yen=line["unit_price_yen"],
            category=TaxCategory(line["category"]),
        )
        for line in issued.lines
    )


def revision_document(revision: InvoiceRevision) -> InvoiceDocument:
    """The corrected invoice as values; it names the one that it replaces."""
    return InvoiceDocument(
        **_shared(revision),
        lines=_kept_lines(revision),
        due_on=revision.due_on,
        bank_accounts=bank_accounts(revision),
        transfer_reference=revision.number.rpartition("-")[0],
        replaces_number=revision.replaces_number,
        replaces_issued_on=revision.replaces_issued_on,
    )


def revision_pdf(revision: InvoiceRevision) -> bytes:
    """The corrected invoice on paper."""
    document = revision_document(revision)
    return _printed(
        "billing/invoice.typ", document.as_data(), timestamp=revision.created_at.replace(microsecond=0)
    )


def credit_note_document(note: CreditNote, invoice: Invoice | InvoiceRevision) -> CreditNoteDocument:
    """The credit note as values."""
    return CreditNoteDocument(
        **_shared(note),
        lines=_kept_lines(note),
        returned_on=note.returned_on,
        invoice_number=invoice.number,
        invoice_issued_on=invoice.issued_on,
        reason=note.reason,
    )


def credit_note_pdf(note: CreditNote, invoice: Invoice | InvoiceRevision) -> bytes:
    """The credit note on paper."""
    document = credit_note_document(note, invoice)
    return _printed(
        "billing/credit_note.typ", document.as_data(), timestamp=note.created_at.replace(microsecond=0)
    )


def quote_pdf(quote: Quote, payment_terms: str = "") -> bytes:
    """The quote on paper."""
    document = QuoteDocument(
        **_shared(quote),
        lines=_kept_lines(quote),
        valid_until=quote.valid_until,
        begins_on_approval=quote.begins_on_approval,
        payment_terms=payment_terms,
    )
    return _printed(
        "billing/quote.typ", document.as_data(), timestamp=quote.created_at.replace(microsecond=0)
    )


def order_pdf(order: Order, quote: Quote) -> bytes:
    """The order confirmation on paper; it names the quote."""
    document = OrderDocument(
        **_shared(order),
        lines=_kept_lines(order),
        ordered_on=order.ordered_on,
        quote_number=quote.number,
        quote_issued_on=quote.issued_on,
    )
    return _printed(
        "billing/order.typ", document.as_data(), timestamp=order.created_at.replace(microsecond=0)
    )


def receipt_pdf(receipt: Receipt, invoice_number: str, *, reissued_on: date | None = None) -> bytes:
    """The receipt on paper."""
    with in_language(receipt.language):
        method = str(METHOD_LABELS[receipt.method])
    document = ReceiptDocument(
        **_shared(receipt),
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
    return _printed(
        "billing/receipt.typ", document.as_data(), timestamp=receipt.created_at.replace(microsecond=0)
    )


def file_name(kind: str, issued: Issued) -> str:
    """What the file is called on the reader's disk: `請求書_INV-2026-000123.pdf`."""
    with in_language(issued.language):
        word = {
            "quote": _("quote"),
            "order": _("order confirmation"),
            "invoice": _("invoice"),
            "corrected_invoice": _("corrected invoice"),
            "receipt": _("receipt"),
            "credit_note": _("credit note"),
        }[kind]
    return f"{word}_{issued.number}.pdf"


def keep_pdf(content: bytes, *, name: str, organisation_id: int | None) -> StoredFile:
    """Store a document for good: the database refuses to change or delete it."""
    kept = StoredFile(
        name=name,
        media_type=PDF,
        size=len(content),
        sha256=hashlib.sha256(content).hexdigest(),
        confidentiality=Confidentiality.ORGANISATION if organisation_id else Confidentiality.RESTRICTED,
        organisation_id=organisation_id,
        created_at=clock.now(),
        is_kept=True,
        content=content,
    )
    db.session.add(kept)
    db.session.flush()
    return kept
