"""Between which days an internship may take place."""

from __future__ import annotations

from datetime import date

from sqlalchemy import func, select

from portal.core.db import db, written
from portal.domain.internships.interest_flow import ApprovalState
from portal.domain.placements.periods import Window
from portal.domain.placements.placement_flow import PlacementState
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


def agreed_elsewhere(placement: Placement) -> list[tuple[date, date]]:
    """First and last day of the student's other internships that are agreed upon or were begun.

    All of the student's placements are held until the end of the transaction: of two that are agreed upon at once the second
    sees the first.
    """
    mine = Placement.__table__.c
    first, last = func.coalesce(mine.started_on, mine.starts_on), func.coalesce(mine.last_on, mine.ends_on)
    begun = mine.state.not_in(written(PlacementState.PREPARING, PlacementState.CANCELLED))
    both_agreed = mine.student_agreed_at.is_not(None) & mine.company_agreed_at.is_not(None)
    binds = begun | (mine.state.in_(written(PlacementState.PREPARING)) & both_agreed)
    held = (
        select(mine.id, first, last, binds).where(mine.student_id == placement.student_id).order_by(mine.id)
    )
    rows = db.session.execute(held.with_for_update()).all()
    return [(row[1], row[2]) for row in rows if row[0] != placement.id and row[3] and row[1] and row[2]]
