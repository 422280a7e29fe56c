"""What the office has in its books: a paper of the register and an archive that is ready."""

from __future__ import annotations

from sqlalchemy import func, select

from portal.billing.models import KeptPaper
from portal.billing.queries.register import Wanted
from portal.billing.services.archives import ask_archive, make_archive
from portal.core.access import Actor
from portal.core.db import db
from portal.core.transaction import rollback, transaction
from tests.support.marks import Thing


def books_things(by: Actor) -> dict[str, Thing]:
    """Things that belong to no company."""
    paper_id = db.session.scalar(select(func.min(KeptPaper.id))) or 0
    with transaction():
        archive_id = ask_archive(wanted=Wanted(), with_pint=False, by=by).id
    make_archive(archive_id)
    rollback()
    return {"paper_id": paper_id, "archive_id": archive_id}
