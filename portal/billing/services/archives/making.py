"""The job that makes an archive: claim it, write it in pieces, read it again, say that it is ready."""

from __future__ import annotations

import io
from collections.abc import Iterator
from functools import partial
from typing import Any, BinaryIO, cast

from sqlalchemy import delete, select, update

from portal.accounts.models import Person
from portal.billing.models import ArchiveChunk, CreditNote, Invoice, InvoiceRevision, PaperArchive
from portal.billing.queries.invoices import any_invoice
from portal.billing.queries.register import Wanted, all_papers
from portal.billing.register import ArchiveState, PaperKind
from portal.billing.services import pint
from portal.billing.services.archives.pieces import PieceReader, PieceWriter
from portal.billing.services.archives.zipping import (
    DamagedPaperError,
    Member,
    member_name,
    verify_zip,
    write_zip,
)
from portal.core import clock
from portal.core.db import db
from portal.core.errors import Refused
from portal.core.i18n import in_language
from portal.core.transaction import rollback, transaction
from portal.files.models import StoredFile

UNDER_WAY = (ArchiveState.WAITING, ArchiveState.WORKING)


def make_archive(archive_id: int) -> None:
    """Make the archive; safe to run twice, and by two workers: the later one counts."""
    attempt = _claim(archive_id)
    if attempt is None:
        return
    archive = db.session.get_one(PaperArchive, archive_id)
    wanted, with_pint, language = Wanted.from_data(archive.wanted), archive.with_pint, _language(archive)
    try:
        with in_language(language):
            sha256, size = _write(archive_id, attempt, wanted, with_pint=with_pint)
    except DamagedPaperError as error:
        _end(archive_id, attempt, state=ArchiveState.FAILED, problem=str(error))
        return
    _end(archive_id, attempt, state=ArchiveState.READY, sha256=sha256, bytes=size, ready_at=clock.now())


def _claim(archive_id: int) -> int | None:
    with transaction() as session:
        claim = (
            update(PaperArchive)
            .where(PaperArchive.id == archive_id, PaperArchive.state.in_(UNDER_WAY))
            .values(state=ArchiveState.WORKING, attempt=PaperArchive.attempt + 1)
            .returning(PaperArchive.attempt)
        )
        return session.scalar(claim, execution_options={"synchronize_session": False})


def _end(archive_id: int, attempt: int, **values: Any) -> None:
    """Only the attempt that counts says how it ended; the pieces of all others go."""
    with transaction() as session:
        mine = (PaperArchive.id == archive_id, PaperArchive.attempt == attempt)
        ended = update(PaperArchive).where(*mine, PaperArchive.state == ArchiveState.WORKING).values(**values)
        done = session.execute(ended, execution_options={"synchronize_session": False})
        of_it = ArchiveChunk.archive_id == archive_id
        if done.rowcount != 1:  # type: ignore[attr-defined]
            session.execute(delete(ArchiveChunk).where(of_it, ArchiveChunk.attempt == attempt))
        elif values["state"] is ArchiveState.READY:
            session.execute(delete(ArchiveChunk).where(of_it, ArchiveChunk.attempt != attempt))
        else:
            session.execute(delete(ArchiveChunk).where(of_it))


def _language(archive: PaperArchive) -> str:
    person = db.session.get(Person, archive.asked_by_id) if archive.asked_by_id else None
    return person.language if person else "ja"


def _write(archive_id: int, attempt: int, wanted: Wanted, *, with_pint: bool) -> tuple[str, int]:
    writer = PieceWriter(archive_id, attempt)
    buffered = io.BufferedWriter(writer, 1 << 16)
    hashes = write_zip(cast(BinaryIO, buffered), members_of(wanted, with_pint=with_pint))
    buffered.flush()
    digest = writer.finish()
    rollback()
    verify_zip(
        cast(BinaryIO, io.BufferedReader(PieceReader(archive_id, attempt, writer.size), 1 << 16)), hashes
    )
    return digest, writer.size


def members_of(wanted: Wanted, *, with_pint: bool) -> Iterator[Member]:
    """The files of an archive, oldest first: every paper, and on wish invoices and credit notes as JP PINT beside theirs."""
    for place, row in enumerate(all_papers(wanted), start=1):
        kind = PaperKind(row.kind)
        name = member_name(place, row.transacted_on, row.number, row.name)
        yield Member(name, row.file_sha256, partial(_content, row.file_id), row, str(kind.label))
        if with_pint and (xml := _pint(row)):
            beside = member_name(place, row.transacted_on, row.number, "JP-PINT.xml")
            yield Member(beside, "", partial(bytes, xml), row, f"{kind.label} (JP PINT)")


def _content(file_id: int) -> bytes:
    content = db.session.scalar(select(StoredFile.content).where(StoredFile.id == file_id))
    return content or b""


def _pint(row: Any) -> bytes | None:
    """The paper as XML; None for what JP PINT has no document for, or cannot say."""
    try:
        if row.source_type == Invoice.__tablename__:
            invoice = any_invoice(row.source_id)
            return pint.version_pint(invoice, invoice)
        if row.source_type == InvoiceRevision.__tablename__:
            revision = db.session.get_one(InvoiceRevision, row.source_id)
            return pint.version_pint(revision, any_invoice(revision.invoice_id))
        if row.source_type == CreditNote.__tablename__:
            return pint.credit_note_pint(db.session.get_one(CreditNote, row.source_id))
    except Refused:
        return None
    return None
