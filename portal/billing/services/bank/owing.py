"""What deposits are compared with: open invoices, those who may pay them, and what was recorded by hand."""

from __future__ import annotations

from collections.abc import Collection
from datetime import date

from sqlalchemy import select

from portal.accounts.models import Organisation
from portal.billing.deposits import AliasKind
from portal.billing.models import Invoice, NumberSeries, PayerAlias, Receivable
from portal.billing.services.bank.by_hand import recorded_about
from portal.core.db import db
from portal.domain.numbering import DocumentKind
from portal.domain.reconciliation import Claim, OpenClaims, Payer


def open_claims(days: Collection[date] = ()) -> OpenClaims:
    """Everything that is owed now, and by whom; with what was recorded by hand about the days of the deposits in question."""
    connection = db.session.connection()
    owed = (
        select(
            Invoice.id,
            Invoice.number,
            Receivable.organisation_id,
            Receivable.outstanding_yen,
            Receivable.due_on,
            Invoice.issued_on,
        )
        .join(Receivable, Receivable.invoice_id == Invoice.id)
        .where(Receivable.outstanding_yen > 0)
    )
    claims = [Claim._make(row) for row in connection.execute(owed).all()]
    return OpenClaims(claims, _payers(), _last_numbers(), recorded_about(days))


def _last_numbers() -> dict[int, int]:
    """Of the invoices of each year; they are counted in the transaction that issues them, so all before were issued too."""
    counted = select(NumberSeries.fiscal_year, NumberSeries.last)
    rows = db.session.connection().execute(counted.where(NumberSeries.kind == DocumentKind.INVOICE))
    return {row.fiscal_year: row.last for row in rows}


def _payers() -> list[Payer]:
    """Everybody by the reading of the name and the English name, and by every name and code that was confirmed."""
    connection = db.session.connection()
    known: dict[int, dict[AliasKind, list[str]]] = {}
    remembered = select(PayerAlias.organisation_id, PayerAlias.kind, PayerAlias.key, PayerAlias.name)
    remembered = remembered.where(PayerAlias.forgotten_at.is_(None))
    for organisation_id, kind, key, name in connection.execute(remembered):
        said = name if kind is AliasKind.NAME else key
        known.setdefault(organisation_id, {}).setdefault(kind, []).append(said)
    names = connection.execute(select(Organisation.id, Organisation.name_kana, Organisation.name_en))
    return [
        Payer(
            id,
            kana,
            tuple(known.get(id, {}).get(AliasKind.NAME, ())),
            tuple(known.get(id, {}).get(AliasKind.CODE, ())),
            latin,
        )
        for id, kana, latin in names
    ]
