"""Whole documents."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from decimal import Decimal

from portal.domain.documents import CreditNoteDocument, InvoiceDocument, PartySnapshot
from portal.domain.money import sum_yen
from portal.domain.pint import parts
from portal.domain.pint.values import (
    CORPORATE_NUMBER,
    INVOICE_TYPE,
    PROFILE,
    REGISTERED,
    UNREGISTERED,
    Identities,
    Unfit,
    is_registered,
    problems,
    seller_address,
)
from portal.domain.pint.xml import Element, document, group, leaf
from portal.domain.tax import Subtotal, TaxCategory

TAX_EQUIVALENT = "消費税等相当額"


def invoice_xml(invoice: InvoiceDocument, identities: Identities) -> bytes:
    """The invoice as UBL; a corrected one names the invoice that it replaces. Raises Unfit."""
    payable = [parts.account(each, invoice.transfer_reference) for each in invoice.bank_accounts]
    return _written(
        invoice,
        identities,
        due_on=invoice.due_on,
        before=_before(invoice.replaces_number, invoice.replaces_issued_on),
        means=payable[:1],
        note=invoice.notes,
        prepaid_yen=invoice.prepaid_yen,
    )


def credit_note_xml(note: CreditNoteDocument, identities: Identities) -> bytes:
    """The credit note as an invoice of negative quantities that names the invoice before. Raises Unfit."""
    return _written(
        note,
        identities,
        sign=-1,
        before=_before(note.invoice_number, note.invoice_issued_on),
        note=f"{note.returned_on.isoformat()} {note.reason} {note.notes}",
    )


def _written(
    paper: InvoiceDocument | CreditNoteDocument,
    identities: Identities,
    *,
    before: Element,
    note: str,
    sign: int = 1,
    due_on: date | None = None,
    means: list[Element] | None = None,
    prepaid_yen: int = 0,
) -> bytes:
    if lacking := problems(paper.issuer, identities, paper.tax_rows):
        raise Unfit(lacking)
    rows, lines = _stated(paper, sign)
    net = sign * sum_yen(row.net_yen for row in rows)
    gross = sign * sum_yen(row.gross_yen for row in rows)
    return document(
        leaf("CustomizationID", REGISTERED if is_registered(paper.issuer) else UNREGISTERED),
        leaf("ProfileID", PROFILE),
        leaf("ID", paper.number),
        leaf("IssueDate", paper.issued_on.isoformat()),
        leaf("DueDate", due_on.isoformat() if due_on else ""),
        leaf("InvoiceTypeCode", INVOICE_TYPE),
        leaf("Note", f"{paper.subject} {note}"),
        leaf("DocumentCurrencyCode", "JPY"),
        parts.period(paper.supply),
        group("OrderReference", leaf("ID", paper.purchase_order_number)),
        before,
        group("AccountingSupplierParty", _seller(paper.issuer, identities)),
        group("AccountingCustomerParty", _buyer(paper.buyer, identities)),
        *(means or ()),
        parts.tax_total(rows, sign),
        parts.totals(net, gross, prepaid_yen),
        *(parts.line(place, each) for place, each in enumerate(lines, start=1)),
    )


def _seller(issuer: PartySnapshot, identities: Identities) -> Element:
    number = issuer.registration_number if is_registered(issuer) else ""
    return parts.party(
        replace(issuer, registration_number=number), *seller_address(issuer, identities), identities.seller
    )


def _buyer(buyer: PartySnapshot, identities: Identities) -> Element:
    return parts.party(buyer, CORPORATE_NUMBER, identities.buyer, identities.buyer)


def _before(number: str, issued_on: date | None) -> Element:
    day = issued_on.isoformat() if issued_on else ""
    return group(
        "BillingReference", group("InvoiceDocumentReference", leaf("ID", number), leaf("IssueDate", day))
    )


def _stated(
    paper: InvoiceDocument | CreditNoteDocument, sign: int
) -> tuple[tuple[Subtotal, ...], tuple[parts.Line, ...]]:
    """Tax and lines as the profile allows: whoever is not registered states no tax, only what corresponds to it."""
    rates = {row.category: row.percent for row in paper.tax_rows}
    lines = parts.lines_of(paper.lines, rates, sign)
    if is_registered(paper.issuer):
        return paper.tax_rows, lines
    untaxed = TaxCategory.OUT_OF_SCOPE
    gross, tax = paper.total_yen, sum_yen(row.tax_yen for row in paper.tax_rows)
    plain = tuple(replace(each, category=untaxed, percent=0) for each in lines)
    if tax:
        plain += (parts.Line(TAX_EQUIVALENT, sign, tax, untaxed, 0),)
    return (Subtotal(untaxed, Decimal(0), gross, 0, gross),), plain
