"""Take in what people upload."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from typing import Protocol

from portal.core import clock
from portal.core.access import Actor
from portal.core.db import db
from portal.core.errors import Refused
from portal.core.i18n import _l
from portal.files.enums import Confidentiality
from portal.files.kinds import MOST_BYTES, FileKind, FileProblem, Unfit, inspect
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
}


class Upload(Protocol):
    """What a browser sent: the name it gave, and the bytes."""

    filename: str | None

    def read(self, size: int = -1, /) -> bytes: ...


def accept_upload(
    storage: Upload | None,
    *,
    kinds: Sequence[FileKind] = tuple(FileKind),
    by: Actor,
    organisation_id: int | None,
    field: str = "file",
) -> StoredFile:
    """Keep an uploaded file of one of `kinds`. Raises Refused at `field`.

    Whether bytes and name agree is judged by the bytes; the kind that is kept is ours, never the browser's word. Without an
    organisation the file is for those alone whom a feature names.
    """
    if storage is None or not storage.filename:
        raise Refused(_l("Please choose a file."), field=field)
    content = storage.read(MOST_BYTES + 1)
    try:
        seen = inspect(content, storage.filename, tuple(kinds))
    except Unfit as unfit:
        raise Refused(PROBLEMS[unfit.problem], field=field) from unfit
    kept = StoredFile(
        name=seen.name,
        media_type=seen.kind.media_type,
        size=len(content),
        sha256=hashlib.sha256(content).hexdigest(),
        confidentiality=Confidentiality.ORGANISATION if organisation_id else Confidentiality.RESTRICTED,
        organisation_id=organisation_id,
        uploaded_by_id=by.id,
        created_at=clock.now(),
        content=content,
    )
    db.session.add(kept)
    db.session.flush()
    return kept
