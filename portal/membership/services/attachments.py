"""Files that go with an application."""

from __future__ import annotations

from sqlalchemy import func, select

from portal.accounts.limits import count_try
from portal.audit.enums import Audience
from portal.audit.services import record
from portal.core import clock
from portal.core.access import Actor
from portal.core.db import db
from portal.core.errors import OutOfDate, Refused
from portal.core.i18n import _, _l
from portal.files.models import StoredFile
from portal.files.services import Upload, examine_upload, keep_upload
from portal.membership.enums import AttachmentKind
from portal.membership.models import Application, Attachment
from portal.membership.services.drafts import lock_application

MOST_FILES = 10
UPLOADS = "60 per hour"
MANY_FILES = _l("You have sent many files in a short time. Please go on in an hour.")


def add_attachment(
    *, application: Application, storage: Upload | None, kind: AttachmentKind, by: Actor
) -> Attachment:
    """Keep an uploaded file with the application. Raises Refused or TooOften at `file`.

    What takes time comes before the first lock: counting and judging commit what was done before.
    """
    count_try("upload", by.id, UPLOADS, message=MANY_FILES, field="file")
    upload = examine_upload(storage)
    locked = lock_application(application)
    if not locked.state.is_editable:
        raise OutOfDate(_l("This application has been sent in; it can be changed only when it comes back."))
    mine = (Attachment.application_id == application.id, Attachment.removed_at.is_(None))
    if (db.session.scalar(select(func.count()).where(*mine)) or 0) >= MOST_FILES:
        raise Refused(_("Please attach no more than %(most)d files.", most=MOST_FILES), field="file")
    file = keep_upload(upload, by=by, organisation_id=locked.organisation_id)
    attachment = Attachment(
        application_id=application.id, file_id=file.id, kind=kind, added_by_id=by.id, added_at=clock.now()
    )
    db.session.add(attachment)
    db.session.flush()
    _record("application.file_added", application, file.name, by)
    return attachment


def remove_attachment(*, application: Application, attachment: Attachment, by: Actor) -> None:
    """Take a file off; revisions that had it keep it."""
    locked = lock_application(application)
    if not locked.state.is_editable:
        raise OutOfDate(_l("This application has been sent in; it can be changed only when it comes back."))
    if attachment.removed_at is None:
        attachment.removed_at = clock.now()
        db.session.flush()
        _record("application.file_removed", application, attachment.file.name, by)


def open_attachment(*, application: Application, attachment: Attachment, by: Actor) -> StoredFile:
    """The file for somebody of the office, which the trail remembers."""
    record(
        verb="application.file_opened",
        subject=application,
        organisation_id=application.organisation_id,
        by=by,
        changes={"file": attachment.file.name},
    )
    return attachment.file


def _record(verb: str, application: Application, name: str, by: Actor) -> None:
    record(
        verb=verb, subject=application, organisation_id=application.organisation_id, by=by,
        changes={"file": name}, audience=Audience.PARTY,
    )  # fmt: skip
