"""Archives that were asked for: what became of each, and the ZIP while it is kept."""

from __future__ import annotations

from flask import current_app, request
from werkzeug.wrappers import Response

from portal.billing.queries import register
from portal.billing.register import ARCHIVE_KEPT, ArchiveState
from portal.billing.services.archives import open_archive
from portal.billing.services.archives.pieces import stream_pieces
from portal.billing.staff.blueprint import blueprint, books
from portal.core.access import actor
from portal.core.clock import OFFICE_ZONE
from portal.core.db import db
from portal.core.pages import cursor_argument, page


@blueprint.get("/books/archives")
@books
def list_archives() -> Response:
    """Every archive that was asked for."""
    found = register.archives(cursor=cursor_argument())
    under_way = (ArchiveState.WAITING, ArchiveState.WORKING)
    return page(
        "staff/papers/list_archives.html",
        found=found,
        names=register.names_of(found.items),
        kept_days=ARCHIVE_KEPT.days,
        ready=ArchiveState.READY,
        cursor=request.args.get("after"),
        under_way=any(each.state in under_way for each in found.items),
    )


@blueprint.post("/books/archives/<id:archive_id>/download")
@books
def download_archive(archive_id: int) -> Response:
    """The ZIP, piece by piece; the trail remembers who took it along."""
    archive = register.find_archive(archive_id)
    open_archive(archive, by=actor())
    answer = current_app.response_class(
        stream_pieces(db.engine, archive.id, archive.attempt), mimetype="application/zip"
    )
    asked = archive.asked_at.astimezone(OFFICE_ZONE)
    answer.headers["Content-Length"] = str(archive.bytes)
    answer.headers["Content-Disposition"] = f'attachment; filename="papers-{asked:%Y%m%d-%H%M}.zip"'
    answer.headers["X-Content-Type-Options"] = "nosniff"
    return answer
