"""Take in what people upload."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

from portal.core import clock
from portal.core.access import Actor
from portal.core.db import db
from portal.core.errors import Refused
from portal.core.i18n import _l
from portal.core.transaction import outside_transaction
from portal.files.enums import Confidentiality
from portal.files.judging import judge
from portal.files.kinds import MOST_BYTES, FileKind, FileProblem, Inspected, Unfit
from portal.files.models import StoredFile

PROBLEMS = {
    FileProblem.EMPTY: _l("This file is empty. Please choose another."),
    FileProblem.TOO_LARGE: _l("This file is larger than 10 MB. Please choose a smaller one."),
    FileProblem.NOT_ALLOWED: _l(
        "Please choose a PDF, a picture (PNG, JPEG) or an Office file (docx, xlsx, pptx)."
    ),
    FileProblem.NOT_WHAT_IT_SAYS: _l(
        "The content of this file does not fit its name. Please save it again from its program."
    ),
    FileProblem.DAMAGED: _l("This file cannot be read. Please save it again from its program."),
    FileProblem.ENCRYPTED: _l("This file is protected by a password. Please save it without one."),
    FileProblem.ACTIVE_CONTENT: _l(
        "This file holds macros, scripts or other files inside. Please save it without them, as a PDF for instance."
    ),
    FileProblem.UNPACKS_TOO_LARGE: _l(
        "This file is too large once it is unpacked. Please choose a smaller one."
    ),
    FileProblem.TOO_INTRICATE: _l(
        "This file is built in too complicated a way to be checked. Please print it to a new PDF and choose that one."
    ),
    FileProblem.BUSY: _l("Many files are being checked just now. Please send this one again in a minute."),
}


class Upload(Protocol):
    """What a browser sent: the name it gave, and the bytes."""

    filename: str | None

    def read(self, size: int = -1, /) -> bytes: ...


@dataclass(frozen=True, slots=True)
class Examined:
    """An upload that may be kept: its bytes, the name people see, its kind."""

    content: bytes
    seen: Inspected


def examine_upload(
    storage: Upload | None, *, kinds: Sequence[FileKind] = tuple(FileKind), field: str = "file"
) -> Examined:
    """Read and judge an uploaded file of one of `kinds`. Raises Refused at `field`.

    Whether bytes and name agree is judged by the bytes; the kind that is kept is ours, never the browser's word. That
    takes time, so what was done before is committed and no lock is held meanwhile: examine first, then write.
    """
    if storage is None or not storage.filename:
        raise Refused(_l("Please choose a file."), field=field)
    with outside_transaction():
        content = storage.read(MOST_BYTES + 1)
        try:
            return Examined(content, judge(content, storage.filename, tuple(kinds)))
        except Unfit as unfit:
            raise Refused(PROBLEMS[unfit.problem], field=field) from unfit


def keep_upload(
    upload: Examined, *, by: Actor, organisation_id: int | None, is_kept: bool = False
) -> StoredFile:
    """Keep what was examined. Without an organisation the file is for those alone whom a feature names.

    `is_kept`: for good, the database refuses to change or delete it.
    """
    kept = StoredFile(
        name=upload.seen.name,
        media_type=upload.seen.kind.media_type,
        size=len(upload.content),
        sha256=hashlib.sha256(upload.content).hexdigest(),
        confidentiality=Confidentiality.ORGANISATION if organisation_id else Confidentiality.RESTRICTED,
        organisation_id=organisation_id,
        uploaded_by_id=by.id,
        created_at=clock.now(),
        is_kept=is_kept,
        content=upload.content,
    )
    db.session.add(kept)
    db.session.flush()
    return kept
