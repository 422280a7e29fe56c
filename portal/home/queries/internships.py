"""What of internships waits for the career-support office, round by round, and which rounds run."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, func, select

from portal.careers.models import Supervision
from portal.core import clock
from portal.core.db import db
from portal.domain.internships.interest_flow import ApprovalState, InterestState
from portal.domain.internships.posting_flow import PostingState
from portal.home.queries.office import Waiting
from portal.internships.models import Approval, Interest, InternshipPosting, InternshipRound, Question
from portal.internships.queries.questions import OFFICE_TURN
from portal.placements.queries.waiting import placements_waiting

MOST = 20  # rounds on a home


@dataclass(frozen=True, slots=True)
class InRound:
    """How much of one kind waits in a round, and since when."""

    round_id: int
    name_ja: str
    name_en: str
    count: int
    since: datetime

    @property
    def waiting(self) -> Waiting:
        return Waiting(self.count, self.since)


_NAMED = (InternshipRound.id, InternshipRound.name_ja, InternshipRound.name_en)


def postings_waiting() -> list[InRound]:
    """Postings to review."""
    mine = InternshipPosting
    return _by_round(
        select(*_NAMED, func.count(), func.min(mine.moved_at))
        .join(mine, mine.round_id == InternshipRound.id)
        .where(mine.state == PostingState.SUBMITTED)
    )


def unsupervised_students() -> list[InRound]:
    """Students whose interest waits for an approval that nobody can give."""
    guided = select(Supervision.student_id).where(Supervision.ended_at.is_(None))
    return _by_round(
        select(*_NAMED, func.count(Interest.student_id.distinct()), func.min(Interest.shown_at))
        .join(Interest, Interest.round_id == InternshipRound.id)
        .join(Approval, Approval.interest_id == Interest.id)
        .where(Interest.state == InterestState.SHOWN, Approval.state == ApprovalState.ASKED)
        .where(InternshipRound.locks_at > clock.now(), _STANDS)
        .where(Interest.student_id.not_in(guided))
    )


def runs_in_hand() -> list[InRound]:
    """Rounds whose lists are locked and for which no result is chosen."""
    return _by_round(
        select(*_NAMED, func.count(), func.min(InternshipRound.locks_at))
        .where(InternshipRound.chosen_at.is_(None), _STANDS)
        .where(InternshipRound.locks_at <= clock.now())
    )


def results_held_back() -> list[InRound]:
    """Rounds whose chosen result waits for the office's decision."""
    return _by_round(
        select(*_NAMED, func.count(), func.min(InternshipRound.withheld_at))
        .where(InternshipRound.withheld_at.is_not(None), _STANDS)
    )  # fmt: skip


def questions_in_hand() -> Waiting:
    """Questions and answers that the office has to forward, and since when the oldest waits."""
    counted = select(func.count(), func.min(Question.moved_at)).where(Question.state.in_(OFFICE_TURN))
    row = db.session.execute(counted).one()
    return Waiting(row[0], row[1])


def placements_in_hand() -> Waiting:
    """Internships that need the office."""
    count, since = placements_waiting()
    return Waiting(count, since)


def running_rounds() -> Sequence[InternshipRound]:
    """Those that are not over, the one that locks first on top."""
    statement = select(InternshipRound).where(_STANDS, InternshipRound.ends_at > clock.now())
    return db.session.scalars(statement.order_by(InternshipRound.locks_at).limit(MOST)).all()


_STANDS: ColumnElement[bool] = InternshipRound.cancelled_at.is_(None)


def _by_round(statement: Any) -> list[InRound]:
    rows = statement.group_by(*_NAMED).order_by(InternshipRound.id).limit(MOST)
    return [InRound(*row) for row in db.session.execute(rows)]
