"""What of internships waits for the career-support office."""

from __future__ import annotations

from sqlalchemy import func, select

from portal.core.db import ask, written
from portal.domain.internships.posting_flow import PostingState
from portal.home.queries.office import Waiting
from portal.internships.models import InternshipPosting

_postings = InternshipPosting.__table__.c
_SENT_IN = select(func.count(), func.min(_postings.moved_at)).where(
    _postings.state.in_(written(PostingState.SUBMITTED))
)


def postings_waiting() -> Waiting:
    """Postings to review, and since when the oldest waits."""
    ((count, since),) = ask(_SENT_IN)
    return Waiting(count, since)
