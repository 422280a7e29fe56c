"""Invoices that a deposit may pay."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from sqlalchemy import select

from portal.accounts.models import Organisation
from portal.billing.models import (
    Invoice,
    Receivable,
)
from portal.core.db import db


@dataclass(frozen=True, slots=True)
class Owed:
    """An invoice that a deposit may pay."""

    id: int
    number: str
    company_id: int
    company_ja: str
    company_en: str
    subject_ja: str
    subject_en: str
    open_yen: int
    due_on: Any
    written_off_yen: int

    def company(self, language: str) -> str:
        """The name for a reader of `language`."""
        return self.company_en if language == "en" and self.company_en else self.company_ja

    def subject(self, language: str) -> str:
        """What it is for."""
        return self.subject_en if language == "en" else self.subject_ja


def owed_invoices(ids: Iterable[int]) -> dict[int, Owed]:
    """What is owed on these invoices, by number of the row."""
    wanted = sorted(set(ids))
    return {row.id: row for row in _owed(Invoice.id.in_(wanted))} if wanted else {}


def owed_by_number(numbers: Iterable[str]) -> dict[str, Owed]:
    """What is owed on invoices of these numbers; unknown ones are left out."""
    return {row.number: row for row in _owed(Invoice.number.in_(sorted(set(numbers))))}


def _owed(condition: Any) -> list[Owed]:
    statement = (
        select(
            Invoice.id,
            Invoice.number,
            Organisation.id,
            Organisation.name_ja,
            Organisation.name_en,
            Invoice.subject_ja,
            Invoice.subject_en,
            Receivable.outstanding_yen,
            Receivable.due_on,
            Receivable.written_off_yen,
        )
        .join(Receivable, Receivable.invoice_id == Invoice.id)
        .join(Organisation, Organisation.id == Invoice.organisation_id)
        .where(condition)
    )
    rows: list[Any] = list(db.session.execute(statement.order_by(Invoice.id)))
    return [Owed(*row) for row in rows]
