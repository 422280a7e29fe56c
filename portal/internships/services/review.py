"""The office reviews postings, and the calendar closes what was not published in time."""

from __future__ import annotations

from sqlalchemy import select

from portal.core import clock
from portal.core.access import Actor
from portal.core.db import db
from portal.core.errors import OutOfDate, Refused
from portal.core.i18n import _l
from portal.core.transaction import transaction
from portal.domain.internships.posting_flow import Mover, PostingState
from portal.domain.internships.timetable import WRITING
from portal.internships import mail
from portal.internships.models import InternshipPosting
from portal.internships.policy import may_review_posting, may_run_rounds
from portal.internships.queries.postings import open_postings
from portal.internships.services.moves import CHANGED, move_posting

NOT_YOURS = _l("You cannot review this posting: it is closed to your role, or you belong to the company.")
TOO_LATE = _l("This round takes no more postings: ranking has begun.")


def publish_posting(*, posting: InternshipPosting, version: int, by: Actor) -> None:
    """Students may see it from now on; the company is told. Raises Refused, OutOfDate."""
    _require(posting, by)
    now = clock.now()
    move_posting(
        posting, PostingState.PUBLISHED, Mover.OFFICE, by=by, version=version, published_at=now, reviewed_by_id=by.id, remark=""
    )  # fmt: skip
    mail.tell_company(posting)


def return_posting(*, posting: InternshipPosting, remark: str, version: int, by: Actor) -> None:
    """Back to the company to be corrected; what students see already is taken out of their sight meanwhile.

    Raises Refused at `remark`, OutOfDate.
    """
    if posting.state is not PostingState.PUBLISHED or not may_run_rounds(by):
        _require(posting, by)
    if posting.round.stage not in WRITING:
        raise OutOfDate(TOO_LATE)
    if not remark.strip():
        raise Refused(_l("Please say what has to be corrected."), field="remark")
    said = remark.strip()
    move_posting(
        posting, PostingState.RETURNED, Mover.OFFICE, by=by, version=version, note=said, remark=said, reviewed_by_id=by.id,
        published_at=None,
    )  # fmt: skip
    mail.tell_company(posting)


def lapse_postings() -> None:
    """What was not published when the lists of its round locked is closed, one transaction each; a second run finds nothing."""
    for posting_id in open_postings():
        with transaction():
            which = select(InternshipPosting).where(InternshipPosting.id == posting_id).with_for_update()
            posting = db.session.scalars(which).one()
            if posting.state.is_editable or posting.state is PostingState.SUBMITTED:
                move_posting(posting, PostingState.LAPSED, Mover.CALENDAR, by=None)
                mail.tell_company(posting)


def _require(posting: InternshipPosting, by: Actor) -> None:
    if posting.state is not PostingState.SUBMITTED:
        raise OutOfDate(CHANGED)
    if not may_review_posting(by, posting):
        raise Refused(NOT_YOURS)
    if posting.round.stage not in WRITING:
        raise OutOfDate(TOO_LATE)
