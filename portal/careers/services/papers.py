"""The CV and the summary of research: handed in, taken back, opened by the office."""

from __future__ import annotations

from sqlalchemy import update

from portal.accounts.limits import count_try
from portal.accounts.models import Person
from portal.audit.services import record
from portal.careers.enums import FILES, ProfileItem
from portal.careers.models import StudentProfile
from portal.careers.policy import may_support_careers
from portal.careers.queries.profiles import file_of, profile_of
from portal.careers.services.profiles import CHANGED, own_profile
from portal.core.access import Actor
from portal.core.conditional import change_one
from portal.core.db import db
from portal.core.errors import NotFound
from portal.core.i18n import _l
from portal.files.models import StoredFile
from portal.files.services import Upload, examine_upload, keep_upload

UPLOADS = "60 per hour"
MANY_FILES = _l("You have sent many files in a short time. Please go on in an hour.")


def add_paper(*, item: ProfileItem, storage: Upload | None, by: Actor) -> StoredFile:
    """Keep an uploaded file in the place of the one before, which is deleted. Raises Refused or TooOften at `file`.

    What takes time comes before the first lock: counting and judging commit what was done before.
    """
    count_try("upload", by.id, UPLOADS, message=MANY_FILES, field="file")
    upload = examine_upload(storage)
    profile = own_profile(by)
    kept = keep_upload(upload, by=by, organisation_id=None)
    _put(profile, item, kept.id)
    _note("profile.file_added", by.id, item, by)
    return kept


def remove_paper(*, item: ProfileItem, by: Actor) -> None:
    """Delete it. Nothing happens where there is none."""
    profile = own_profile(by)
    if getattr(profile, FILES[item]) is not None:
        _put(profile, item, None)
        _note("profile.file_removed", by.id, item, by)


def open_paper(*, student_id: int, item: ProfileItem, by: Actor) -> StoredFile:
    """For the office, which the trail remembers; raises NotFound."""
    found = file_of(profile_of(student_id), item) if may_support_careers(by) else None
    if found is None:
        raise NotFound
    _note("profile.file_opened", student_id, item, by)
    return found


def _put(profile: StudentProfile, item: ProfileItem, number: int | None) -> None:
    """The file of this number takes the place of the one that was read; the one before is deleted. Raises OutOfDate."""
    column = FILES[item]
    old = getattr(profile, column)
    stands = update(StudentProfile).where(
        StudentProfile.id == profile.id, getattr(StudentProfile, column).is_(None) if old is None
        else getattr(StudentProfile, column) == old,
    )  # fmt: skip
    change_one(profile, stands.values({column: number}), CHANGED)
    if old is not None:
        db.session.delete(db.session.get_one(StoredFile, old))
        db.session.flush()


def _note(verb: str, student_id: int, item: ProfileItem, by: Actor) -> None:
    record(verb=verb, subject=db.session.get_one(Person, student_id), by=by, changes={"item": item})
