"""One step of a posting, and its trail."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from sqlalchemy import update

from portal.audit.enums import Audience
from portal.audit.services import record
from portal.core import clock
from portal.core.access import Actor
from portal.core.conditional import change_one
from portal.core.errors import OutOfDate
from portal.core.i18n import _l
from portal.domain.internships.posting_flow import NEXT, Mover, PostingState, may_move
from portal.internships.models import InternshipPosting

CHANGED = _l("Somebody has changed this posting in the meantime. Please look at it again.")
NOT_NOW = _l("This posting can no longer be changed.")
NOT_YOURS = _l("Postings are written by the mentors and administrators of a company.")
VERBS = {
    PostingState.DRAFT: "posting.taken_back",
    PostingState.SUBMITTED: "posting.submitted",
    PostingState.RETURNED: "posting.returned",
    PostingState.PUBLISHED: "posting.published",
    PostingState.WITHDRAWN: "posting.withdrawn",
    PostingState.LAPSED: "posting.lapsed",
}


def move_posting(
    posting: InternshipPosting, new: PostingState, mover: Mover, *, by: Actor | None, version: int | None = None,
    note: str = "", **values: Any,
) -> None:  # fmt: skip
    """One step, if the posting still stands where it was seen. Raises OutOfDate."""
    old = posting.state
    if not may_move(old, new, mover):
        raise OutOfDate(NOT_NOW if not NEXT[old] else CHANGED)
    stands = update(InternshipPosting).where(
        InternshipPosting.id == posting.id, InternshipPosting.state == old,
        InternshipPosting.version == (posting.version if version is None else version),
    )  # fmt: skip
    values |= {"state": new, "moved_at": clock.now(), "version": InternshipPosting.version + 1}
    change_one(posting, stands.values(**values), CHANGED)
    note_posting(VERBS[new], posting, by, note=note)


def note_posting(
    verb: str, posting: InternshipPosting, by: Actor | None, *, note: str = "", changes: Mapping[str, Any] | None = None
) -> None:  # fmt: skip
    """Into the trail of the company."""
    record(
        verb=verb, subject=posting, organisation_id=posting.organisation_id, by=by, note=note, changes=changes,
        audience=Audience.PARTY,
    )  # fmt: skip
