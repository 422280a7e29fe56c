"""Numbers without gaps: the counter row moves inside the transaction that uses the number, and back with it."""

from __future__ import annotations

from datetime import date
from typing import Any

from sqlalchemy.dialects import postgresql, sqlite

from portal.billing.models import NumberSeries
from portal.core.db import db
from portal.domain.numbering import DocumentKind, DocumentNumber
from portal.domain.terms import FiscalYear


def next_number(kind: DocumentKind, on: date) -> DocumentNumber:
    """The next number of a kind in the fiscal year of `on`. Others who want one wait until this transaction ends."""
    year = FiscalYear.of(on).year
    dialect: Any = sqlite if db.engine.dialect.name == "sqlite" else postgresql
    first = dialect.insert(NumberSeries).values(kind=kind, fiscal_year=year, last=1)
    counted = first.on_conflict_do_update(
        index_elements=[NumberSeries.kind, NumberSeries.fiscal_year], set_={"last": NumberSeries.last + 1}
    )
    last = db.session.execute(counted.returning(NumberSeries.last)).scalar_one()
    return DocumentNumber(kind, year, last)
