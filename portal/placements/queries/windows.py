"""Between which days an internship may take place."""

from __future__ import annotations

from sqlalchemy import select

from portal.core.db import db
from portal.domain.internships.interest_flow import ApprovalState
from portal.domain.placements.periods import Window
from portal.internships.models import Approval, Interest
from portal.placements.models import Placement


def window_of(placement: Placement) -> Window:
    """The posting's window and the supervisor's, where there is an approval with days."""
    approved = (
        select(Approval.from_on, Approval.until_on)
        .join(Interest, Interest.id == Approval.interest_id)
        .where(
            Interest.posting_id == placement.posting_id,
            Interest.student_id == placement.student_id,
            Approval.state == ApprovalState.APPROVED,
        )
    )
    found = db.session.execute(approved).one_or_none()
    first, last = found or (None, None)
    return Window(placement.posting.starts_from, placement.posting.ends_by, first, last)
