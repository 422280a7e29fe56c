"""What the office has in its books: a paper of the register, an archive that is ready, a journal that has gone out."""

from __future__ import annotations

from datetime import date

from sqlalchemy import func, select

from portal.billing.models import KeptPaper
from portal.billing.queries.register import Wanted
from portal.billing.services.archives import ask_archive, make_archive
from portal.billing.services.journal import Asked, export_journal, set_layout
from portal.core import clock
from portal.core.access import Actor
from portal.core.db import db
from portal.core.transaction import rollback, transaction
from portal.domain.journal import Preset, preset_layout
from tests.support.marks import Thing


def exports_things(by: Actor) -> dict[str, Thing]:
    """Things that belong to no company."""
    paper_id = db.session.scalar(select(func.min(KeptPaper.id))) or 0
    with transaction():
        archive_id = ask_archive(wanted=Wanted(), with_pint=False, by=by).id
    make_archive(archive_id)
    rollback()
    with transaction():
        set_layout(layout=preset_layout(Preset.SIDE_BY_SIDE), by=by)
        run_id = export_journal(Asked(date(2020, 1, 1), clock.today()), by=by).id
    return {"paper_id": paper_id, "archive_id": archive_id, "run_id": run_id}
