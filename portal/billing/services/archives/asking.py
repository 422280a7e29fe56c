"""Ask for an archive, open papers and archives, delete what is old. Each leaves its entry in the trail."""

from __future__ import annotations

from sqlalchemy import delete, func, select, update

from portal.audit.services import record
from portal.billing.models import ArchiveChunk, KeptPaper, PaperArchive
from portal.billing.queries.register import Wanted, sum_of_papers
from portal.billing.register import (
    ARCHIVE_KEPT,
    MOST_ARCHIVE_BYTES,
    MOST_PAPERS,
    MOST_WAITING,
    ArchiveState,
)
from portal.core import clock
from portal.core.access import Actor
from portal.core.db import db
from portal.core.errors import NotFound, OutOfDate, Refused
from portal.core.i18n import _l
from portal.core.transaction import transaction
from portal.files.models import StoredFile
from portal.jobs.services import enqueue

UNDER_WAY = (ArchiveState.WAITING, ArchiveState.WORKING)


def ask_archive(*, wanted: Wanted, with_pint: bool, by: Actor) -> PaperArchive:
    """Have a ZIP of everything made that fits. Raises Refused when nothing fits, or too much."""
    papers, size, _yen = sum_of_papers(wanted)
    _refuse_sizes(papers, size)
    waiting = select(func.count()).where(PaperArchive.state.in_(UNDER_WAY))
    if (db.session.scalar(waiting) or 0) >= MOST_WAITING:
        raise Refused(_l("Other archives are still being made. Please try again in some minutes."))
    archive = PaperArchive(
        wanted=wanted.as_data(), with_pint=with_pint, papers=papers, asked_at=clock.now(), asked_by_id=by.id
    )
    db.session.add(archive)
    db.session.flush()
    record(verb="archive.asked", subject=archive, by=by, changes=wanted.as_data() | {"papers": papers})
    enqueue("billing.make_archive", archive_id=archive.id)
    return archive


def _refuse_sizes(papers: int, size: int) -> None:
    if not papers:
        raise Refused(_l("Nothing fits, so there is nothing to put into an archive."))
    if papers > MOST_PAPERS:
        raise Refused(
            _l(
                "%(papers)s papers fit; one archive holds at most %(most)s. Please choose a shorter time.",
                papers=f"{papers:,}",
                most=f"{MOST_PAPERS:,}",
            )
        )
    if size > MOST_ARCHIVE_BYTES:
        raise Refused(
            _l(
                "What fits has %(size)s MB; one archive holds at most %(most)s. Please choose a shorter time.",
                size=f"{-(-size // 1_000_000):,}",
                most=f"{MOST_ARCHIVE_BYTES // 1_000_000:,}",
            )
        )


def open_archive(archive: PaperArchive, *, by: Actor) -> None:
    """Note that somebody takes an archive along. Raises OutOfDate when it is not there (any more)."""
    if archive.state is not ArchiveState.READY:
        raise OutOfDate(_l("This archive is not there (any more). Please ask for a new one."))
    record(verb="archive.opened", subject=archive, by=by, changes={"sha256": archive.sha256})


def open_paper(file_id: int, *, by: Actor) -> StoredFile:
    """The kept file of a paper for somebody of the office, which the trail remembers. The caller found the paper."""
    file = db.session.get_one(StoredFile, file_id)
    paper = db.session.scalars(select(KeptPaper).where(KeptPaper.file_id == file_id).limit(1)).first()
    record(
        verb="paper.opened",
        subject=paper or file,
        organisation_id=paper.organisation_id if paper else file.organisation_id,
        by=by,
        changes={"number": paper.number if paper else file.name},
    )
    return file


def drop_old_archives() -> None:
    """Delete the bytes of archives that have been kept long enough; that they were asked for stays."""
    ready = select(PaperArchive.id).where(
        PaperArchive.state == ArchiveState.READY, PaperArchive.ready_at < clock.now() - ARCHIVE_KEPT
    )
    for archive_id in db.session.scalars(ready).all():
        drop_archive(archive_id)


def drop_archive(archive_id: int) -> None:
    """Delete the bytes of one archive. Raises NotFound when it is not ready."""
    with transaction() as session:
        gone = (
            update(PaperArchive)
            .where(PaperArchive.id == archive_id, PaperArchive.state == ArchiveState.READY)
            .values(state=ArchiveState.GONE, gone_at=clock.now())
        )
        if session.execute(gone).rowcount != 1:  # type: ignore[attr-defined]
            raise NotFound
        session.execute(delete(ArchiveChunk).where(ArchiveChunk.archive_id == archive_id))
