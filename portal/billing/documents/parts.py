"""What all papers of billing share: issuer, buyer, lines, subtotals."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, fields
from typing import Any

from portal.billing.models import CreditNote, InvoiceRevision, IssuerProfile, Order, Quote
from portal.billing.models.issued import Issued
from portal.domain.documents import BankAccount, DocumentLine, Language, PartySnapshot, Period, TaxRow
from portal.domain.tax import TaxCategory


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


def shared(issued: Issued) -> dict[str, Any]:
    """What every paper says, from its row."""
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


def kept_lines(issued: Quote | Order | CreditNote | InvoiceRevision) -> tuple[DocumentLine, ...]:
    """The lines of a paper whose row keeps them."""
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
