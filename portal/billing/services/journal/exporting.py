"""Take entries out: the file is kept as it went, and each entry is known to have gone."""

from __future__ import annotations

import csv
import hashlib
import io

from sqlalchemy.exc import IntegrityError

from portal.audit.services import record
from portal.billing.models import JournalRun, JournalRunEntry
from portal.billing.queries.journal import told_before
from portal.billing.services.journal.planning import Asked, Plan, plan_journal
from portal.core import clock
from portal.core.access import Actor
from portal.core.bulk import insert_rows
from portal.core.db import db
from portal.core.errors import OutOfDate, Refused
from portal.core.exports import MEDIA_TYPES, FileFormat, csv_cell, table_file
from portal.core.i18n import _, _l
from portal.domain.journal import encode, fitted
from portal.files.enums import Confidentiality
from portal.files.models import StoredFile

AGAIN = _l("Somebody has taken out some of these entries in the meantime. Please look again.")


def export_journal(asked: Asked, *, by: Actor | None) -> JournalRun:
    """Make the file and remember what it holds. Raises Refused when something stands in the way, OutOfDate in a race."""
    plan = plan_journal(asked)
    if not plan.entries:
        raise Refused(_l("There is no entry that has not gone out yet in this time."), field="until")
    if not plan.is_fit:
        raise Refused(_l("This journal cannot go out yet. Please see what is missing."))
    file = _keep(file_of(plan, asked.kind), asked, by)
    run = JournalRun(
        mapping_id=plan.mapping.id,
        since=asked.since,
        until=asked.until,
        repeats=asked.repeats,
        entries=len(plan.entries),
        rows=len(plan.rows),
        debit_yen=plan.debit_yen,
        credit_yen=plan.credit_yen,
        file_id=file.id,
        file_sha256=file.sha256,
        created_at=clock.now(),
        created_by_id=by.id if by else None,
    )
    db.session.add(run)
    db.session.flush()
    _remember(run, [entry.id for entry in plan.entries])
    changes = {"since": asked.since, "until": asked.until, "entries": run.entries, "debit_yen": run.debit_yen}
    record(verb="journal.exported", subject=run, by=by, changes=changes | {"repeats": asked.repeats})
    return run


def _remember(run: JournalRun, entries: list[int]) -> None:
    told = told_before(entries)
    rows = [(run.id, entry_id, None if entry_id in told else entry_id) for entry_id in entries]
    try:
        with db.session.begin_nested():
            insert_rows(JournalRunEntry, ("run_id", "entry_id", "first_entry_id"), rows)
    except IntegrityError as error:
        raise OutOfDate(AGAIN) from error


def file_of(plan: Plan, kind: FileFormat) -> bytes:
    """The rows as a file. What looks like a formula to a spreadsheet is kept from being one."""
    titles = [column.title for column in plan.layout.columns]
    if kind is FileFormat.XLSX:
        return table_file(kind, title=_("Journal"), head=titles, rows=plan.rows)
    out = io.StringIO(newline="")
    writer = csv.writer(out, lineterminator="\r\n")
    if plan.layout.has_head:
        writer.writerow(titles)
    letters = (
        plan.layout.letters
    )  # fitted first: a dash of its own may become the minus that begins a formula
    fit = (
        [csv_cell(fitted(cell, letters) if isinstance(cell, str) else cell) for cell in row]
        for row in plan.rows
    )
    writer.writerows(fit)
    return encode(out.getvalue(), plan.layout.letters, plan.layout.strangers)


def _keep(content: bytes, asked: Asked, by: Actor | None) -> StoredFile:
    file = StoredFile(
        name=f"journal-{asked.since:%Y%m%d}-{asked.until:%Y%m%d}.{asked.kind.value}",
        media_type=MEDIA_TYPES[asked.kind],
        size=len(content),
        sha256=hashlib.sha256(content).hexdigest(),
        confidentiality=Confidentiality.RESTRICTED,
        uploaded_by_id=by.id if by else None,
        created_at=clock.now(),
        is_kept=True,
        content=content,
    )
    db.session.add(file)
    db.session.flush()
    return file


def open_run(run: JournalRun, *, by: Actor) -> StoredFile:
    """The file of a run, as it went out; the trail remembers who took it along."""
    record(verb="journal.opened", subject=run, by=by, changes={"sha256": run.file_sha256})
    return db.session.get_one(StoredFile, run.file_id)
