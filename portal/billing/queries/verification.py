"""Every issued document by itself: its sums, its paper, its number, and what the books say of it."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from typing import Any

from sqlalchemy import Select, case, func, select

from portal.billing.models import (
    CreditNote,
    Invoice,
    InvoiceLine,
    InvoiceRevision,
    JournalEntry,
    LedgerTransfer,
    NumberSeries,
    Order,
    Quote,
    Receipt,
    Receivable,
)
from portal.billing.queries.claims import claim_problems
from portal.billing.queries.deferrals import deferral_problems, entries_without_transfers
from portal.billing.queries.receipted import receipt_problems
from portal.core import clock
from portal.core.db import db
from portal.domain.ledger import Account
from portal.domain.numbering import DocumentKind
from portal.files.models import StoredFile

ISSUED: dict[DocumentKind, Any] = {
    DocumentKind.QUOTE: Quote,
    DocumentKind.ORDER: Order,
    DocumentKind.INVOICE: Invoice,
    DocumentKind.RECEIPT: Receipt,
    DocumentKind.CREDIT_NOTE: CreditNote,
}


def document_problems(as_of: date | None = None) -> list[str]:
    """In plain words what does not hold on a day (None: today); empty when all is well."""
    return [
        *_wrong_sums(),
        *_wrong_papers(),
        *_wrong_numbers(),
        *_wrong_claims(),
        *claim_problems(),
        *receipt_problems(),
        *deferral_problems(as_of or clock.today()),
        *(
            f"{source}: an entry in the books that moves nothing"
            for source in entries_without_transfers(earned=False)
        ),
    ]


def document_remarks() -> list[str]:
    """In plain words what is odd and cannot be mended, and does no harm."""
    return [
        f"{source}: moves nothing; the fee had been given back before its period began"
        for source in entries_without_transfers(earned=True)
    ]


PAPERS = (*ISSUED.values(), InvoiceRevision)


def _wrong_sums() -> Iterator[str]:
    lines = (
        select(InvoiceLine.invoice_id, func.sum(InvoiceLine.amount_yen).label("net")).group_by(
            InvoiceLine.invoice_id
        )
    ).subquery()
    statement = (
        select(Invoice.number, Invoice.net_yen, func.coalesce(lines.c.net, 0))
        .join(lines, lines.c.invoice_id == Invoice.id, isouter=True)
        .where(func.coalesce(lines.c.net, 0) != Invoice.net_yen)
    )
    for number, net, found in db.session.execute(statement):
        yield f"{number}: its lines add up to {found}, not {net}"
    for model in PAPERS:
        rows = select(model.number, model.net_yen, model.tax_yen, model.total_yen, model.tax_rows)
        for number, net, tax, total, by_rate in db.session.execute(rows.execution_options(yield_per=1000)):
            parts = [sum(row[name] for row in by_rate) for name in ("net_yen", "tax_yen", "gross_yen")]
            if parts != [net, tax, total] or net + tax != total:
                yield f"{number}: its amounts by rate do not add up to its totals"


def _wrong_papers() -> Iterator[str]:
    for model in PAPERS:
        statement = (
            select(model.number)
            .join(StoredFile, StoredFile.id == model.file_id)
            .where((StoredFile.sha256 != model.file_sha256) | ~StoredFile.is_kept)
        )
        for number in db.session.scalars(statement):
            yield f"{number}: the kept paper is not the one that was issued"


def _wrong_numbers() -> Iterator[str]:
    last = {(row.kind, row.fiscal_year): row.last for row in db.session.scalars(select(NumberSeries))}
    for kind, model in ISSUED.items():
        for year, count, least, most in db.session.execute(_numbers(model)):
            wanted = last.pop((kind, year), 0)
            if not (least == 1 and count == most == wanted):
                yield f"{kind.value}-{year}: {count} numbers from {least} to {most}, the counter says {wanted}"
    for (kind, year), given in last.items():
        if kind in ISSUED and given:
            yield f"{kind.value}-{year}: the counter says {given}, there is no document"


def _numbers(model: Any) -> Select[Any]:
    """Copies of a receipt carry its number and count once."""
    sequence = model.series_sequence
    return select(
        model.series_year, func.count(sequence.distinct()), func.min(sequence), func.max(sequence)
    ).group_by(model.series_year)


def _wrong_claims() -> Iterator[str]:
    moved = (
        select(
            JournalEntry.invoice_id,
            func.sum(
                case(
                    (LedgerTransfer.debit == Account.RECEIVABLE, LedgerTransfer.amount_yen),
                    (LedgerTransfer.credit == Account.RECEIVABLE, -LedgerTransfer.amount_yen),
                    else_=0,
                )
            ).label("yen"),
        )
        .join(LedgerTransfer, LedgerTransfer.entry_id == JournalEntry.id)
        .group_by(JournalEntry.invoice_id)
    ).subquery()
    booked = func.coalesce(moved.c.yen, 0)
    statement = (
        select(Invoice.number, Receivable.outstanding_yen, booked)
        .join(Receivable, Receivable.invoice_id == Invoice.id, isouter=True)
        .join(moved, moved.c.invoice_id == Invoice.id, isouter=True)
        .where(
            (func.coalesce(Receivable.outstanding_yen, -1) != booked)
            | (Receivable.total_yen != Invoice.total_yen)
        )
    )
    for number, owed, found in db.session.execute(statement):
        yield f"{number}: {owed} is owed, the books say {found}"
