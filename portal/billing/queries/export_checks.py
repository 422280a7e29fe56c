"""What left the books and what can be found: the register of papers and the runs of the journal, held to their sources."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from sqlalchemy import func, or_, select

from portal.billing.models import (
    BankFile,
    JournalRun,
    JournalRunEntry,
    KeptPaper,
    LedgerTransfer,
    Order,
    Receipt,
)
from portal.billing.models.issued import Issued
from portal.billing.register import RECEIVED_ORDER
from portal.core.db import db
from portal.files.models import StoredFile

MOST_NAMED = 20


def export_problems() -> list[str]:
    """In plain words what does not hold; empty when all is well."""
    return [*_unregistered(), *_wrongly_registered(), *_strayed_files(), *_wrong_runs(), *_wrong_entries()]


def _numbered() -> list[Any]:
    """Every table of issued papers, whoever adds one."""
    return list(Issued.__subclasses__())


def _unregistered() -> Iterator[str]:
    for model in (*_numbered(), BankFile):
        known = select(KeptPaper.source_id).where(KeptPaper.source_type == model.__tablename__)
        named = model.name if model is BankFile else model.number
        for name in db.session.scalars(select(named).where(model.id.not_in(known)).limit(MOST_NAMED)):
            yield f"{name}: not in the register of papers"
    known = select(KeptPaper.source_id).where(
        KeptPaper.source_type == RECEIVED_ORDER, KeptPaper.file_id == Order.received_file_id
    )
    came = select(Order.number).where(Order.received_file_id.is_not(None), Order.id.not_in(known))
    for name in db.session.scalars(came.limit(MOST_NAMED)):
        yield f"{name}: the order as it came is not in the register of papers"


def _wrongly_registered() -> Iterator[str]:
    for model in _numbered():
        amount = model.received_yen if model is Receipt else model.total_yen
        statement = (
            select(KeptPaper.number)
            .join(model, model.id == KeptPaper.source_id, isouter=True)
            .where(KeptPaper.source_type == model.__tablename__)
            .where(
                or_(
                    model.id.is_(None),
                    KeptPaper.number != model.number,
                    KeptPaper.amount_yen != amount,
                    KeptPaper.transacted_on != model.issued_on,
                    KeptPaper.file_id != model.file_id,
                    KeptPaper.file_sha256 != model.file_sha256,
                    func.coalesce(KeptPaper.organisation_id, 0) != func.coalesce(model.organisation_id, 0),
                )
            )
        )
        for number in db.session.scalars(statement):
            yield f"{number}: the register says something else than the paper"


def _strayed_files() -> Iterator[str]:
    for model, named in ((KeptPaper, KeptPaper.number), (JournalRun, JournalRun.id)):
        statement = (
            select(named)
            .select_from(model)
            .join(StoredFile, StoredFile.id == model.file_id, isouter=True)
            .where(or_(StoredFile.id.is_(None), StoredFile.sha256 != model.file_sha256, ~StoredFile.is_kept))
        )
        for name in db.session.scalars(statement):
            what = "journal run " if model is JournalRun else ""
            yield f"{what}{name}: the kept file is not the one that was registered"


def _wrong_runs() -> Iterator[str]:
    counts = (
        select(JournalRunEntry.run_id, func.count().label("entries")).group_by(JournalRunEntry.run_id)
    ).subquery()
    moved = (
        select(JournalRunEntry.run_id, func.sum(LedgerTransfer.amount_yen).label("yen"))
        .join(LedgerTransfer, LedgerTransfer.entry_id == JournalRunEntry.entry_id)
        .group_by(JournalRunEntry.run_id)
    ).subquery()
    entries, yen = func.coalesce(counts.c.entries, 0), func.coalesce(moved.c.yen, 0)
    statement = (
        select(JournalRun.id, JournalRun.entries, entries, JournalRun.debit_yen, yen)
        .join(counts, counts.c.run_id == JournalRun.id, isouter=True)
        .join(moved, moved.c.run_id == JournalRun.id, isouter=True)
        .where(or_(JournalRun.entries != entries, JournalRun.debit_yen != yen))
    )
    for run, said, found, debit, booked in db.session.execute(statement):
        yield f"journal run {run}: {said} entries over {debit} went out, the books have {found} over {booked}"


def _wrong_entries() -> Iterator[str]:
    first = func.sum(func.coalesce(JournalRunEntry.first_entry_id / JournalRunEntry.entry_id, 0))
    statement = select(JournalRunEntry.entry_id).group_by(JournalRunEntry.entry_id).having(first != 1)
    for entry in db.session.scalars(statement.limit(MOST_NAMED)):
        yield f"journal entry {entry}: did not go out for the first time exactly once"
