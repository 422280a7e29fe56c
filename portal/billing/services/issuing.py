"""What every paper that is issued has: a number, the day, who issues it, and the file as it was printed."""

from __future__ import annotations

from datetime import date
from typing import Any

from portal.billing import documents
from portal.billing.models.issued import Issued
from portal.billing.queries.issuers import issuer_on
from portal.billing.services.numbers import next_number
from portal.core import clock
from portal.core.access import Actor
from portal.core.db import db
from portal.domain.numbering import DocumentKind

WORDS = ("language", "subject_ja", "subject_en", "period_from", "period_to", "buyer", "purchase_order")
SUMS = ("tax_rows", "net_yen", "tax_yen", "total_yen")


def numbered(kind: DocumentKind, on: date) -> dict[str, Any]:
    """The columns of the next number of a kind."""
    number = next_number(kind, on)
    return {
        "number": str(number),
        "series_year": number.fiscal_year,
        "series_sequence": number.sequence,
        "issued_on": on,
    }


def signed(by: Actor | int | None) -> dict[str, Any]:
    """The columns of who issues a paper, and when; None is the house itself."""
    return {"created_at": clock.now(), "issued_by_id": by.id if isinstance(by, Actor) else by}


def issuer_of(language: str, on: date, otherwise: Issued) -> dict[str, Any]:
    """The issuer of a day, in the language of the paper; without one, as on another paper."""
    profile = issuer_on(on)
    return documents.issuer_snapshot(profile, language) if profile else otherwise.issuer


def issuer_of_sale(language: str, on: date, sale: Issued) -> dict[str, Any]:
    """The issuer of a day on a paper that follows a sale: its address of today, registered as on the paper of the sale."""
    return as_registered(issuer_of(language, on, sale), sale)


def as_registered(issuer: dict[str, Any], sale: Issued) -> dict[str, Any]:
    """A return or a correction is of a qualified invoice exactly if the sale was one (消費税法 第57条の4 第1項, 第3項)."""
    number = sale.issuer["party"]["registration_number"]
    return issuer | {"party": issuer["party"] | {"registration_number": number}}


def same_as(issued: Issued, *names: str) -> dict[str, Any]:
    """Columns taken over from another paper."""
    return {name: getattr(issued, name) for name in names}


def keep(row: Any, content: bytes, kind: str) -> None:
    """Store the printed paper for good, and write its row."""
    name = documents.file_name(kind, row)
    file = documents.keep_pdf(content, name=name, organisation_id=row.organisation_id)
    row.file_id, row.file_sha256 = file.id, file.sha256
    db.session.add(row)
    db.session.flush()
