"""Between which days an internship may take place."""

from __future__ import annotations

from datetime import date

from sqlalchemy import select

from portal.core.db import db
from portal.domain.internships.interest_flow import ApprovalState
from portal.domain.placements.periods import Window
from portal.domain.placements.placement_flow import PlacementState, Side
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
    mine = select(Placement).where(Placement.student_id == placement.student_id).order_by(Placement.id)
    held = mine.with_for_update(of=Placement).execution_options(populate_existing=True)
    return [
        (other.first_day, other.last_day)
        for other in db.session.scalars(held)
        if other.id != placement.id and _binds(other) and other.first_day and other.last_day
    ]


def _binds(other: Placement) -> bool:
    """Whether the student is bound on its days."""
    if other.state is PlacementState.PREPARING:
        return other.agreed == {Side.STUDENT, Side.COMPANY}
    return other.state is not PlacementState.CANCELLED
